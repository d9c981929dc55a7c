package lamina.cli.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.cli.Command;
import lamina.cli.Help;
import lamina.cli.Io;
import lamina.cli.Output;
import lamina.cli.Program;
import lamina.cli.Suggestions;
import lamina.cli.UsageException;
import lamina.cli.option.Arguments;
import lamina.cli.option.CommonOptions;
import lamina.layer.recurrent.RecurrentTask;
import lamina.layer.recurrent.RecurrentTopology;
import lamina.report.Document;
import picocli.CommandLine.Model.CommandSpec;

/** {@code lamina rnn design}: names the topology that a task needs, and why. */
public final class RnnDesignCommand implements Command {
  private static final List<String> COUNTS = Arrays.asList("one", "many");
  private static final String LIST_HINT = "'lamina rnn design --list' prints all tasks";

  @Override
  public void define(CommandSpec spec) {
    spec.addPositional(
        CommonOptions.positionals("TASK", "0..*", "such as 'image captioning' or translation"));
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
    Help.examples(
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
      output.write(document);
      output.commit();
    }
    return Program.OK;
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
      return describe(find(tasks, task));
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

  private static RecurrentTask find(List<RecurrentTask> tasks, String name) {
    RecurrentTask task = RecurrentTask.find(tasks, name);
    if (task == null) {
      List<RecurrentTask> meant = RecurrentTask.meant(tasks, name);
      if (meant.size() == 1) {
        return meant.get(0);
      }
      if (!meant.isEmpty()) {
        List<String> names = new ArrayList<>();
        for (RecurrentTask each : meant) {
          names.add("'" + each.name() + "'");
        }
        throw new UsageException(
            "'" + name + "' may be " + String.join(" or ", names) + "; name one of them");
      }
      List<String> known = new ArrayList<>();
      for (RecurrentTask each : tasks) {
        known.addAll(each.names());
      }
      throw new UsageException(
          "no task '" + name + "' is known",
          Suggestions.didYouMean(
              name, known, LIST_HINT + "; or reason with --input, --output and --aligned"));
    }
    return task;
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

  private static Document describe(RecurrentTask task) {
    Document document =
        new Document().put("task", task.name()).put("topology", task.topology().label());
    // Textbooks name the encoder-decoder by its sequences alone.
    if (task.topology() == RecurrentTopology.ENCODER_DECODER) {
      document.put("pattern", "many-to-many");
    }
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
    return new Document()
        .put("topology", topology.label())
        .put("why", topology.why())
        .put("diagram", topology.diagram())
        .put("network", String.join("\n", topology.network()))
        .put("tasks", examples);
  }
}
