package lamina.cli.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.cli.option.Arguments;
import lamina.cli.option.CommonOptions;
import lamina.cli.option.Suggestions;
import lamina.cli.option.UsageException;
import lamina.cli.process.ExitCode;
import lamina.cli.process.Io;
import lamina.layer.recurrent.RecurrentTask;
import lamina.layer.recurrent.RecurrentTopology;
import lamina.layer.recurrent.TaskWording;
import lamina.report.Document;
import picocli.CommandLine.Model.CommandSpec;

/** {@code lamina rnn design}: names the topology that a task needs, and why. */
public final class RnnDesignCommand implements Command {
  private static final List<String> COUNTS = Arrays.asList("one", "many");
  private static final int MOST_CANDIDATES = 6;
  private static final String LIST_HINT = "'lamina rnn design --list' prints all tasks";

  @Override
  public void define(CommandSpec spec) {
    spec.addPositional(
        CommonOptions.positionals("TASK", "0..*", "in any usual words, such as 'image captioning'")
            .toBuilder()
            .completionCandidates(
                () -> RecurrentTask.all().stream().map(RecurrentTask::name).iterator())
            .build());
    spec.addOption(
        CommonOptions.choice("COUNT", COUNTS, "without a TASK: one input, or many steps", "--input")
            .build());
    spec.addOption(
        CommonOptions.choice(
                "COUNT", COUNTS, "without a TASK: one output, or many steps", "--output")
            .build());
    spec.addOption(
        CommonOptions.flag("each step of the input has its own output", "--aligned").build());
    spec.addOption(CommonOptions.flag("print all tasks", "--list").build());
    spec.addOption(
        CommonOptions.choice(
                "FORMAT",
                Arrays.asList("text", "json"),
                "text or json; default: text on a terminal, else json (or LAMINA_FORMAT)",
                "-f",
                "--format")
            .build());
    spec.addOption(
        CommonOptions.value("FILE", "write to FILE, in the format of its extension", "-o").build());
    Command.examples(
        spec,
        "  The topology, the reason and a network for a task:",
        "    lamina rnn design 'sentiment analysis'",
        "  By reasoning: a sequence in, a sequence out, not step by step:",
        "    lamina rnn design --input many --output many");
  }

  @Override
  public int run(Arguments arguments, Io io) throws IOException {
    Document document = document(arguments);
    try (Output output = new Output(arguments, io, false, "-o")) {
      output.wrap();
      output.write(document);
      output.commit();
    }
    return ExitCode.OK;
  }

  private static Document document(Arguments arguments) {
    String task = String.join(" ", arguments.positionals());
    String input = arguments.choice("--input", null, COUNTS);
    String output = arguments.choice("--output", null, COUNTS);
    boolean counted = input != null || output != null || arguments.has("--aligned");
    if ((task.isEmpty() ? 0 : 1) + (counted ? 1 : 0) + (arguments.has("--list") ? 1 : 0) > 1) {
      throw new UsageException("TASK, --list, and --input with --output exclude each other");
    }
    List<RecurrentTask> tasks = RecurrentTask.all();
    if (arguments.has("--list")) {
      return list(tasks);
    }
    if (!task.isEmpty()) {
      RecurrentTopology topology = RecurrentTopology.ofName(task);
      return topology != null ? describe(topology, tasks) : describe(find(tasks, task), task);
    }
    if (input == null || output == null) {
      throw new UsageException(
          "a TASK is needed, or --input one|many with --output one|many", LIST_HINT);
    }
    boolean aligned = arguments.has("--aligned");
    if (aligned && (input.equals("one") || output.equals("one"))) {
      throw new UsageException("--aligned goes with --input many --output many");
    }
    return describe(
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

  private static Document list(List<RecurrentTask> tasks) {
    List<Document> rows = new ArrayList<>();
    for (RecurrentTask task : tasks) {
      rows.add(
          new Document()
              .put("task", task.name())
              .put("topology", task.topology().label())
              .put("input", task.input())
              .put("output", task.output()));
    }
    return new Document().put("tasks", rows);
  }

  private static Document describe(TaskWording.Match match, String asked) {
    RecurrentTask task = match.task();
    Document document = new Document().put("task", task.name());
    if (!match.exact()) {
      document.put("asked", asked).put("matched", match.name());
    }
    putTopology(task.topology(), document);
    document
        .put("why", task.why())
        .put("input", task.input())
        .put("output", task.output())
        .put("diagram", task.topology().diagram())
        .put("network", String.join("\n", task.network()))
        .put("input_shape", task.inputShape());
    if (task.decoder() != null) {
      document
          .put("decoder", String.join("\n", task.decoder()))
          .put("decoder_input_shape", task.decoderInputShape());
    }
    if (task.note() != null) {
      document.put("note", task.note());
    }
    return document;
  }

  private static Document describe(RecurrentTopology topology, List<RecurrentTask> tasks) {
    List<String> examples = new ArrayList<>();
    for (RecurrentTask task : tasks) {
      if (task.topology() == topology) {
        examples.add(task.name());
      }
    }
    Document document = new Document();
    putTopology(topology, document);
    return document
        .put("why", topology.why())
        .put("diagram", topology.diagram())
        .put("network", String.join("\n", topology.network()))
        .put("tasks", examples);
  }

  private static void putTopology(RecurrentTopology topology, Document document) {
    document.put("topology", topology.label());
    // Textbooks name the encoder-decoder by its sequences alone.
    if (topology == RecurrentTopology.ENCODER_DECODER) {
      document.put("pattern", RecurrentTopology.MANY_TO_MANY.label());
    }
  }
}
