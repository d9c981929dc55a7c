package lamina.cli.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.cli.option.Arguments;
import lamina.cli.option.CommonOptions;
import lamina.cli.option.NetworkArgument;
import lamina.cli.option.UsageException;
import lamina.cli.process.ExitCode;
import lamina.cli.process.Io;
import lamina.cli.process.Terminal;
import lamina.layer.Compatibility;
import lamina.network.Network;
import lamina.network.NetworkAnalysis;
import lamina.network.NetworkAnalyzer;
import lamina.network.Solver;
import lamina.report.Format;
import lamina.report.LayerList;
import lamina.report.NetworkDocument;
import lamina.report.NetworkText;
import lamina.tensor.Layout;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code lamina shape}: output dimensions, parameters, MACs and receptive field of networks. */
public final class ShapeCommand implements Command {
  /** Formats that hold the table of the layers alone, without what is said about it. */
  private static final List<Format> ONLY_LAYERS = List.of(Format.CSV, Format.TSV, Format.NPY);

  private static final List<String> COMPATIBLE = Arrays.asList("torch", "tf", "onnx", "caffe");

  @Override
  public void define(CommandSpec spec) {
    spec.addPositional(
        CommonOptions.positionals(
            "NET",
            "0..*",
            "layers such as 'Conv2d(3, 96, 11, stride=4)', a file of them (also print(model), a"
                + " graph of torch.fx behind it, JSON, Keras), an ONNX model, or - for standard"
                + " input (default)"));
    spec.addOption(
        CommonOptions.value(
                "SHAPE",
                "shape of the input, e.g. 3x224x224 or Bx3xHxW; its first axis is the batch where"
                    + " no layer tells how many axes a sample has, as in PyTorch",
                "--input")
            .build());
    spec.addOption(
        CommonOptions.value("LAYOUT", "order of the input's axes, e.g. hwc or nhwc", "--layout")
            .build());
    spec.addOption(CommonOptions.flag("show the formulas with their numbers", "--explain").build());
    spec.addOption(
        CommonOptions.choice(
                "ARGUMENT",
                Solver.ARGUMENTS,
                "find the values of padding, stride, kernel_size or output_padding that give"
                    + " --target",
                "--solve")
            .build());
    spec.addOption(
        CommonOptions.value("SHAPE", "the output that --solve is to reach", "--target").build());
    spec.addOption(
        CommonOptions.choice(
                "RULES", COMPATIBLE, "whose rules: torch (default), tf, onnx or caffe", "--compat")
            .build());
    spec.addOption(
        CommonOptions.choice(
                "TYPE",
                CommonOptions.DTYPES,
                "type for memory: float32 (default) or float64",
                "--dtype")
            .build());
    spec.addOption(
        CommonOptions.flag(
                "print all layers and functions with their arguments and what they do",
                "--list-layers")
            .build());
    CommonOptions.addOutput(
        spec,
        ShapePicture.FORMATS,
        "text, json, jsonl, csv, tsv, npy, latex or markdown; default: text on a terminal, else"
            + " json (or LAMINA_FORMAT); pictures: svg, dot (Graphviz) or mermaid (for README"
            + " files)");
    CommonOptions.addExpectedShape(spec);
    Command.examples(
        spec,
        "  lamina shape 'Conv2d(3, 96, 11, stride=4)' \\",
        "      --input 224x224x3 --layout hwc --explain",
        "  lamina shape --input 3xHxW 'Conv2d(_, 64, 7, 2, 3)' 'ReLU()'",
        "  python3 -c 'import torchvision; print(torchvision.models.alexnet())' |",
        "      lamina shape --input 3x224x224",
        "  lamina shape --input 3x32x32 'Conv2d(3, 8, 3)' \\",
        "      --solve padding --target 8x32x32",
        "  lamina shape --input 3x32x32 'Conv2d(3, 8, 3), ReLU()' -o net.svg");
  }

