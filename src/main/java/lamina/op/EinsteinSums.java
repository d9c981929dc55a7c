package lamina.op;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * Sums of products over axes that letters name: {@code bqd,bkd->bqk}. Two tensors become a product
 * of matrices, {@code (shared, own of a, summed) · (shared, summed, own of b)}; more are taken two
 * at a time, from the left. Source: torch.einsum.
 *
 * @param terms the letters of each tensor's axes
 * @param output those of the result
 */
public record EinsteinSums(List<String> terms, String output) {
  /**
   * Reads an equation.
   *
   * @throws InputException if it is none, or has what is not known: dots, or a diagonal
   */
  public static EinsteinSums parse(String equation) {
    String plain = equation.replace(" ", "");
    int arrow = plain.indexOf("->");
    List<String> terms = List.of((arrow < 0 ? plain : plain.substring(0, arrow)).split(",", -1));
    String all = String.join("", terms);
    StringBuilder once = new StringBuilder();
    all.chars()
        .filter(c -> all.indexOf(c) == all.lastIndexOf(c))
        .sorted()
        .forEach(c -> once.append((char) c));
    String output = arrow < 0 ? once.toString() : plain.substring(arrow + 2);
    for (String term : terms) {
      for (int i = 0; i < term.length(); i++) {
        if (!Character.isLetter(term.charAt(i)) || term.indexOf(term.charAt(i), i + 1) >= 0) {
          throw new InputException(
              "has the equation '" + equation + "', which is not known: letters, each once a term");
        }
      }
    }
    for (int i = 0; i < output.length(); i++) {
      boolean isTwice = output.indexOf(output.charAt(i), i + 1) >= 0;
      if (isTwice || all.indexOf(output.charAt(i)) < 0) {
        throw new InputException("gives the axis '" + output.charAt(i) + "' of '" + equation + "'");
      }
    }
    return new EinsteinSums(terms, output);
  }

  private Map<Character, Dim> sizes(List<Shape> shapes) {
    Map<Character, Dim> sizes = new LinkedHashMap<>();
    if (shapes.size() != terms.size()) {
      throw new InputException("names " + terms.size() + " tensors but takes " + shapes.size());
    }
    for (int i = 0; i < terms.size(); i++) {
      String term = terms.get(i);
      if (shapes.get(i).rank() != term.length()) {
        throw new InputException("names the axes '" + term + "' of " + shapes.get(i));
      }
      for (int axis = 0; axis < term.length(); axis++) {
        Dim size = shapes.get(i).dim(axis);
        Dim before = sizes.putIfAbsent(term.charAt(axis), size);
        if (before != null && before.isNumber() && size.isNumber() && !before.equals(size)) {
          throw new InputException(
              "has " + before + " and " + size + " on the axis '" + term.charAt(axis) + "'");
        }
      }
    }
    return sizes;
  }

  /** The shape of the result. */
  public Shape shape(List<Shape> shapes) {
    Map<Character, Dim> sizes = sizes(shapes);
    List<Dim> dims = new ArrayList<>();
    for (int i = 0; i < output.length(); i++) {
      dims.add(sizes.get(output.charAt(i)));
    }
    return new Shape(dims);
  }

  /** How many products are summed. */
  public Dim products(List<Shape> shapes) {
    return new Shape(new ArrayList<>(sizes(shapes).values())).elements();
  }

  /** The result. */
  public Tensor forward(List<Tensor> tensors) {
    List<Shape> shapes = new ArrayList<>();
    for (Tensor tensor : tensors) {
      shapes.add(Shape.of(tensor.shape()));
    }
    sizes(shapes);
    Tensor left = tensors.get(0);
    String letters = terms.get(0);
    for (int i = 1; i < tensors.size(); i++) {
      String later = output + String.join("", terms.subList(i + 1, terms.size()));
      String wanted = kept(letters + terms.get(i), later);
      left = pair(left, letters, tensors.get(i), terms.get(i), wanted);
      letters = wanted;
    }
    return single(left, letters, output);
  }

