package lamina.network;

import java.util.ArrayList;
import java.util.List;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;

/**
 * Where the batch is in a network's input. Layers such as Flatten count axes with the batch among
 * them, while users often give the shape of one sample: then a batch is put in, as a symbol that no
 * size of a sample holds, and left out again wherever a shape is shown.
 *
 * @param given the input as the user gave it
 * @param shape the input with the symbol in place of the batch
 * @param symbol the symbol, or null if there is no batch
 * @param size what the symbol stands for; null if it was put in
 * @param remark what this reading assumes where no layer tells; null if nothing
 */
record Batch(Shape given, Shape shape, Dim symbol, Dim size, String remark) {

  /**
   * The ways to read an input, the likeliest first. Where no layer tells how many axes a sample
   * has, but some count axes, the first axis is the batch, as in PyTorch.
   *
   * @param tensor whether the input is a tensor, rather than a shape
   */
  static List<Batch> readings(Network network, Shape given, boolean tensor) {
    if (network.model() != null && network.model().countsBatch()) {
      boolean isOpen =
          given.rank() > 0
              && network.input() != null
              && network.input().rank() == given.rank()
              && !network.input().dim(0).isNumber();
      // Running needs numbers, on which sizes within the graph may depend.
      return isOpen && !tensor
          ? List.of(marked(given, 0), literal(given))
          : List.of(literal(given));
    }
    if (network.model() != null && sharesFirst(network.model(), given)) {
      return List.of(marked(given, 0), inserted(given, 0), literal(given));
    }
    BatchHints hints = BatchHints.of(network);
    // A batch of one sample leaves with the other axes of size 1.
    if (tensor && hints.losesOnes() && given.rank() > 0 && given.dim(0).is(1)) {
      return List.of(literal(given));
    }
    return readings(hints, given, tensor);
  }

  private static List<Batch> readings(BatchHints hints, Shape given, boolean tensor) {
    Batch literal = literal(given);
    Batch inserted = inserted(given, hints.stepsFirst() && given.rank() > 0 ? 1 : 0);
    int axis = hints.stepsFirst() ? 1 : 0;
    Batch marked = given.rank() > axis ? marked(given, axis) : literal;
    int sample = hints.sampleRank();
    if (sample >= 0 && given.rank() == sample) {
      return List.of(inserted, literal);
    }
    if (given.rank() == sample + 1 || (!hints.isSaid() && sample == 1 && given.rank() > 1)) {
      return List.of(marked, literal, inserted);
    }
    if (sample >= 0) {
      return List.of(literal);
    }
    if (hints.isCounted() && given.rank() > 0) {
      if (isBatchName(given.dim(0))) {
        return List.of(marked, literal, inserted);
      }
      Batch remarked =
          marked.remarked(
              "the first axis of the input, "
                  + given.dim(0)
                  + ", is read as the batch, as in PyTorch, since no layer tells how many axes a"
                  + " sample has; for one sample, give 1x"
                  + given);
      return isSample(given)
          ? List.of(inserted, remarked, literal)
          : List.of(remarked, literal, inserted);
    }
    // Of a tensor, layers such as StochasticDepth take the first axis for the batch in training.
    boolean isMarked = tensor || (given.rank() > 1 && isBatchName(given.dim(0)));
    return isMarked ? List.of(marked, inserted, literal) : List.of(inserted, marked, literal);
  }

  /** Whether all inputs begin with the same axis, which mostly is the batch. */
  private static boolean sharesFirst(Model model, Shape given) {
    boolean shares = given.rank() > 0;
    for (Model.Port port : model.inputs()) {
      Shape shape = port.equals(model.inputs().get(0)) ? given : port.shape();
      shares &= shape != null && shape.rank() > 0 && shape.dim(0).equals(given.dim(0));
    }
    return shares;
  }

  /** All axes as they are. */
  static Batch literal(Shape given) {
    return new Batch(given, given, null, null, null);
  }

