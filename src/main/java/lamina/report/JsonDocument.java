package lamina.report;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import lamina.format.JsonOutput;
import lamina.format.JsonTensors;
import lamina.tensor.Tensor;

/** Documents as JSON, on one line. */
final class JsonDocument {
  private JsonDocument() {}

  static void write(Document document, OutputStream out) throws IOException {
    JsonOutput json = new JsonOutput(out);
    object(document, json);
    json.endLine();
  }

  private static void object(Document document, JsonOutput json) throws IOException {
    json.startObject();
    if (document.main() != null) {
      JsonTensors.writeMembers(document.main(), json);
    }
    for (Map.Entry<String, Object> member : document.members().entrySet()) {
      json.name(member.getKey());
      value(member.getValue(), json);
    }
    json.endObject();
  }

  private static void value(Object value, JsonOutput json) throws IOException {
    if (value instanceof Tensor tensor) {
      JsonTensors.write(tensor, json);
    } else if (value instanceof Document document) {
      object(document, json);
    } else if (value instanceof List<?> list) {
      json.startArray();
      for (Object element : list) {
        value(element, json);
      }
      json.endArray();
    } else if (value instanceof Double number) {
      json.number(number.doubleValue());
    } else if (value instanceof Number number) {
      json.number(number.longValue());
    } else if (value instanceof Boolean truth) {
      json.truth(truth);
    } else if (value == null) {
      json.truth(null);
    } else {
      json.string((String) value);
    }
  }
}
