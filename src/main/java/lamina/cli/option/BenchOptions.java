package lamina.cli.option;

import lamina.network.Network;
import lamina.tensor.Shape;

/** What {@code lamina bench} times. */
public final class BenchOptions extends OptionGroup {
  private final RepeatedOption input =
      repeated(
          "SHAPE",
          "shape of one sample, e.g. 3x224x224; once for each input of a network that takes"
              + " several, in its order or as NAME=SHAPE",
          "--input");

  private final FlagOption backward =
      flag("time the gradients of all parameters too", "--backward");

  private final TextOption batch = text("N,...", "batch sizes to time; default 1", "--batch");

  private final NumberOption minTime =
      number("SECONDS", "how long to measure each batch size at least; default 1", "--min-time");

  /** The shapes of the inputs as typed. */
  public ShapeInputs inputs() {
    return new ShapeInputs(input.texts());
  }

  /** Whether gradients are timed too. */
  public boolean isBackward() {
    return backward.isGiven();
  }

  /** The batch sizes, each at least 1. */
  public int[] batches() {
    int[] batches = Sizes.parse(batch.name(), batch.text("1"));
    for (int size : batches) {
      if (size < 1) {
        throw new UsageException("--batch takes numbers from 1 on, not '" + size + "'");
      }
    }
    return batches;
  }

  /** How long to measure each batch size at least. */
  public double seconds() {
    double seconds = minTime.value(1);
    if (seconds <= 0) {
      throw new UsageException("--min-time takes a number above 0, not '" + seconds + "'");
    }
    return seconds;
  }

  /** The shape of one sample, as typed or as the network says. */
  public int[] sample(Network network) {
    Shape said = network.sample() == null ? network.input() : network.sample();
    Shape given = inputs().shapes(network).get(0);
    Shape shape = given == null ? said : given;
    if (shape == null) {
      throw new UsageException(
          "the shape of the input is missing: add --input SHAPE", "e.g. --input 3x224x224");
    }
    if (!shape.isNumber()) {
      throw new UsageException("--input takes numbers here, not '" + shape + "'");
    }
    return shape.sizes();
  }
}
