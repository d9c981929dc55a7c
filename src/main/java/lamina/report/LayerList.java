package lamina.report;

import java.util.ArrayList;
import java.util.List;
import lamina.layer.LayerRegistry;
import lamina.layer.LayerType;
import lamina.op.activation.ActivationKind;
import lamina.op.activation.Activations;

/** All layers of a network and all functions of {@code lamina activate}, with their arguments. */
public final class LayerList {
  private static final String INDENT = "    ";

  private LayerList() {}

  /**
   * The list for programs: a document a name.
   *
   * @param flat whether arguments and names are texts, as cells of a table
   */
  public static Document document(boolean flat) {
    List<Document> layers = new ArrayList<>();
    for (LayerType type : LayerRegistry.types()) {
      for (String name : type.names()) {
        layers.add(
            new Document()
                .put("name", name)
                .put("arguments", list(type.arguments(name), flat))
                .put("about", type.about())
                .put("keras", list(type.keras(), flat))
                .put("onnx", list(type.onnx(), flat)));
      }
    }
    List<Document> functions = new ArrayList<>();
    for (ActivationKind kind : Activations.ALL) {
      functions.add(
          new Document()
              .put("name", kind.label())
              .put("parameters", list(parameters(kind), flat))
              .put("about", kind.about()));
    }
    return new Document().put("layers", layers).put("functions", functions);
  }

  private static Object list(List<String> words, boolean flat) {
    return flat ? String.join(", ", words) : words;
  }

  private static List<String> parameters(ActivationKind kind) {
    List<String> parameters = new ArrayList<>();
    if (kind.alphaName() != null) {
      parameters.add(parameter(kind.alphaName(), kind.alpha()));
    }
    if (kind.betaName() != null) {
      parameters.add(parameter(kind.betaName(), kind.beta()));
    }
    return parameters;
  }

  private static String parameter(String name, double otherwise) {
    return Double.isNaN(otherwise) ? name : name + "=" + otherwise;
  }

  /**
   * The list for people: a paragraph a family.
   *
   * @param width the columns that lines may fill
   */
  public static String text(int width) {
    StringBuilder text = new StringBuilder("layers\n");
    for (LayerType type : LayerRegistry.types()) {
      text.append('\n');
      append(text, "", String.join(" ", type.names()), width);
      append(text, INDENT, type.about(), width);
      append(text, INDENT, "(" + type.signature() + ")", width);
      String keras = type.keras().isEmpty() ? "" : "Keras " + String.join(" ", type.keras());
      String onnx = type.onnx().isEmpty() ? "" : "ONNX " + String.join(" ", type.onnx());
      if (!keras.isEmpty() || !onnx.isEmpty()) {
        append(text, INDENT, keras + (keras.isEmpty() || onnx.isEmpty() ? "" : "; ") + onnx, width);
      }
    }
    text.append("\nA Lazy layer takes its first argument from the input.\n");
    text.append("\nfunctions of lamina activate\n");
    for (ActivationKind kind : Activations.ALL) {
      String parameters = String.join(", ", parameters(kind));
      text.append('\n');
      append(text, "", kind.label() + (parameters.isEmpty() ? "" : " (" + parameters + ")"), width);
      append(text, INDENT, kind.about(), width);
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String indent, String line, int width) {
    for (String part : TextWrap.lines(line, width - indent.length(), 0)) {
      text.append(indent).append(part).append('\n');
    }
  }
}