  @Override
  public int run(Arguments arguments, Io io) throws IOException {
    if (arguments.has("--list-layers")) {
      return list(arguments, io);
    }
    Layout layout = arguments.has("--layout") ? Layout.parse(arguments.text("--layout")) : null;
    Network network = Network.join(networks(arguments, io));
    Shape input = input(arguments, network, layout);
    if (arguments.has("--solve") != arguments.has("--target")) {
      throw new UsageException("--solve and --target go together");
    }
    String picture = ShapePicture.kind(arguments);
    if (picture != null) {
      NetworkAnalysis report = NetworkAnalyzer.of(network, input);
      ShapePicture.write(picture, report, layout, arguments, io);
      tellDoubts(report, arguments, io);
      remark(report, arguments, io);
      return compare(report, layout, arguments, io);
    }
    try (Output output = new Output(arguments, io, false)) {
      if (arguments.has("--solve")) {
        String argument = arguments.choice("--solve", null, Solver.ARGUMENTS);
        Shape target = Shape.parse(arguments.text("--target"));
        if (layout != null && target.rank() == layout.rank()) {
          target = layout.toCanonical(target);
        }
        output.write(SolutionDocument.of(Solver.solve(network, input, argument, target)));
        output.commit();
        return ExitCode.OK;
      }
      NetworkAnalysis report = NetworkAnalyzer.of(network, input);
      write(report, layout, arguments, output);
      output.commit();
      tellDoubts(report, arguments, io);
      if (!showsGaps(output.format(), arguments.text("--member"))) {
        remark(report, arguments, io);
      }
      return compare(report, layout, arguments, io);
    }
  }

  private static int list(Arguments arguments, Io io) throws IOException {
    if (!arguments.positionals().isEmpty()) {
      throw new UsageException("--list-layers takes no NET");
    }
    if (ShapePicture.kind(arguments) != null) {
      throw new UsageException("--list-layers draws no picture; write a text, .json or .csv");
    }
    try (Output output = new Output(arguments, io, false)) {
      Format format = output.format();
      if (format == Format.TEXT && !arguments.has("--member")) {
        output.write(LayerList.text(Terminal.width(io)));
      } else {
        output.write(LayerList.document(format != Format.JSON && format != Format.JSONL));
      }
      output.commit();
    }
    return ExitCode.OK;
  }

  private static void write(
      NetworkAnalysis report, Layout layout, Arguments arguments, Output output)
      throws IOException {
    String dtype = arguments.choice("--dtype", "float32", CommonOptions.DTYPES);
    int bytes = dtype.equals("float32") ? 4 : 8;
    boolean explain = arguments.has("--explain");
    Format format = output.format();
    if (format == Format.TEXT && !arguments.has("--member")) {
      output.write(new NetworkText(layout, bytes, dtype, output.columns()).of(report, explain));
    } else {
      boolean flat = format != Format.JSON && format != Format.JSONL;
      output.write(new NetworkDocument(layout, bytes, explain, flat).of(report));
    }
  }

  /** Whether what is written says itself that it is partial. */
  private static boolean showsGaps(Format format, String member) {
    return member == null
        ? !ONLY_LAYERS.contains(format)
        : List.of("partial", "gaps", "notes").contains(member);
  }

  /** Says on stderr what the file says that does not go with what was found. */
  private static void tellDoubts(NetworkAnalysis report, Arguments arguments, Io io) {
    if (!arguments.has("--quiet")) {
      report.doubts().forEach(doubt -> io.tell(arguments.command() + ": " + doubt));
    }
  }

  /** Says on stderr what makes the numbers partial or doubtful, where they stand alone. */
  private static void remark(NetworkAnalysis report, Arguments arguments, Io io) {
    if (arguments.has("--quiet")) {
      return;
    }
    List<String> gaps = report.gaps();
    if (report.isPartial()) {
      String more = gaps.size() == 1 ? "" : "; and " + (gaps.size() - 1) + " more (-f text)";
      io.tell(arguments.command() + ": partial: " + gaps.get(0) + more);
    } else if (report.batchReading() != null) {
      io.tell(arguments.command() + ": " + report.batchReading());
    }
  }

