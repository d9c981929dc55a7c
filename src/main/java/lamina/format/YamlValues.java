package lamina.format;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.text.InputException;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** YAML texts as the same plain values as {@link JsonValues}. */
public final class YamlValues {
  private YamlValues() {}

  /**
   * Reads a YAML text of one document.
   *
   * @param sourceName what messages call the text
   * @throws InputException if the text is malformed, with line and column
   */
  public static Object read(String yaml, String sourceName) {
    LoadSettings settings = LoadSettings.builder().setLabel(sourceName).build();
    try {
      return plain(new Load(settings).loadFromString(yaml), sourceName);
    } catch (MarkedYamlEngineException e) {
      Source source = new Source(sourceName);
      String problem = "not YAML: " + e.getProblem();
      throw e.getProblemMark()
          .map(mark -> source.error(mark.getLine() + 1L, mark.getColumn() + 1L, problem))
          .orElseGet(() -> source.error(problem));
    } catch (YamlEngineException e) {
      throw InputException.at(sourceName, "not YAML: " + e.getMessage(), e);
    }
  }

  private static Object plain(Object value, String source) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> members = new LinkedHashMap<>();
      map.forEach((key, member) -> members.put(String.valueOf(key), plain(member, source)));
      return members;
    }
    if (value instanceof List<?> list) {
      List<Object> elements = new ArrayList<>();
      list.forEach(element -> elements.add(plain(element, source)));
      return elements;
    }
    if (value instanceof Integer number) {
      return number.longValue();
    }
    if (value instanceof BigInteger number) {
      return number.doubleValue();
    }
    boolean known =
        value == null
            || value instanceof String
            || value instanceof Long
            || value instanceof Double
            || value instanceof Boolean;
    if (!known) {
      throw InputException.at(source, "'" + value + "' is neither text nor number");
    }
    return value;
  }
}
