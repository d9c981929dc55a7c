package lamina.cli.command;

import java.io.IOException;
import lamina.cli.option.Arguments;
import lamina.cli.option.ExpectedShapeOptions;
import lamina.cli.option.NetworkArguments;
import lamina.cli.option.OutputOptions;
import lamina.cli.option.ShapeOptions;
import lamina.cli.option.UsageException;
import lamina.cli.process.ExitCode;
import lamina.cli.process.Io;
import lamina.cli.process.Notes;
import lamina.cli.process.Terminal;
import lamina.network.Network;
import lamina.network.NetworkAnalyzer;
import lamina.network.Solver;
import lamina.report.LayerList;
import lamina.report.SolutionDocument;
import lamina.tensor.Layout;
import lamina.tensor.Shape;
import picocli.CommandLine.Model.CommandSpec;

/** {@code lamina shape}: output dimensions, parameters, MACs and receptive field of networks. */
public final class ShapeCommand implements Command {
  private final ShapeOptions options = new ShapeOptions();
  private final OutputOptions outputOptions = ShapePicture.outputOptions();
  private final ExpectedShapeOptions expected = new ExpectedShapeOptions();

  @Override
  public void define(CommandSpec spec) {
    Arguments.define(
        spec,
        "NET",
        "0..*",
        "layers such as 'Conv2d(3, 96, 11, stride=4)', a file of them (also print(model), a"
            + " graph of torch.fx behind it, JSON, Keras), an ONNX model, or - for standard"
            + " input (default)");
    options.addTo(spec);
    outputOptions.addTo(spec);
    expected.addTo(spec);
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
    Notes notes = new Notes(io, arguments.command(), expected.isQuiet());
    if (options.isList()) {
      return list(arguments, notes);
    }
    Layout layout = options.layout();
    Network read = new NetworkArguments(arguments, options.compatibility(), io).read();
    Network network = options.inputs().of(read);
    Shape input = options.input(network, layout);
    boolean isSolve = options.isSolve();
    ShapePicture picture = ShapePicture.of(outputOptions, options.besidePictures());
    if (picture != null) {
      ShapeResult result = new ShapeResult(NetworkAnalyzer.of(network, input), layout, notes);
      picture.write(result.analysis(), layout, notes);
      result.remark(true);
      return result.compare(expected.shape());
    }
    try (Output output = new Output(outputOptions, notes, false)) {
      if (isSolve) {
        Shape target = options.target(layout);
        output.write(SolutionDocument.of(Solver.solve(network, input, options.solved(), target)));
        output.commit();
        return ExitCode.OK;
      }
      ShapeResult result = new ShapeResult(NetworkAnalyzer.of(network, input), layout, notes);
      result.write(output, options.dtype(), options.isExplained());
      output.commit();
      result.remark(!ShapeResult.saysItself(output.format(), outputOptions.member()));
      return result.compare(expected.shape());
    }
  }

  private int list(Arguments arguments, Notes notes) throws IOException {
    if (!arguments.positionals().isEmpty()) {
      throw new UsageException("--list-layers takes no NET");
    }
    if (ShapePicture.of(outputOptions, options.besidePictures()) != null) {
      throw new UsageException("--list-layers draws no picture; write a text, .json or .csv");
    }
    try (Output output = new Output(outputOptions, notes, false)) {
      if (output.isWholeText()) {
        output.write(LayerList.text(Terminal.width(notes.io())));
      } else {
        output.write(LayerList.document(ShapeResult.isFlat(output.format())));
      }
      output.commit();
    }
    return ExitCode.OK;
  }
}
