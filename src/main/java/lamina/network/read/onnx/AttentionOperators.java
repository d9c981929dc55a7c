package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.List;
import lamina.layer.ActivationLayer;
import lamina.layer.Concat;
import lamina.layer.Elementwise;
import lamina.layer.Gather;
import lamina.layer.MatMul;
import lamina.layer.Mul;
import lamina.layer.Permute;
import lamina.layer.Pick;
import lamina.layer.Reshape;
import lamina.layer.Where;
import lamina.op.Activation;
import lamina.op.BinaryFunction;
import lamina.op.Picks;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * Attention, {@code softmax(Q Kᵀ · scale + mask) V} of several heads, and the rotation of pairs of
 * features that tells positions, as steps of products, sums and choices. Formulas: the operators'
 * texts in ONNX, opsets 23 and 24.
 */
final class AttentionOperators {
  /** Heads stand before the steps, or after them. */
  private static final int[] SWAP = {0, 2, 1, 3};

  private final Operator op;
  private final OnnxNode node;

  private AttentionOperators(Operator op) {
    this.op = op;
    this.node = op.node();
  }

  static void attention(Operator op) {
    new AttentionOperators(op).attend();
  }

  /** Each pair of features turned by an angle that its position says. */
  static void rotary(Operator op) {
    new AttentionOperators(op).rotate();
  }

  private void attend() {
    requireRank(3, 2, 4, "a mask (..., T, keys)");
    requireRank(4, 4, 4, "earlier keys (N, heads, T, features)");
    requireRank(5, 4, 4, "earlier values (N, heads, T, features)");
    requireRank(6, 1, 1, "a length for each sample");
    Value query = heads("/query", 0, "q_num_heads");
    Value key = heads("/key", 1, "kv_num_heads");
    Value value = heads("/value", 2, "kv_num_heads");
    int past = 0;
    if (op.optional(4) != null) {
      past = (int) number(op.shape(4).dim(2));
      key = op.between("/keys", new Concat(2), op.input(4), key);
    }
    if (op.optional(5) != null) {
      value = op.between("/values", new Concat(2), op.input(5), value);
    }
    give(1, key);
    give(2, value);
    long width = number(Walk.shape(query).dim(3));
    double scale = node.number("scale", 1 / Math.sqrt((double) width));
    key = repeated("/allKeys", key, query);
    value = repeated("/allValues", value, query);
    Value turned = op.between("/turned", new Permute(new int[] {0, 1, 3, 2}), key);
    Value scaled = op.between("/scaled", new Mul(), query, op.number("/scale", scale));
    Value scores = op.between("/scores", new MatMul(), scaled, turned);
    int mode = node.size("qk_matmul_output_mode", 0, 0);
    giveScores(mode == 0, scores);
    scores = masked(scores, past);
    giveScores(mode == 1, scores);
    double cap = node.number("softcap", 0);
    if (cap > 0) {
      Value small = op.between("/small", new Mul(), scores, op.number("/less", 1 / cap));
      Value tanh = op.between("/tanh", ActivationLayer.of(Activation.byName("tanh")), small);
      scores = op.between("/capped", new Mul(), tanh, op.number("/cap", cap));
    }
    giveScores(mode == 2, scores);
    Activation softmax = Activation.byName("softmax").along(3);
    Value shares = op.between("/shares", ActivationLayer.of(softmax), scores);
    giveScores(mode == 3, shares);
    if (op.rank(0) == 4) {
      op.emit(new MatMul(), shares, value);
      return;
    }
    Value each = op.between("/each", new MatMul(), shares, value);
    joined(each);
  }

  private void requireRank(int index, int least, int most, String what) {
    if (op.optional(index) != null && (op.rank(index) < least || op.rank(index) > most)) {
      throw op.error("needs " + what + ", not " + op.shape(index));
    }
  }

  private void give(int output, Value value) {
    if (op.wants(output)) {
      op.put(output, value);
    }
  }

