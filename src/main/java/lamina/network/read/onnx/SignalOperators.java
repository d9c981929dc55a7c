package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.List;
import lamina.layer.Concat;
import lamina.layer.Elementwise;
import lamina.layer.Gather;
import lamina.layer.MatMul;
import lamina.layer.Mul;
import lamina.layer.Permute;
import lamina.layer.Pick;
import lamina.layer.Reshape;
import lamina.op.BinaryFunction;
import lamina.op.Picks;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * Fourier transforms as products with the matrices of cosines and sines, the windows that go before
 * them, and the filters that come after. Source: ONNX's operators of these names.
 */
final class SignalOperators {
  /** Longer ones would need a fast transform: the matrix alone takes a gigabyte. */
  private static final int LONGEST = 8192;

  private SignalOperators() {}

  /**
   * A window of cosines, {@code Σ (−1)^k a_k cos(2πkn/N)}.
   *
   * @param coefficients a_0, a_1, ...
   */
  static void window(Operator op, double... coefficients) {
    long[] size = op.integers(0);
    if (size == null || size.length != 1 || size[0] < 0 || size[0] > Tensor.MAX_ELEMENTS) {
      throw op.error("needs one size");
    }
    int type = op.node().size("output_datatype", 1, 0);
    if (type != 1 && type != 10 && type != 11) {
      throw op.unresolved("makes the data type " + type + ", which is not known");
    }
    boolean isPeriodic = op.node().flag("periodic", true);
    int count = (int) size[0];
    double period = isPeriodic ? count : count - 1;
    double[] values = new double[count];
    for (int n = 0; n < count; n++) {
      for (int k = 0; k < coefficients.length; k++) {
        double cosine = period == 0 ? 1 : Math.cos(2 * Math.PI * k * n / period);
        values[n] += (k % 2 == 0 ? 1 : -1) * coefficients[k] * cosine;
      }
    }
    op.put(0, op.constant("/window", Tensor.of(values, count)));
  }

  /** Triangles on the scale of mels, over the bins of a transform: {@code (bins, mels)}. */
  static void melWeights(Operator op) {
    int mels = count(op, 0);
    int length = count(op, 1);
    int rate = count(op, 2);
    double low = mel(op.number(3, 0));
    double high = mel(op.number(4, 0));
    int bins = length / 2 + 1;
    Tensor.elements(bins, mels);
    int[] edges = new int[mels + 2];
    double step = (high - low) / edges.length;
    for (int i = 0; i < edges.length; i++) {
      double hertz = 700 * (Math.pow(10, (i * step + low) / 2595) - 1);
      edges[i] = (int) Math.floor((length + 1) * hertz / rate);
    }
    double[] values = new double[bins * mels];
    for (int m = 0; m < mels; m++) {
      int start = edges[m];
      int centre = edges[m + 1];
      int end = edges[m + 2];
      if (start < 0 || end > bins) {
        throw op.error("has frequencies beyond the " + bins + " bins of its transform");
      }
      if (centre == start) {
        values[Math.min(centre, bins - 1) * mels + m] = 1;
      }
      for (int bin = start; centre != start && bin <= centre && bin < bins; bin++) {
        values[bin * mels + m] = (bin - start) / (double) (centre - start);
      }
      for (int bin = centre; end > centre && bin < end; bin++) {
        values[bin * mels + m] = (end - bin) / (double) (end - centre);
      }
    }
    op.put(0, op.constant("/mels", Tensor.of(values, bins, mels)));
  }

  private static double mel(double hertz) {
    return 2595 * Math.log10(1 + hertz / 700);
  }

  private static int count(Operator op, int index) {
    double given = op.number(index, 0);
    if (!(given >= 1 && given <= Tensor.MAX_ELEMENTS) || given != Math.rint(given)) {
      throw op.error("needs a whole number of at least 1 as its input " + (index + 1));
    }
    return (int) given;
  }

