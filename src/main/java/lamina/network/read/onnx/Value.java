package lamina.network.read.onnx;

import java.util.BitSet;
import java.util.List;
import java.util.function.Supplier;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * What goes from node to node: the output of a part of the network, or a constant.
 *
 * @param name the file's name for it
 * @param shape null if it is unknown
 * @param isInteger whether its elements are integers or truth values
 * @param flow the part that gives it, or an input of the network; null for a constant
 * @param constant its elements; null if it is no constant, or none whose elements are known
 * @param contents its elements as sizes that may have symbols, flat; null if unknown
 * @param origins the inputs of the network that it depends on
 * @param isParameter whether it is one of the file's weights
 * @param items what it is a sequence of; null if it is a tensor
 */
record Value(
    String name,
    Shape shape,
    boolean isInteger,
    String flow,
    Supplier<Tensor> constant,
    List<Dim> contents,
    BitSet origins,
    boolean isParameter,
    List<Value> items) {

  static Value flow(String name, Shape shape, boolean isInteger, String flow, BitSet origins) {
    return new Value(name, shape, isInteger, flow, null, null, origins, false, null);
  }

  static Value constant(String name, Shape shape, boolean isInteger, Supplier<Tensor> elements) {
    return new Value(
        name, shape, isInteger, null, new Once(elements), null, new BitSet(), false, null);
  }

  /** Sizes as elements; a constant if all are numbers. */
  static Value ofSizes(String name, Shape shape, List<Dim> contents, BitSet origins) {
    long[] numbers = new long[contents.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (!contents.get(i).isNumber()) {
        return sizes(name, shape, contents, origins);
      }
      numbers[i] = contents.get(i).value();
    }
    return constant(name, shape, true, () -> Tensor.of(numbers, shape.sizes()));
  }

  /** The elements of sizes, not all of which are numbers. */
  private static Value sizes(String name, Shape shape, List<Dim> contents, BitSet origins) {
    return new Value(name, shape, true, null, null, contents, origins, false, null);
  }

  /** A constant whose sizes have symbols, and whose elements nobody can know yet. */
  static Value ofShape(String name, Shape shape, boolean isInteger) {
    return new Value(name, shape, isInteger, null, null, null, new BitSet(), false, null);
  }

  /** Tensors one after another, of any shapes. */
  static Value sequence(String name, List<Value> items) {
    BitSet origins = new BitSet();
    items.forEach(item -> origins.or(item.origins()));
    return new Value(name, null, false, null, null, null, origins, false, List.copyOf(items));
  }

  /** What is optional and not there. */
  static Value none(String name) {
    return new Value(name, null, false, null, null, null, new BitSet(), false, null);
  }

  boolean isNone() {
    return shape == null && flow == null && constant == null && items == null;
  }

  /** The same under another name. */
  Value named(String other) {
    return new Value(
        other, shape, isInteger, flow, constant, contents, origins, isParameter, items);
  }

  Value asParameter() {
    return new Value(name, shape, isInteger, flow, constant, contents, origins, true, items);
  }

  /** The same, of which the elements are known before anything runs. */
  Value withElementsOf(Value other) {
    return new Value(
        name, shape, isInteger, flow, other.constant, contents, origins, isParameter, items);
  }

  boolean isConstant() {
    return constant != null;
  }

  /** The elements of a constant, as sizes if they are integers; null if they are unknown. */
  List<Dim> knownContents() {
    if (contents != null || constant == null || !isInteger) {
      return contents;
    }
    Tensor tensor = constant.get();
    Dim[] dims = new Dim[tensor.size()];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = Dim.of(tensor.longs()[i]);
    }
    return List.of(dims);
  }

  /** Asks for elements once, and keeps them. */
  private static final class Once implements Supplier<Tensor> {
    private final Supplier<Tensor> first;
    private Tensor elements;

    Once(Supplier<Tensor> first) {
      this.first = first;
    }

    @Override
    public Tensor get() {
      if (elements == null) {
        elements = first.get();
      }
      return elements;
    }
  }
}
