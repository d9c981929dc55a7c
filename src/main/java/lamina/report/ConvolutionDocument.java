package lamina.report;

import java.util.ArrayList;
import java.util.List;

/** A convolution written out for people: how its sizes come about, and each sum of products. */
public final class ConvolutionDocument {
  private ConvolutionDocument() {}

  /**
   * The document.
   *
   * @param sizes the size formula of each spatial axis
   * @param indices where the elements stand in the output, as {@code [0, 1]}
   * @param sums their sums of products
   * @param all how many elements the output has
   */
  public static Document of(List<String> sizes, List<String> indices, List<String> sums, int all) {
    List<Document> axes = new ArrayList<>();
    for (int axis = 0; axis < sizes.size(); axis++) {
      axes.add(new Document().put("axis", name(axis, sizes.size())).put("size", sizes.get(axis)));
    }
    List<Document> elements = new ArrayList<>();
    for (int i = 0; i < sums.size(); i++) {
      elements.add(new Document().put("index", indices.get(i)).put("sum", sums.get(i)));
    }
    Document document = new Document().put("sizes", axes).put("elements", elements);
    return sums.size() == all
        ? document
        : document.put("note", "the first " + sums.size() + " of " + all + " elements");
  }

  /** What people call a spatial axis: depth, height, width; length if it is the only one. */
  private static String name(int axis, int axes) {
    return switch (axes - axis) {
      case 3 -> "depth";
      case 2 -> "height";
      default -> axes == 1 ? "length" : "width";
    };
  }
}
