package lamina.cli.option;

import java.util.Arrays;
import java.util.List;
import lamina.layer.Compatibility;
import lamina.network.Network;
import lamina.network.Solver;
import lamina.tensor.DType;
import lamina.tensor.Layout;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/** What {@code lamina shape} reckons. */
public final class ShapeOptions extends OptionGroup {
  private final RepeatedOption input =
      repeated(
          "SHAPE",
          "shape of the input, e.g. 3x224x224 or Bx3xHxW; its first axis is the batch where"
              + " no layer tells how many axes a sample has, as in PyTorch; once for each input,"
              + " in order or as NAME=SHAPE",
          "--input");

  private final TextOption layout =
      text("LAYOUT", "order of the input's axes, e.g. hwc or nhwc", "--layout");

  private final FlagOption explain = flag("show the formulas with their numbers", "--explain");

  private final ChoiceOption solve =
      choice(
          "ARGUMENT",
          Solver.ARGUMENTS,
          null,
          "find the values of padding, stride, kernel_size or output_padding that give --target",
          "--solve");

  private final TextOption target =
      text("SHAPE", "the output that --solve is to reach", "--target");

  private final ChoiceOption compat =
      choice(
          "RULES",
          Arrays.asList("torch", "tf", "onnx", "caffe"),
          "torch",
          "whose rules: torch (default), tf, onnx or caffe",
          "--compat");

  private final ChoiceOption dtype =
      choice(
          "TYPE",
          TensorOptions.DTYPES,
          DType.FLOAT32.label(),
          "type for memory: float32 (default) or float64",
          "--dtype");

  private final FlagOption listLayers =
      noAnswer(
          flag(
              "print all layers and functions with their arguments and what they do",
              "--list-layers"),
          "which lists layers and gives no answer");

  /** The order of the input's axes, or null. */
  public Layout layout() {
    return layout.isGiven() ? Layout.parse(layout.text()) : null;
  }

  /** Whether formulas are shown. */
  public boolean isExplained() {
    return explain.isGiven();
  }

  /**
   * Whether an argument is to be solved for.
   *
   * @throws UsageException if it has no target
   */
  public boolean isSolve() {
    if (solve.isGiven() != target.isGiven()) {
      throw new UsageException("--solve and --target go together");
    }
    return solve.isGiven();
  }

  /** The argument to solve for. */
  public String solved() {
    return solve.word();
  }

  /** The output that is to be reached, channels first. */
  public Shape target(Layout order) {
    return canonical(Shape.parse(target.text()), order);
  }

  /** A shape as typed in an order of axes, channels first. */
  public static Shape canonical(Shape shape, Layout order) {
    return order != null && shape.rank() == order.rank() ? order.toCanonical(shape) : shape;
  }

  /** Whose rules hold. */
  public Compatibility compatibility() {
    return switch (compat.word()) {
      case "tf" -> Compatibility.TENSORFLOW;
      case "onnx" -> Compatibility.ONNX;
      case "caffe" -> Compatibility.CAFFE;
      default -> Compatibility.TORCH;
    };
  }

  /** The type whose memory is reckoned. */
  public DType dtype() {
    return DType.of(dtype.word());
  }

  /** Whether all layers are to be listed. */
  public boolean isList() {
    return listLayers.isGiven();
  }

  /** The options of results that are no picture. */
  public List<Option> besidePictures() {
    return List.of(explain, solve);
  }

  /** The shapes of all inputs. */
  public ShapeInputs inputs() {
    return new ShapeInputs(input.texts());
  }

  /**
   * The shape of the input, channels first: as typed, or as the network says.
   *
   * @throws UsageException if it is missing, or the order of its axes is known already
   */
  public Shape input(Network network, Layout order) {
    Shape given = inputs().first(network);
    Shape shape = given == null ? network.input() : given;
    if (shape == null) {
      throw new UsageException(
          "the shape of the input is missing: add --input SHAPE", "e.g. --input 3x224x224");
    }
    Shape sample = network.sample();
    boolean hasChannels = sample != null && sample.rank() > 0;
    if (network.channelsLast() && hasChannels && shape.rank() >= sample.rank()) {
      Dim channels = shape.dim(-1);
      if (channels.isNumber() && sample.dim(-1).isNumber() && !channels.equals(sample.dim(-1))) {
        throw new InputException(
            "--input %s has %s channels, the last axis, but the Keras model has %s: %s"
                .formatted(shape, channels, sample.dim(-1), sample));
      }
    }
    if (order == null) {
      return shape;
    }
    if (network.channelsLast()) {
      throw new UsageException(
          "--layout does not go with a Keras model, whose shapes are channels-last already");
    }
    order.check(shape, "the input");
    return order.toCanonical(shape);
  }
}