  /** Along an axis; its last axis is one of real numbers, or of real and imaginary parts. */
  static void transform(Operator op) {
    OnnxNode node = op.node();
    Shape shape = op.shape(0);
    if (shape.rank() < 2) {
      throw op.error("needs an input (..., length, 1 or 2), not " + shape);
    }
    int axis =
        op.opset() < 20 || op.optional(2) == null
            ? op.axis(node.integer("axis", op.opset() < 20 ? 1 : -2), shape.rank())
            : op.axis((long) op.number(2, 0), shape.rank());
    if (axis == shape.rank() - 1) {
      throw op.error("is along the axis of real and imaginary parts");
    }
    Dim size = shape.dim(axis);
    int length = op.optional(1) == null ? -1 : count(op, 1);
    if (!size.isNumber()) {
      throw op.unresolved("is along an axis whose size is not known");
    }
    length = length < 0 ? (int) size.value() : length;
    Value x = op.input(0);
    if (!size.is(length)) {
      // What is too long is cut, what is too short filled with zeros.
      int[][] picks = new int[shape.rank()][];
      picks[axis] = Picks.steps(0, 1, length);
      for (int i = (int) size.value(); i < length; i++) {
        picks[axis][i] = -1;
      }
      x = op.between("/sized", new Pick("Pad", shape.with(axis, Dim.of(length)), picks, 0), x);
    }
    boolean isInverse = node.flag("inverse", false);
    op.put(0, transformed(op, x, axis, length, isInverse, node.flag("onesided", false)));
  }

  /** Frames of a signal, each times a window and transformed. */
  static void frames(Operator op) {
    Shape shape = op.shape(0);
    if (shape.rank() < 2 || shape.rank() > 3 || !shape.dim(1).isNumber()) {
      throw op.unresolved("needs a signal (N, length, 1 or 2) whose length is known, not " + shape);
    }
    Value x = op.input(0);
    if (shape.rank() == 2) {
      shape = new Shape(List.of(shape.dim(0), shape.dim(1), Dim.ONE));
      x = op.between("/signal", new Reshape("Unsqueeze", shape), x);
    }
    int step = count(op, 1);
    Value window = op.optional(2);
    int length = op.optional(3) != null ? count(op, 3) : window == null ? -1 : windowSize(op);
    long size = shape.dim(1).value();
    if (length < 0 || length > size) {
      throw op.error(
          length < 0
              ? "needs a window or a frame_length"
              : "has frames of " + length + " but a signal of " + size);
    }
    if (window != null && windowSize(op) != length) {
      throw op.error("has frames of " + length + " but a window of " + windowSize(op));
    }
    int count = (int) ((size - length) / step) + 1;
    long[] places = new long[Tensor.elements(count, length)];
    for (int i = 0; i < places.length; i++) {
      places[i] = (long) (i / length) * step + i % length;
    }
    Value indices = op.constant("/places", Tensor.of(places, count, length));
    Value frames = op.typed("/frames", false, new Gather(Gather.Kind.ENTRIES, 1), x, indices);
    if (window != null) {
      Value column = op.between("/column", new Reshape("Unsqueeze", Shape.of(length, 1)), window);
      frames = op.between("/windowed", new Mul(), frames, column);
    }
    // Half of the bins of real numbers mirror the others.
    boolean isOneSided = op.node().flag("onesided", true) && shape.dim(2).is(1);
    op.put(0, transformed(op, frames, 2, length, false, isOneSided));
  }

  private static int windowSize(Operator op) {
    Shape shape = op.shape(2);
    if (shape.rank() != 1 || !shape.dim(0).isNumber() || shape.dim(0).value() > LONGEST) {
      throw op.unresolved("has a window of " + shape);
    }
    return (int) shape.dim(0).value();
  }