  /**
   * The shape of another input, read as the first one is.
   *
   * @param other with the batch or without, as the first one was given
   */
  Shape alike(Shape other) {
    int axis = symbol == null ? -1 : shape.dims().indexOf(symbol);
    if (axis < 0 || axis > other.rank()) {
      return other;
    }
    if (size == null) {
      List<Dim> dims = new ArrayList<>(other.dims());
      dims.add(axis, symbol);
      return new Shape(dims);
    }
    boolean isSame = axis < other.rank() && other.dim(axis).equals(size);
    return isSame ? other.with(axis, symbol) : other;
  }

  private Batch remarked(String words) {
    return new Batch(given, shape, symbol, size, words);
  }

  /** Whether the symbols name the axes behind that of the channels: {@code 3xHxW}. */
  private static boolean isSample(Shape given) {
    String second = given.rank() > 1 ? given.dim(1).toString() : "";
    return second.equals("H") || second.equals("D") || second.equals("L");
  }

  private static boolean isBatchName(Dim dim) {
    String name = dim.toString();
    return name.equals("B") || name.equals("N") || name.equalsIgnoreCase("batch");
  }

  private static Dim unused(Shape given) {
    for (String name : List.of("N", "B", "batch", "the_batch")) {
      if (!given.elements().symbols().contains(name)) {
        return Dim.symbol(name);
      }
    }
    return Dim.symbol("the_batch_axis");
  }

  private static Batch inserted(Shape given, int axis) {
    Dim symbol = unused(given);
    List<Dim> dims = new ArrayList<>(given.dims());
    dims.add(axis, symbol);
    return new Batch(given, new Shape(dims), symbol, null, null);
  }

  private static Batch marked(Shape given, int axis) {
    Dim symbol = unused(given);
    return new Batch(given, given.with(axis, symbol), symbol, given.dim(axis), null);
  }

  /** Whether a size depends on the batch. */
  boolean isIn(Dim dim) {
    return symbol != null && dim.symbols().contains(symbol.toString());
  }

  /** Whether an axis holds the batch together with others, so that no sample is apart any more. */
  boolean isSwallowed(Shape inner) {
    for (Dim dim : inner.dims()) {
      if (isIn(dim) && !dim.equals(symbol)) {
        return true;
      }
    }
    return false;
  }

  /** A shape as the user knows it. */
  Shape shown(Shape inner) {
    if (inner == null || symbol == null) {
      return inner;
    }
    List<Dim> dims = new ArrayList<>();
    for (Dim dim : inner.dims()) {
      if (!dim.equals(symbol) || size != null) {
        dims.add(shown(dim));
      }
    }
    return new Shape(dims);
  }

  Dim shown(Dim dim) {
    return isIn(dim) ? dim.substitute(symbol.toString(), size == null ? Dim.ONE : size) : dim;
  }

  /** A shape with its batch, which is of size 1 if it was put in. */
  Shape whole(Shape inner) {
    List<Dim> dims = new ArrayList<>();
    for (Dim dim : inner.dims()) {
      dims.add(shown(dim));
    }
    return new Shape(dims);
  }

  /** The shape of one sample, the batch having size 1. */
  Shape sample(Shape inner) {
    List<Dim> dims = new ArrayList<>();
    for (Dim dim : inner.dims()) {
      dims.add(isIn(dim) ? dim.substitute(symbol.toString(), Dim.ONE) : dim);
    }
    return new Shape(dims);
  }

  /** All axes but the batch as one; null if the batch is not the first axis. */
  Shape flattened(Shape inner) {
    if (symbol == null) {
      return new Shape(List.of(inner.elements()));
    }
    if (!inner.dim(0).equals(symbol)) {
      return null;
    }
    return new Shape(List.of(symbol, new Shape(inner.dims().subList(1, inner.rank())).elements()));
  }
}