  private static int compare(NetworkAnalysis report, Layout layout, Arguments arguments, Io io) {
    String given = arguments.text("--expect-shape");
    if (given == null) {
      return ExitCode.OK;
    }
    Shape expected = Shape.parse(given);
    Shape canonical =
        layout != null && expected.rank() == layout.rank()
            ? layout.toCanonical(expected)
            : expected;
    if (canonical.equals(report.output())) {
      return ExitCode.OK;
    }
    if (!arguments.has("--quiet")) {
      io.tell(
          arguments.command()
              + ": the output is "
              + NetworkText.shape(report.output(), layout)
              + " but "
              + NetworkText.shape(expected, null)
              + " was expected");
    }
    return ExitCode.CHECK_FAILED;
  }

  private static Shape input(Arguments arguments, Network network, Layout layout) {
    String given = arguments.text("--input");
    Shape shape = given == null ? network.input() : Shape.parse(given);
    if (shape == null) {
      throw new UsageException(
          "the shape of the input is missing: add --input SHAPE", "e.g. --input 3x224x224");
    }
    Shape sample = network.sample();
    if (network.channelsLast() && sample != null && shape.rank() >= sample.rank()) {
      Dim channels = shape.dim(-1);
      if (channels.isNumber() && sample.dim(-1).isNumber() && !channels.equals(sample.dim(-1))) {
        throw new InputException(
            "--input %s has %s channels, the last axis, but the Keras model has %s: %s"
                .formatted(shape, channels, sample.dim(-1), sample));
      }
    }
    if (layout == null) {
      return shape;
    }
    if (network.channelsLast()) {
      throw new UsageException(
          "--layout does not go with a Keras model, whose shapes are channels-last already");
    }
    layout.check(shape, "the input");
    return layout.toCanonical(shape);
  }

  /**
   * Puts a text that only joins modules, as a graph of torch.fx does, behind that of the modules.
   */
  private static void joinFlows(List<String> given, Io io) throws IOException {
    for (int i = given.size() - 1; i > 0; i--) {
      String flow = textOf(given.get(i), io);
      String modules =
          flow != null && Network.needsModules(flow) ? textOf(given.get(i - 1), io) : null;
      if (modules != null) {
        given.set(i - 1, modules + "\n" + flow);
        given.remove(i);
      }
    }
  }

  /** The text that an argument is or names; null for standard input and for models. */
  private static String textOf(String net, Io io) throws IOException {
    if (net.equals("-") || NetworkArgument.isModelFile(io.directory(), net)) {
      return null;
    }
    return NetworkArgument.isText(net)
        ? net
        : NetworkArgument.readFile(io.directory().resolve(net), net);
  }

  private static List<Network> networks(Arguments arguments, Io io) throws IOException {
    List<String> given = new ArrayList<>(arguments.positionals());
    if (given.isEmpty()) {
      given.add("-");
    }
    Compatibility compatibility =
        switch (arguments.choice("--compat", "torch", COMPATIBLE)) {
          case "tf" -> Compatibility.TENSORFLOW;
          case "onnx" -> Compatibility.ONNX;
          case "caffe" -> Compatibility.CAFFE;
          default -> Compatibility.TORCH;
        };
    List<Network> networks = new ArrayList<>();
    boolean standardInput = false;
    joinFlows(given, io);
    for (int i = 0; i < given.size(); i++) {
      String net = given.get(i);
      if (net.equals("-")) {
        if (standardInput) {
          throw new UsageException("standard input can be read only once");
        }
        if (io.inIsTerminal()) {
          throw new UsageException("NET is missing", arguments.usage());
        }
        standardInput = true;
        byte[] bytes = io.in().readAllBytes();
        networks.add(NetworkArgument.read(bytes, "standard input", compatibility));
      } else if (NetworkArgument.isText(net)) {
        String source = given.size() == 1 ? "NET" : "NET " + (i + 1);
        networks.add(Network.parse(net, source, compatibility));
      } else {
        networks.add(NetworkArgument.readFile(io.directory(), net, compatibility));
      }
    }
    return networks;
  }
}