  private static Value transformed(
      Operator op, Value x, int axis, int length, boolean isInverse, boolean isOneSided) {
    Shape shape = x.shape();
    int rank = shape.rank();
    if (length > LONGEST || length < 1) {
      throw op.unresolved("transforms " + length + " elements; 1 to " + LONGEST + " are known");
    }
    boolean isComplex = shape.dim(-1).is(2);
    if (!isComplex && !shape.dim(-1).is(1)) {
      throw op.error("needs real numbers, or real and imaginary parts, as its last axis: " + shape);
    }
    if (isOneSided && (isComplex || isInverse)) {
      throw op.error("gives one side of a transform, which is for real numbers, not back");
    }
    Value[] waves = waves(op, length, isInverse, isOneSided);
    Value cos = waves[0];
    Value sin = waves[1];
    // The axis goes to the end, and the parts in front of it become tensors of their own.
    int[] order = new int[rank - 1];
    int[] back = new int[rank];
    int next = 0;
    for (int i = 0; i < rank - 1; i++) {
      if (i != axis) {
        back[i] = next;
        order[next++] = i;
      }
    }
    order[next] = axis;
    back[axis] = rank - 2;
    back[rank - 1] = rank - 1;
    Value re = part(op, x, 0, order);
    Value real = op.between("/real", new MatMul(), re, cos);
    Value imaginary = op.between("/imaginary", new MatMul(), re, sin);
    if (isComplex) {
      Value im = part(op, x, 1, order);
      Value less = op.between("/imSin", new MatMul(), im, sin);
      real = op.between("/realWhole", new Elementwise("Sub", BinaryFunction.SUB), real, less);
      Value more = op.between("/imCos", new MatMul(), im, cos);
      imaginary =
          op.between(
              "/imaginaryWhole", new Elementwise("Add", BinaryFunction.ADD), imaginary, more);
    }
    Value[] both = {real, imaginary};
    for (int i = 0; i < 2; i++) {
      both[i] = ControlOperators.unsqueezed(op, "/part" + i, both[i], rank - 1);
    }
    Value joined = op.between("/both", new Concat(rank - 1), both);
    return op.between("/transformed", new Permute(back), joined);
  }

  /** The cosines and the sines of all frequencies, {@code (length, bins)} each. */
  private static Value[] waves(Operator op, int length, boolean isInverse, boolean isOneSided) {
    int bins = isOneSided ? length / 2 + 1 : length;
    double sign = isInverse ? 1 : -1;
    double scale = isInverse ? 1.0 / length : 1;
    double[] cosines = new double[length * bins];
    double[] sines = new double[length * bins];
    for (int n = 0; n < length; n++) {
      for (int k = 0; k < bins; k++) {
        double angle = 2 * Math.PI * ((long) n * k % length) / length;
        cosines[n * bins + k] = scale * Math.cos(angle);
        sines[n * bins + k] = scale * sign * Math.sin(angle);
      }
    }
    return new Value[] {
      op.constant("/cosines", Tensor.of(cosines, length, bins)),
      op.constant("/sines", Tensor.of(sines, length, bins))
    };
  }

  /** The real or the imaginary part, with the axis to transform at the end. */
  private static Value part(Operator op, Value x, int index, int... order) {
    Value part = ControlOperators.entry(op, "/in" + index, x, x.shape().rank() - 1, index);
    return op.between("/last" + index, new Permute(order), part);
  }

  /** What draws by chance gives no result that could be compared; its shape is known. */
  static Unresolved random(Operator op) {
    OnnxNode node = op.node();
    Shape shape = null;
    if (node.type().endsWith("Like") || node.type().equals("Bernoulli")) {
      shape = op.shape(0);
    } else if (node.integers("shape") != null) {
      List<Dim> dims = new ArrayList<>();
      for (long size : node.integers("shape")) {
        if (size < 0) {
          throw op.error("has the size " + size);
        }
        dims.add(Dim.of(size));
      }
      shape = new Shape(dims);
    }
    return op.unresolved(
        "draws random numbers, which no other program draws alike; make them an input (opset "
            + op.opset()
            + ")",
        shape);
  }
}