  private void giveScores(boolean isThis, Value scores) {
    if (isThis) {
      give(3, scores);
    }
  }

  /** The size of an axis that decides what the layers are. */
  private long number(Dim size) {
    if (!size.isNumber()) {
      throw op.unresolved("needs sizes that are numbers, not " + size, op.shape(0));
    }
    return size.value();
  }

  /** An input {@code (N, heads, T, features)}; of {@code (N, T, heads · features)} it is made. */
  private Value heads(String suffix, int index, String attribute) {
    Shape shape = op.shape(index);
    if (shape.rank() == 4) {
      return op.input(index);
    }
    int heads = node.size(attribute, 0, 0);
    if (shape.rank() != 3 || heads == 0 || number(shape.dim(2)) % heads != 0) {
      throw op.error(
          "needs an input (N, heads, T, features), or (N, T, features) and '"
              + attribute
              + "' that divides them, not "
              + shape
              + " and "
              + heads);
    }
    List<Dim> dims = new ArrayList<>(shape.dims().subList(0, 2));
    dims.add(Dim.of(heads));
    dims.add(shape.dim(2).floorDiv(heads));
    Value split =
        op.between(suffix + "/split", new Reshape("Reshape", new Shape(dims)), op.input(index));
    return op.between(suffix, new Permute(SWAP), split);
  }

  /** The output {@code (N, T, heads · features)} of heads side by side. */
  private void joined(Value each) {
    Value steps = op.between("/steps", new Permute(SWAP), each);
    Shape shape = Walk.shape(steps);
    List<Dim> dims = new ArrayList<>(shape.dims().subList(0, 2));
    dims.add(shape.dim(2).times(shape.dim(3)));
    op.emit(new Reshape(node.type(), new Shape(dims)), steps);
  }

  /** Keys or values of fewer heads than the queries have: neighbours share one. */
  private Value repeated(String suffix, Value value, Value query) {
    long wanted = number(Walk.shape(query).dim(1));
    long there = number(Walk.shape(value).dim(1));
    if (wanted == there) {
      return value;
    }
    if (there == 0 || wanted % there != 0) {
      throw op.error("has " + there + " heads of keys, which do not divide " + wanted);
    }
    int[][] picks = new int[4][];
    picks[1] = new int[(int) wanted];
    for (int head = 0; head < wanted; head++) {
      picks[1][head] = (int) (head / (wanted / there));
    }
    Shape target = Walk.shape(value).with(1, Dim.of(wanted));
    return op.between(suffix, new Pick("Repeat", target, picks, 0), value);
  }

  private Value masked(Value scores, int past) {
    Dim keys = Walk.shape(scores).dim(3);
    Value masked = scores;
    if (op.optional(3) != null) {
      Value mask = padded(op.input(3), keys);
      masked =
          mask.isInteger()
              ? where("/masked", mask, masked)
              : op.between("/masked", new Elementwise("Add", BinaryFunction.ADD), masked, mask);
    }
    if (node.flag("is_causal", false)) {
      int rows = (int) number(Walk.shape(scores).dim(2));
      int columns = (int) number(keys);
      long[] seen = new long[Tensor.elements(rows, columns)];
      for (int i = 0; i < seen.length; i++) {
        seen[i] = i % columns <= i / columns + past ? 1 : 0;
      }
      masked = where("/causal", op.constant("/seen", Tensor.of(seen, rows, columns)), masked);
    }
    if (op.optional(6) != null) {
      int columns = (int) number(keys);
      long[] places = new long[columns];
      for (int i = 0; i < columns; i++) {
        places[i] = i;
      }
      Shape column = new Shape(List.of(op.shape(6).dim(0), Dim.ONE, Dim.ONE, Dim.ONE));
      Value lengths = op.between("/lengths", new Reshape("Reshape", column), op.input(6));
      Value place = op.constant("/places", Tensor.of(places, columns));
      Elementwise less = new Elementwise("Less", BinaryFunction.LESS);
      masked = where("/full", op.typed("/isThere", true, less, place, lengths), masked);
    }
    return masked;
  }

