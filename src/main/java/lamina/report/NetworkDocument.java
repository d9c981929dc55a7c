package lamina.report;

import java.util.ArrayList;
import java.util.List;
import lamina.network.LayerAnalysis;
import lamina.network.NetworkAnalysis;
import lamina.network.ReceptiveField;
import lamina.tensor.Layout;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;

/** What a network makes of an input, as a document: sizes are numbers, symbols strings. */
public final class NetworkDocument {
  private final Layout layout;
  private final int bytes;
  private final boolean explain;
  private final boolean flat;

  /**
   * @param layout the order of axes that shapes are shown in, as long as they have as many; null
   *     for the order of the report
   * @param bytes how many bytes an element has
   * @param explain whether to add how sizes come about
   * @param flat whether layers are rows of a table, without structure within
   */
  public NetworkDocument(Layout layout, int bytes, boolean explain, boolean flat) {
    this.layout = layout;
    this.bytes = bytes;
    this.explain = explain;
    this.flat = flat;
  }

  /** The whole report. */
  public Document of(NetworkAnalysis report) {
    Document document = new Document();
    document.put("input", sizes(report.input()));
    if (layout != null) {
      document.put("layout", layout.toString());
    }
    List<Document> layers = new ArrayList<>();
    for (int i = 0; i < report.layers().size(); i++) {
      LayerAnalysis layer = report.layers().get(i);
      boolean isNext = flat || layer.inputs().equals(List.of(i - 1));
      layers.add(layer(layer, isNext ? null : report.inputNames(layer)));
    }
    document.put("layers", layers);
    document.put("output", sizes(report.output()));
    putCosts(document, report.params(), report.macs(), report.flops(), report.activations());
    document.put("peak_activations", number(report.peak()));
    if (report.isWholeInput()) {
      document.put("costs_of", "input");
    }
    if (report.isPartial()) {
      document.put("partial", true);
      document.put("gaps", report.gaps());
    }
    if (!report.assumptions().isEmpty()) {
      document.put("notes", report.assumptions());
    }
    return document;
  }

  /**
   * @param inputs the names of what it takes; null if that is the layer before
   */
  private Document layer(LayerAnalysis layer, List<String> inputs) {
    Document document = new Document();
    document.put("name", layer.name());
    document.put("type", layer.type());
    if (inputs != null) {
      document.put("inputs", inputs);
    }
    document.put(
        "output", flat ? NetworkText.shape(layer.output(), layout) : sizes(layer.output()));
    putCosts(document, layer.params(), layer.macs(), layer.flops(), layer.activations());
    Document field = field(layer.field());
    if (flat) {
      for (String name : new String[] {"size", "stride", "start"}) {
        document.put("field_" + name, field == null ? null : field.members().get(name));
      }
      return document;
    }
    document.put("receptive_field", field);
    if (explain) {
      document.put("explanation", NetworkText.explanation(layer, layout));
    }
    return document;
  }

  private void putCosts(Document document, Dim params, Dim macs, Dim flops, Dim activations) {
    document.put("params", number(params));
    document.put("macs", number(macs));
    document.put("flops", number(flops));
    document.put("activations", number(activations));
    document.put("activation_bytes", activations == null ? null : number(activations.times(bytes)));
  }

  private List<Object> sizes(Shape shape) {
    if (shape == null) {
      return null;
    }
    List<Object> sizes = new ArrayList<>();
    for (Dim dim : inLayout(shape, layout).dims()) {
      sizes.add(number(dim));
    }
    return sizes;
  }

  /** A shape in the user's order of axes, while it has the axes that the layout names. */
  static Shape inLayout(Shape shape, Layout layout) {
    return layout != null && shape.rank() == layout.rank() ? layout.fromCanonical(shape) : shape;
  }

  private static Object number(Dim dim) {
    if (dim == null) {
      return null;
    }
    return dim.isNumber() ? (Object) dim.value() : dim.toString();
  }

  private static Document field(ReceptiveField field) {
    if (field == null) {
      return null;
    }
    if (field.isAll()) {
      return new Document().put("size", "all");
    }
    return new Document()
        .put("size", perAxis(field.size()))
        .put("stride", perAxis(field.stride()))
        .put("start", perAxis(field.start()));
  }

  /** One number if all axes have the same, else one an axis. */
  private static Object perAxis(double[] values) {
    List<Object> list = new ArrayList<>();
    boolean same = true;
    for (double value : values) {
      boolean whole = value == Math.rint(value);
      list.add(whole ? (Object) (long) value : (Object) value);
      same &= value == values[0];
    }
    return same ? list.get(0) : list;
  }
}
