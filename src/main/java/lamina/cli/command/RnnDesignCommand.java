package lamina.cli.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import lamina.cli.option.Arguments;
import lamina.cli.option.OutputOptions;
import lamina.cli.option.RnnDesignOptions;
import lamina.cli.option.Suggestions;
import lamina.cli.option.UsageException;
import lamina.cli.process.ExitCode;
import lamina.cli.process.Io;
import lamina.cli.process.Notes;
import lamina.layer.recurrent.RecurrentTask;
import lamina.layer.recurrent.RecurrentTopology;
import lamina.layer.recurrent.TaskWording;
import lamina.report.Document;
import lamina.report.TopologyDocument;
import picocli.CommandLine.Model.CommandSpec;

/** {@code lamina rnn design}: names the topology that a task needs, and why. */
public final class RnnDesignCommand implements Command {
  private static final int MOST_CANDIDATES = 6;
  private static final String LIST_HINT = "'lamina rnn design --list' prints all tasks";

  private final RnnDesignOptions options = new RnnDesignOptions();
  private final OutputOptions outputOptions = OutputOptions.ofSentences();

  @Override
  public void define(CommandSpec spec) {
    Arguments.define(
        spec,
        "TASK",
        "0..*",
        "in any usual words, such as 'image captioning'",
        () -> RecurrentTask.all().stream().map(RecurrentTask::name).iterator());
    options.addTo(spec);
    outputOptions.addTo(spec);
    Command.examples(
        spec,
        "  The topology, the reason and a network for a task:",
        "    lamina rnn design 'sentiment analysis'",
        "  By reasoning: a sequence in, a sequence out, not step by step:",
        "    lamina rnn design --input many --output many");
  }

  @Override
  public int run(Arguments arguments, Io io) throws IOException {
    Document document = document(String.join(" ", arguments.positionals()));
    Notes notes = new Notes(io, arguments.command(), false);
    try (Output output = new Output(outputOptions, notes, false)) {
      output.wrap();
      output.write(document);
      output.commit();
    }
    return ExitCode.OK;
  }

  private Document document(String task) {
    String input = options.input();
    String output = options.output();
    boolean aligned = options.isAligned();
    boolean counted = input != null || output != null || aligned;
    if ((task.isEmpty() ? 0 : 1) + (counted ? 1 : 0) + (options.isList() ? 1 : 0) > 1) {
      throw new UsageException("TASK, --list, and --input with --output exclude each other");
    }
    List<RecurrentTask> tasks = RecurrentTask.all();
    if (options.isList()) {
      return TopologyDocument.list(tasks);
    }
    if (!task.isEmpty()) {
      RecurrentTopology topology = RecurrentTopology.ofName(task);
      return topology != null
          ? TopologyDocument.of(topology, tasks)
          : TopologyDocument.of(find(tasks, task), task);
    }
    if (input == null || output == null) {
      throw new UsageException(
          "a TASK is needed, or --input one|many with --output one|many", LIST_HINT);
    }
    if (aligned && (input.equals("one") || output.equals("one"))) {
      throw new UsageException("--aligned goes with --input many --output many");
    }
    return TopologyDocument.of(
        RecurrentTopology.of(input.equals("many"), output.equals("many"), aligned), tasks);
  }

  private static TaskWording.Match find(List<RecurrentTask> tasks, String asked) {
    List<TaskWording.Match> matches = TaskWording.matches(tasks, asked);
    if (matches.size() == 1) {
      return matches.get(0);
    }
    if (!matches.isEmpty()) {
      throw new UsageException(
          "'" + asked + "' may be " + candidates(matches) + "; name one of them");
    }
    List<String> known = new ArrayList<>();
    for (RecurrentTask task : tasks) {
      known.addAll(task.names());
    }
    throw new UsageException(
        "no task '" + asked + "' is known",
        Suggestions.didYouMean(
            asked, known, LIST_HINT + "; or reason with --input, --output and --aligned"));
  }

  private static String candidates(List<TaskWording.Match> matches) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < matches.size() && i < MOST_CANDIDATES; i++) {
      text.append(i == 0 ? "'" : " or '").append(matches.get(i).task().name()).append('\'');
    }
    int others = matches.size() - MOST_CANDIDATES;
    return others > 0 ? text + " or one of " + others + " others" : text.toString();
  }
}
