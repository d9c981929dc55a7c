package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.List;
import lamina.layer.EinsteinSum;
import lamina.layer.Layer;
import lamina.layer.MatMul;
import lamina.layer.Permute;
import lamina.layer.Pick;
import lamina.layer.Reduce;
import lamina.layer.Reshape;
import lamina.op.EinsteinSums;
import lamina.op.Picks;
import lamina.op.Reductions;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;

/** A sum over products as layers: sums over axes of one tensor, a product of matrices, an order. */
final class Einsum {
  private final Operator op;
  private final String[] terms;
  private final String output;
  private final Value[] inputs;

  /**
   * @param terms a letter for each axis of each input
   * @param output the letters of the output's axes
   */
  Einsum(Operator op, String[] terms, String output) {
    this.op = op;
    this.terms = terms;
    this.output = output;
    this.inputs = new Value[terms.length];
  }

  void emit() {
    for (int i = 0; i < terms.length; i++) {
      inputs[i] = op.input(i);
      takeDiagonals(i);
    }
    if (terms.length > 2) {
      for (Value input : inputs) {
        if (input.isInteger()) {
          throw op.unresolved("sums products of " + terms.length + " tensors of whole numbers");
        }
      }
      op.emit(new EinsteinSum(new EinsteinSums(List.of(terms), output)), inputs);
      return;
    }
    Value a = summed(0);
    if (terms.length == 1) {
      emitOrdered(terms[0], a);
      return;
    }
    Value b = summed(1);
    StringBuilder shared = new StringBuilder();
    StringBuilder contracted = new StringBuilder();
    StringBuilder ownA = new StringBuilder();
    for (char c : terms[0].toCharArray()) {
      boolean isInB = terms[1].indexOf(c) >= 0;
      (isInB ? output.indexOf(c) >= 0 ? shared : contracted : ownA).append(c);
    }
    StringBuilder ownB = new StringBuilder();
    for (char c : terms[1].toCharArray()) {
      if (terms[0].indexOf(c) < 0) {
        ownB.append(c);
      }
    }
    Value left = matrices("/a", a, terms[0], shared.toString(), ownA.toString(), contracted);
    Value right = matrices("/b", b, terms[1], shared.toString(), contracted.toString(), ownB);
    Value product = op.between("/product", new MatMul(), left, right);
    List<Dim> dims = new ArrayList<>();
    for (char c : shared.toString().toCharArray()) {
      Dim size = size(a, terms[0], c);
      dims.add(size.is(1) ? size(b, terms[1], c) : size);
    }
    ownA.chars().forEach(c -> dims.add(size(a, terms[0], (char) c)));
    ownB.chars().forEach(c -> dims.add(size(b, terms[1], (char) c)));
    Value apart = op.between("/apart", new Reshape("Reshape", new Shape(dims)), product);
    String letters = shared.append(ownA).append(ownB).toString();
    emitOrdered(letters, apart);
  }

  private void emitOrdered(String letters, Value x) {
    if (letters.equals(output)) {
      op.put(0, x);
    } else {
      op.emit(new Permute(order(letters, output)), x);
    }
  }

  /** Axes of one letter become one: of their elements those remain whose places are alike. */
  private void takeDiagonals(int index) {
    int first = repeated(terms[index]);
    while (first >= 0) {
      String term = terms[index];
      char letter = term.charAt(first);
      int second = term.indexOf(letter, first + 1);
      Value x = inputs[index];
      Dim size = Walk.shape(x).dim(first);
      if (!size.isNumber() || !size.equals(x.shape().dim(second))) {
        throw op.unresolved(
            "takes the diagonal of axes of " + size + " and " + x.shape().dim(second));
      }
      // The two axes are brought to the end, and are one there.
      String rest = new StringBuilder(term).deleteCharAt(second).deleteCharAt(first).toString();
      int[] order = new int[term.length()];
      int filled = 0;
      for (int axis = 0; axis < order.length; axis++) {
        if (axis != first && axis != second) {
          order[filled++] = axis;
        }
      }
      order[filled] = first;
      order[filled + 1] = second;
      String suffix = "/diagonal" + index + letter + term.length();
      Value ordered = op.between(suffix + "/order", new Permute(order), x);
      List<Dim> dims = new ArrayList<>(Walk.shape(ordered).dims().subList(0, rest.length()));
      dims.add(size.times(size));
      Layer flatten = new Reshape("Reshape", new Shape(dims));
      Value flat = op.between(suffix + "/flat", flatten, ordered);
      int count = (int) size.value();
      int[][] picks = new int[dims.size()][];
      picks[rest.length()] = Picks.steps(0, count + 1, count);
      Shape target = Walk.shape(flat).with(rest.length(), size);
      inputs[index] = op.between(suffix, new Pick("Diagonal", target, picks, 0), flat);
      terms[index] = rest + letter;
      first = repeated(terms[index]);
    }
  }

  /** The first letter that stands again; −1 if each stands once. */
  private static int repeated(String term) {
    for (int i = 0; i < term.length(); i++) {
      if (term.indexOf(term.charAt(i), i + 1) >= 0) {
        return i;
      }
    }
    return -1;
  }

  /** An input without the axes that neither the output nor the other input has. */
  private Value summed(int index) {
    String term = terms[index];
    boolean[] reduced = new boolean[term.length()];
    boolean any = false;
    StringBuilder kept = new StringBuilder();
    for (int i = 0; i < term.length(); i++) {
      char c = term.charAt(i);
      reduced[i] = output.indexOf(c) < 0 && (terms.length == 1 || terms[1 - index].indexOf(c) < 0);
      any |= reduced[i];
      if (!reduced[i]) {
        kept.append(c);
      }
    }
    if (!any) {
      return inputs[index];
    }
    terms[index] = kept.toString();
    Layer sum = new Reduce("ReduceSum", Reductions.SUM, reduced, false);
    return op.between("/sum" + index, sum, inputs[index]);
  }

  /** A tensor as matrices: shared axes as they are, rows and columns as one axis each. */
  private Value matrices(
      String suffix, Value x, String term, String shared, String rows, CharSequence columns) {
    String wanted = shared + rows + columns;
    Value ordered =
        term.equals(wanted) ? x : op.between(suffix, new Permute(order(term, wanted)), x);
    List<Dim> dims = new ArrayList<>();
    shared.chars().forEach(c -> dims.add(size(x, term, (char) c)));
    Dim count = Dim.ONE;
    for (int i = 0; i < rows.length(); i++) {
      count = count.times(size(x, term, rows.charAt(i)));
    }
    dims.add(count);
    Dim width = Dim.ONE;
    for (int i = 0; i < columns.length(); i++) {
      width = width.times(size(x, term, columns.charAt(i)));
    }
    dims.add(width);
    return op.between(suffix + "/matrix", new Reshape("Reshape", new Shape(dims)), ordered);
  }

  private static Dim size(Value x, String term, char letter) {
    return Walk.shape(x).dim(term.indexOf(letter));
  }

  private static int[] order(String from, String to) {
    int[] order = new int[to.length()];
    for (int i = 0; i < order.length; i++) {
      order[i] = from.indexOf(to.charAt(i));
    }
    return order;
  }
}
