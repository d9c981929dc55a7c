package lamina.report;

import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.format.Npy;
import lamina.format.Npz;
import lamina.format.Safetensors;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/** The tensors and numbers of a document as npy, npz or safetensors. */
final class NpyDocument {
  private NpyDocument() {}

  /** A single tensor as npy; several as npz. */
  static void write(Document document, OutputStream out) throws IOException {
    Map<String, Tensor> tensors = tensors(document);
    if (tensors.size() == 1) {
      Npy.write(tensors.values().iterator().next(), out);
    } else {
      throw new InputException(
          "npy holds one tensor, but the result has "
              + String.join(", ", tensors.keySet())
              + "; use -o FILE.npz");
    }
  }

  static void writeNpz(Document document, OutputStream out) throws IOException {
    Npz.write(tensors(document), out);
  }

  static void writeSafetensors(Document document, OutputStream out) throws IOException {
    Safetensors.write(tensors(document), out);
  }

  private static Map<String, Tensor> tensors(Document document) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    collect("", document, tensors);
    if (tensors.isEmpty()) {
      throw new InputException("the result holds no tensor; use --format json");
    }
    return tensors;
  }

  /** Tensors and numbers by name, nested ones with dots; texts have no place in these files. */
  private static void collect(String prefix, Document document, Map<String, Tensor> tensors) {
    if (document.main() != null) {
      tensors.put(prefix.isEmpty() ? Npz.MAIN : prefix, document.main());
    }
    for (Map.Entry<String, Object> member : document.members().entrySet()) {
      String name = prefix.isEmpty() ? member.getKey() : prefix + "." + member.getKey();
      collectValue(name, member.getValue(), tensors);
    }
  }

  private static void collectValue(String name, Object value, Map<String, Tensor> tensors) {
    if (value instanceof Tensor tensor) {
      tensors.put(name, tensor);
    } else if (value instanceof Document inner) {
      collect(name, inner, tensors);
    } else if (value instanceof Double number) {
      tensors.put(name, Tensor.scalar(number));
    } else if (value instanceof Number number) {
      tensors.put(name, Tensor.scalar(number.doubleValue()).as(DType.INT64));
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        collectValue(name + "." + i, list.get(i), tensors);
      }
    }
  }
}
