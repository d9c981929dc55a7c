package lamina.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import lamina.layer.Compatibility;
import lamina.layer.Layer.Expectation;
import lamina.layer.WindowLayer;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;

/** What would make a layer fit that does not: the end of a message. */
final class Advice {
  /** By how much an input may be larger or smaller that is named as one that would fit. */
  private static final int FACTOR = 2;

  /** How many sizes are tried at most. */
  private static final int MOST = 256;

  private final Misfit misfit;
  private final Network network;
  private final Shape input;

  private Advice(Misfit misfit, Network network, Shape input) {
    this.misfit = misfit;
    this.network = network;
    this.input = input;
  }

  /** The advice with what parts it from the message before; nothing if there is none. */
  static String of(Misfit misfit, Network network, Shape input) {
    String advice = misfit.expected == null ? "" : new Advice(misfit, network, input).advice();
    String unknown =
        misfit.isChainAssumed && advice.isEmpty()
            ? "forward() does something before it that is not known"
            : advice;
    return unknown.isEmpty() ? "" : "; " + unknown;
  }

  private String advice() {
    Expectation expected = misfit.expected;
    if (!expected.size().isNumber() || !isNumbers(input)) {
      return "";
    }
    boolean isImage = input.rank() > 2 || (input.rank() == 2 && expected.unit().equals("channels"));
    boolean isOfInput = Collections.indexOfSubList(input.dims(), misfit.given.dims()) >= 0;
    if (expected.unit().equals("channels")
        && isImage
        && isOfInput
        && input.dim(-1).equals(expected.size())) {
      return channelsFirst();
    }
    if (!expected.unit().equals("features")) {
      return "";
    }
    Dim elements = misfit.given.elements();
    boolean isMap = misfit.given.rank() > 1 && spatialAxes() > 0;
    if (isMap && elements.equals(expected.size())) {
      return "put a Flatten() before it";
    }
    String inForward = misfit.isChainAssumed ? forwardsAdvice() : "";
    if (!inForward.isEmpty()) {
      return inForward;
    }
    if (isMap && !misfit.isChainAssumed) {
      return "put a Flatten() before it, which gives " + elements;
    }
    Shape fitting = fittingInput();
    return fitting == null ? "" : "an input of " + fitting + " would fit";
  }

  /** Only some commands have a layout; a layer that moves the channels serves all. */
  private String channelsFirst() {
    int axes = Math.min(3, Math.max(1, spatialAxes()));
    int channels = input.rank() - 1;
    boolean isBatch = channels > axes;
    String layout = (isBatch ? "n" : "") + (axes == 1 ? "l" : "dhw".substring(3 - axes)) + "c";
    String order = isBatch ? "0, " + channels : "" + channels;
    for (int axis = isBatch ? 1 : 0; axis < channels; axis++) {
      order += ", " + axis;
    }
    return "if the channels come last, put Permute("
        + order
        + ") before it (shape: --layout "
        + layout
        + ")";
  }

  /** What forward() may do between the layers that a print shows. */
  private String forwardsAdvice() {
    Shape given = misfit.given;
    if (given.rank() > 1 && given.dim(0).equals(misfit.expected.size())) {
      return "forward() may take the average over all positions before it: then it fits";
    }
    for (int size = 2; size <= 4; size++) {
      if (NetworkAnalyzer.fits(withPools(size, null), input)) {
        return "with a pool of " + size + " after each convolution, as forward() may have, it fits";
      }
    }
    for (int size = 2; size <= 4; size++) {
      if (NetworkAnalyzer.fits(withPools(size, misfit.layer), input)) {
        return "with one more pool of " + size + " before it, as forward() may have, it fits";
      }
    }
    return "";
  }

  /**
   * The network with pools after each convolution, or before one layer.
   *
   * @param layer the path of that layer, or null
   */
  private Network withPools(int size, String layer) {
    return new Network(withPools(network.root(), "", size, layer), null, network.channelsLast());
  }

  private Node.Container withPools(Node.Container container, String path, int size, String layer) {
    List<Node> parts = new ArrayList<>();
    for (Node part : container.parts()) {
      String name = path.isEmpty() ? part.name() : path + "." + part.name();
      if (part instanceof Node.Container inner) {
        parts.add(withPools(inner, name, size, layer));
        continue;
      }
      Node.Leaf leaf = (Node.Leaf) part;
      boolean isConvolution =
          leaf.layer() instanceof WindowLayer && !leaf.layer().parameters().isEmpty();
      if (name.equals(layer)) {
        parts.add(pool(size, leaf));
      }
      parts.add(leaf);
      if (layer == null && isConvolution) {
        parts.add(pool(size, leaf));
      }
    }
    return new Node.Container(
        container.name(), container.type(), container.sequential(), parts, container.inputs());
  }

  /** A pool beside a layer: over as many axes as the maps have before the misfit. */
  private Node pool(int size, Node.Leaf leaf) {
    int axes = Math.max(1, Math.min(3, misfit.given.rank() - 1));
    String text = "MaxPool" + axes + "d(" + size + ")";
    Node pool = Network.parse(text, "NET", Compatibility.TORCH).root().parts().get(0);
    return pool.named(leaf.name() + "_pool", null);
  }

  /** The square input nearest to the given one that fits all layers; null if there is none. */
  private Shape fittingInput() {
    int axes = spatialAxes();
    if (axes == 0) {
      return null;
    }
    long size = input.dim(-1).value();
    for (long distance = 0; distance <= size && distance < MOST; distance++) {
      for (long candidate : new long[] {size - distance, size + distance}) {
        if (candidate * FACTOR < size || candidate > size * FACTOR) {
          continue;
        }
        Shape square = input;
        for (int axis = 1; axis <= axes; axis++) {
          square = square.with(-axis, Dim.of(candidate));
        }
        if (NetworkAnalyzer.fits(network, square)) {
          return square;
        }
      }
    }
    return null;
  }

  /** The spatial axes of the first layer that has some. */
  private int spatialAxes() {
    for (Node.Leaf leaf : network.leaves()) {
      if (leaf.layer() instanceof WindowLayer window) {
        return window.window().rank() < input.rank() ? window.window().rank() : 0;
      }
    }
    return 0;
  }

  private static boolean isNumbers(Shape shape) {
    return shape.dims().stream().allMatch(Dim::isNumber);
  }
}
