package lamina;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import lamina.format.JsonValues;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * A case computed by PyTorch in float64.
 *
 * @param args the operation's arguments by PyTorch's names, as JSON values
 * @param inputs the tensors that go in; {@code dy} is the gradient of the output
 * @param outputs the tensors that come out
 * @param grads the gradient of {@code sum(output · dy)} by input; empty if there is none
 * @param json the whole case, for members beyond these
 */
public record Golden(
    String name,
    String op,
    Map<String, Object> args,
    Map<String, Tensor> inputs,
    Map<String, Tensor> outputs,
    Map<String, Tensor> grads,
    Map<String, Object> json) {

  /** All cases of a family: the file {@code golden/<family>.jsonl.gz} of the test resources. */
  public static List<Golden> read(String family) {
    String file = "/golden/" + family + ".jsonl.gz";
    List<Golden> cases = new ArrayList<>();
    try (var stream = Golden.class.getResourceAsStream(file);
        var reader =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(stream), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        Map<String, Object> json = object(JsonValues.read(line, file));
        cases.add(
            new Golden(
                (String) json.get("name"),
                (String) json.get("op"),
                object(json.get("args")),
                tensors(json.get("inputs")),
                tensors(json.get("outputs")),
                tensors(json.get("grads")),
                json));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return cases;
  }

  /** The cases of a family whose operation begins with a prefix; fails if there are none. */
  public static List<Golden> read(String family, String opPrefix) {
    List<Golden> cases = read(family).stream().filter(c -> c.op.startsWith(opPrefix)).toList();
    assertThat(cases).as(family + " " + opPrefix).isNotEmpty();
    return cases;
  }

  /** An input, or null. */
  public Tensor input(String input) {
    return inputs.get(input);
  }

  /** An input in another precision, or null. */
  public Tensor input(String input, DType dtype) {
    Tensor tensor = inputs.get(input);
    return tensor == null ? null : tensor.as(dtype);
  }

  /** The output of operations that have one. */
  public Tensor output() {
    return outputs.get("output");
  }

  /** An argument that is a whole number. */
  public int integer(String arg) {
    return Math.toIntExact((Long) args.get(arg));
  }

  /** An argument that is a number. */
  public double number(String arg) {
    return ((Number) args.get(arg)).doubleValue();
  }

  /** An argument that is true or false; false if it is missing. */
  public boolean flag(String arg) {
    return Boolean.TRUE.equals(args.get(arg));
  }

  /** An argument that is a list of whole numbers, or one number for each of {@code axes}. */
  public int[] integers(String arg, int axes) {
    int[] values = new int[axes];
    for (int i = 0; i < axes; i++) {
      Object value = args.get(arg) instanceof List<?> list ? list.get(i) : args.get(arg);
      values[i] = Math.toIntExact((Long) value);
    }
    return values;
  }

  /** Fails unless shapes are equal and {@code |actual − expected| <= atol + rtol·|expected|}. */
  public static void assertClose(
      String what, Tensor actual, Tensor expected, double rtol, double atol) {
    assertThat(actual).as(what).isNotNull();
    assertThat(actual.shape()).as("%s: shape", what).containsExactly(expected.shape());
    for (int i = 0; i < actual.size(); i++) {
      double a = actual.get(i);
      double e = expected.get(i);
      boolean close =
          Double.compare(a, e) == 0 || a == e || Math.abs(a - e) <= atol + rtol * Math.abs(e);
      assertThat(close).as("%s: element %s is %s, expected %s", what, i, a, e).isTrue();
    }
  }

  /** A tensor of a case: {@code {"shape": [...], "data": [flat]}}. */
  public static Tensor tensor(Object json) {
    Map<String, Object> document = object(json);
    List<?> sizes = (List<?>) document.get("shape");
    List<?> numbers = (List<?>) document.get("data");
    int[] shape = sizes.stream().mapToInt(size -> Math.toIntExact((Long) size)).toArray();
    double[] data = numbers.stream().mapToDouble(Golden::element).toArray();
    return Tensor.of(data, shape);
  }

  /** A map of a case. */
  @SuppressWarnings("unchecked")
  public static Map<String, Object> object(Object json) {
    return json == null ? Map.of() : (Map<String, Object>) json;
  }

  private static double element(Object json) {
    return json instanceof String text ? Double.parseDouble(text) : ((Number) json).doubleValue();
  }

  private static Map<String, Tensor> tensors(Object json) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, Object> entry : object(json).entrySet()) {
      if (entry.getValue() instanceof Map) {
        tensors.put(entry.getKey(), tensor(entry.getValue()));
      }
    }
    return tensors;
  }

  @Override
  public String toString() {
    return name;
  }
}