  private Value where(String suffix, Value isSeen, Value scores) {
    Value none = op.number(suffix + "/none", Double.NEGATIVE_INFINITY);
    return op.typed(suffix, false, new Where(), isSeen, scores, none);
  }

  /** A mask of fewer keys than there are hides the others. */
  private Value padded(Value mask, Dim keys) {
    Shape shape = Walk.shape(mask);
    Dim there = shape.dim(-1);
    if (!there.isNumber() || !keys.isNumber() || there.value() >= keys.value() || there.is(1)) {
      return mask;
    }
    int[][] picks = new int[shape.rank()][];
    int last = shape.rank() - 1;
    picks[last] = Picks.steps(0, 1, (int) keys.value());
    for (int i = (int) there.value(); i < picks[last].length; i++) {
      picks[last][i] = -1;
    }
    double fill = mask.isInteger() ? 0 : Double.NEGATIVE_INFINITY;
    return op.between("/mask", new Pick("Pad", shape.with(last, keys), picks, fill), mask);
  }

  private void rotate() {
    boolean isSplit = op.rank(0) == 4;
    Value x = heads("/heads", 0, "num_heads");
    Shape shape = Walk.shape(x);
    int width = (int) number(shape.dim(3));
    int turned = node.size("rotary_embedding_dim", 0, 0);
    turned = turned == 0 ? width : turned;
    if (turned > width || turned % 2 != 0) {
      throw op.error("turns " + turned + " of " + width + " features");
    }
    boolean isWoven = node.flag("interleaved", false);
    int half = turned / 2;
    Value a = features("/a", x, isWoven ? Picks.steps(0, 2, half) : Picks.steps(0, 1, half));
    Value b = features("/b", x, isWoven ? Picks.steps(1, 2, half) : Picks.steps(half, 1, half));
    Value cos = angles("/cos", 1);
    Value sin = angles("/sin", 2);
    Value real = combined("/real", BinaryFunction.SUB, a, cos, b, sin);
    Value imaginary = combined("/imaginary", BinaryFunction.ADD, a, sin, b, cos);
    Value rest = features("/rest", x, Picks.steps(turned, 1, width - turned));
    Value all = op.between("/all", new Concat(3), real, imaginary, rest);
    int[] order = Picks.steps(0, 1, width);
    for (int i = 0; isWoven && i < half; i++) {
      order[2 * i] = i;
      order[2 * i + 1] = half + i;
    }
    Value ordered = features("/ordered", all, order);
    if (isSplit) {
      op.put(0, ordered);
    } else {
      joined(ordered);
    }
  }

  private Value features(String suffix, Value x, int... which) {
    int[][] picks = new int[4][];
    picks[3] = which;
    Shape target = Walk.shape(x).with(3, Dim.of(which.length));
    return op.between(suffix, new Pick("Slice", target, picks, 0), x);
  }

  private Value combined(
      String suffix, BinaryFunction join, Value a, Value forA, Value b, Value forB) {
    Value first = op.between(suffix + "/first", new Mul(), a, forA);
    Value second = op.between(suffix + "/second", new Mul(), b, forB);
    return op.between(suffix, new Elementwise("Rotate", join), first, second);
  }

  /** Cosines or sines {@code (N, 1, T, half)} of a table's rows, or of all of them in order. */
  private Value angles(String suffix, int index) {
    Value table = op.input(index);
    if (op.optional(3) != null) {
      table = op.between(suffix + "/rows", new Gather(Gather.Kind.ENTRIES, 0), table, op.input(3));
    }
    if (Walk.shape(table).rank() != 3) {
      throw op.error("needs cosines and sines (N, T, features / 2), not " + table.shape());
    }
    return ControlOperators.unsqueezed(op, suffix, table, 1);
  }
}