  /** Letters that stand in another text too, each once. */
  private static String kept(String letters, String others) {
    StringBuilder kept = new StringBuilder();
    for (int i = 0; i < letters.length(); i++) {
      char letter = letters.charAt(i);
      if (others.indexOf(letter) >= 0 && kept.indexOf(String.valueOf(letter)) < 0) {
        kept.append(letter);
      }
    }
    return kept.toString();
  }

  private static String without(String letters, String others) {
    StringBuilder left = new StringBuilder();
    for (int i = 0; i < letters.length(); i++) {
      char letter = letters.charAt(i);
      if (others.indexOf(letter) < 0) {
        left.append(letter);
      }
    }
    return left.toString();
  }

  /** Axes that are not wanted summed, the others in the order wanted. */
  private static Tensor single(Tensor x, String letters, String wanted) {
    boolean[] summed = new boolean[letters.length()];
    boolean any = false;
    for (int axis = 0; axis < summed.length; axis++) {
      summed[axis] = wanted.indexOf(letters.charAt(axis)) < 0;
      any |= summed[axis];
    }
    Tensor y = any ? Reductions.SUM.forward(x, summed) : x;
    return y.permute(order(kept(letters, wanted), wanted));
  }

  private static int[] order(String letters, String wanted) {
    int[] order = new int[wanted.length()];
    for (int i = 0; i < order.length; i++) {
      order[i] = letters.indexOf(wanted.charAt(i));
    }
    return order;
  }

  private static Tensor pair(Tensor a, String left, Tensor b, String right, String wanted) {
    String common = kept(left, right);
    String shared = kept(common, wanted);
    String summed = without(common, wanted);
    String ownLeft = kept(without(left, right), wanted);
    String ownRight = kept(without(right, left), wanted);
    Tensor x = single(a, left, shared + ownLeft + summed);
    Tensor y = single(b, right, shared + summed + ownRight);
    int batch = Checks.product(x.shape(), 0, shared.length());
    int rows = Checks.product(x.shape(), shared.length(), shared.length() + ownLeft.length());
    int inner = Checks.product(y.shape(), shared.length(), shared.length() + summed.length());
    int columns = Checks.product(y.shape(), shared.length() + summed.length(), y.rank());
    Tensor product =
        MatrixProducts.forward(x.reshape(batch, rows, inner), y.reshape(batch, inner, columns));
    int[] shape = new int[shared.length() + ownLeft.length() + ownRight.length()];
    System.arraycopy(x.shape(), 0, shape, 0, shared.length() + ownLeft.length());
    System.arraycopy(
        y.shape(),
        shared.length() + summed.length(),
        shape,
        shared.length() + ownLeft.length(),
        ownRight.length());
    return single(product.reshape(shape), shared + ownLeft + ownRight, wanted);
  }

  /** The gradient with respect to one of the tensors. */
  public Tensor backward(List<Tensor> tensors, int index, Tensor dy) {
    List<Tensor> others = new ArrayList<>(List.of(dy));
    List<String> letters = new ArrayList<>(List.of(output));
    for (int i = 0; i < tensors.size(); i++) {
      if (i != index) {
        others.add(tensors.get(i));
        letters.add(terms.get(i));
      }
    }
    String term = terms.get(index);
    // Axes that only this tensor has were summed: their elements share one gradient.
    String known = kept(term, String.join("", letters));
    Tensor gradient = new EinsteinSums(letters, known).forward(others);
    int[] shape = tensors.get(index).shape();
    int[] stretched = shape.clone();
    for (int axis = 0; axis < shape.length; axis++) {
      stretched[axis] = known.indexOf(term.charAt(axis)) < 0 ? 1 : shape[axis];
    }
    return Picks.stretched(gradient.reshape(stretched), shape);
  }
}
