package lamina.report;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import lamina.format.Json;
import lamina.format.JsonTensors;
import lamina.tensor.Tensor;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;

/** Documents as JSON, on one line. */
final class JsonDocument {
  private JsonDocument() {}

  static void write(Document document, OutputStream out) throws IOException {
    try (JsonGenerator json = Json.generator(out)) {
      object(document, json);
      json.writeRaw('\n');
    } catch (JacksonException e) {
      throw Json.ioCause(e);
    }
  }

  private static void object(Document document, JsonGenerator json) {
    json.writeStartObject();
    if (document.main() != null) {
      JsonTensors.writeMembers(document.main(), json);
    }
    for (Map.Entry<String, Object> member : document.members().entrySet()) {
      json.writeName(member.getKey());
      value(member.getValue(), json);
    }
    json.writeEndObject();
  }

  private static void value(Object value, JsonGenerator json) {
    if (value instanceof Tensor tensor) {
      JsonTensors.write(tensor, json);
    } else if (value instanceof Document document) {
      object(document, json);
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      for (Object element : list) {
        value(element, json);
      }
      json.writeEndArray();
    } else if (value instanceof Double number) {
      json.writeNumber(number.doubleValue());
    } else if (value instanceof Number number) {
      json.writeNumber(number.longValue());
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else if (value == null) {
      json.writeNull();
    } else {
      json.writeString((String) value);
    }
  }
}
