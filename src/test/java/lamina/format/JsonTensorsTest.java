package lamina.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTensorsTest {
  private static ByteArrayInputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Tensor read(String text) {
    return read(text, DType.FLOAT64);
  }

  private static Tensor read(String text, DType dtype) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return JsonTensors.read(bytes, 0, bytes.length, dtype, new Source("in.json"));
  }

  private static String write(Tensor tensor) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      JsonOutput json = new JsonOutput(out);
      JsonTensors.write(tensor, json);
      json.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void readsNestedArrays() {
    assertThat(read("[[1, 2.5, -3e2], [4, 5, 6]]"))
        .isEqualTo(Tensor.of(new double[] {1, 2.5, -300, 4, 5, 6}, 2, 3));
  }

  @Test
  void readsScalarsAndEmptyArrays() {
    assertThat(read("7")).isEqualTo(Tensor.scalar(7));
    assertThat(read("{\"data\": 7}")).isEqualTo(Tensor.scalar(7));
    assertThat(read("{\"shape\": [], \"data\": 7}")).isEqualTo(Tensor.scalar(7));
    assertThat(read("[]").shape()).containsExactly(0);
    assertThat(read("[[], []]").shape()).containsExactly(2, 0);
    assertThat(read("{\"shape\": [0, 3], \"data\": []}").shape()).containsExactly(0, 3);
  }

  @Test
  void readsDocumentsWhateverTheOrderOfTheirMembers() {
    Tensor expected = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2);
    assertThat(read("{\"shape\":[2,2],\"data\":[1,2,3,4]}")).isEqualTo(expected);
    assertThat(read("{\"data\":[1,2,3,4],\"note\":{\"a\":[null,{}]},\"shape\":[2,2]}"))
        .isEqualTo(expected);
    assertThat(read("{\"shape\":[2,2],\"dtype\":\"float32\",\"data\":[[1,2],[3,4]]}"))
        .isEqualTo(expected);
  }

  @Test
  void readsTheValuesThatJsonLacks() {
    assertThat(read("[\"NaN\", \"Infinity\", \"-Infinity\", -0, -0.0]").doubles())
        .containsExactly(
            Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, -0.0);
  }

  @Test
  void picksEntries() {
    String text = "{\"a\":{\"b\":[1],\"c.d\":[5]},\"a.b\":[2],\"x\":{\"shape\":[1],\"data\":[3]}}";
    assertThat(entry(text, "a.b")).isEqualTo(Tensor.of(new double[] {2}, 1));
    assertThat(entry(text, "a.c.d")).isEqualTo(Tensor.of(new double[] {5}, 1));
    assertThat(entry(text, "x")).isEqualTo(Tensor.of(new double[] {3}, 1));
    assertThat(entry(text, "x.data")).isEqualTo(Tensor.of(new double[] {3}, 1));
    assertThatThrownBy(() -> entry(text, "a.z"))
        .isInstanceOf(InputException.class)
        .hasMessage("in.json: has no entry 'a.z'");
  }

  private static Tensor entry(String text, String name) {
    return JsonTensors.readEntry(bytes(text), name, DType.FLOAT64, "in.json");
  }

  @Test
  void readsSetsAndFlattensGroups() {
    Map<String, Tensor> all =
        JsonTensors.readAll(
            bytes(
                "{\"0.weight\":{\"shape\":[1],\"data\":[1],\"note\":\"x\"},"
                    + "\"decoder\":{\"bias\":[2,3]},\"s\":4}"),
            DType.FLOAT64,
            "w.json");
    assertThat(all.keySet()).containsExactly("0.weight", "decoder.bias", "s");
    assertThat(all.get("decoder.bias")).isEqualTo(Tensor.of(new double[] {2, 3}, 2));
  }

  @Test
  void everyTextRoundTrips() {
    for (DType dtype : DType.values()) {
      for (long seed = 0; seed < 200; seed++) {
        Tensor tensor = RandomTensors.next(new Random(seed), dtype);
        String text = write(tensor);
        Tensor again = read(text, dtype);
        assertThat(again).as("seed %d: %s", seed, text).isEqualTo(tensor);
        assertThat(write(again)).as("seed %d", seed).isEqualTo(text);
      }
    }
  }

  @Test
  void numbersAreTheShortestThatRoundTrip() {
    assertThat(
            write(
                Tensor.of(
                    new double[] {2e-3, 2.0, 1.1, Double.parseDouble("2e23"), 4.9e-324, 1e300}, 6)))
        .isEqualTo("{\"shape\":[6],\"data\":[0.002,2.0,1.1,2.0E23,4.9E-324,1.0E300]}");
    assertThat(write(Tensor.of(new float[] {0.1f, 1.6f, 1e10f}, 3)))
        .isEqualTo("{\"shape\":[3],\"dtype\":\"float32\",\"data\":[0.1,1.6,1.0E10]}");
    assertThat(write(Tensor.of(new long[] {1, Long.MIN_VALUE}, 2)))
        .isEqualTo("{\"shape\":[2],\"dtype\":\"int64\",\"data\":[1,-9223372036854775808]}");
    assertThat(write(Tensor.of(new double[] {Double.NaN, Double.NEGATIVE_INFINITY}, 2)))
        .isEqualTo("{\"shape\":[2],\"data\":[\"NaN\",\"-Infinity\"]}");
    assertThat(write(Tensor.scalar(0.5))).isEqualTo("{\"shape\":[],\"data\":0.5}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[[1,2],[3]]|in.json, line 1, column 10: at [1]: ragged: an array with 1 element where the"
            + " first one of this level has 2",
        "[[1,2],3]|in.json, line 1, column 8: at [1]: ragged: a number where the first elements of"
            + " this level are arrays",
        "[1,[2]]|in.json, line 1, column 4: at [1]: ragged: an array where the first elements of"
            + " this level are numbers",
        "[1,null]|in.json, line 1, column 4: at [1]: a number was expected, not null",
        "[[1],[true]]|in.json, line 1, column 7: at [1][0]: a number was expected, not true",
        "[1,\"2\"]|in.json, line 1, column 4: at [1]: a number was expected, not the string \"2\"",
        "[1,{}]|in.json, line 1, column 4: at [1]: a number was expected, not an object",
        "[1e999]|in.json, line 1, column 2: at [0]: 1e999 is beyond the range of float64",
        "[1,2|in.json, line 1, column 5: the input ends in the middle of a value: it is truncated",
        "[1,2] 3|in.json, line 1, column 7: more text after the end of the tensor; several"
            + " tensors, one a line, are read with --each or from a .jsonl file",
        "{}|in.json, line 1, column 1: is an object without 'data', not a tensor",
        "{\"a\":1,\"b\":[2]}|in.json, line 1, column 1: is an object without 'data', not a tensor;"
            + " pick one of its members (a, b) with #name",
        "{\"shape\":[2,3],\"data\":[1,2]}|in.json, line 1, column 1: 'shape' 2x3 does not fit"
            + " 'data', which has 2 elements",
        "{\"shape\":[2,1],\"data\":[[1,2]]}|in.json, line 1, column 1: 'shape' says 2x1 but 'data'"
            + " is nested as 1x2",
        "{\"data\":[1],\"data\":[1]}|in.json, line 1, column 19: not JSON: the name \"data\" stands"
            + " twice",
        "[1/2]|in.json, line 1, column 3: not JSON: found '/'; neither calculations nor comments"
            + " are read",
        "[None]|in.json, line 1, column 2: not JSON: 'None' is no value",
        "[1_000]|in.json, line 1, column 3: not JSON: found '_' where ',' or ']' was expected",
        "[0x1F]|in.json, line 1, column 3: not JSON: found 'x'; write the number in decimal",
        "[--1]|in.json, line 1, column 3: not JSON: found '-' in a number",
        "[01]|in.json, line 1, column 3: not JSON: a number with zeros in front",
        "[,1]|in.json, line 1, column 2: not JSON: found ',' where a value was expected",
        "[1}|in.json, line 1, column 3: not JSON: found '}' where ']' was expected",
        "{1:2}|in.json, line 1, column 2: not JSON: found '1' where a name in double quotes was"
            + " expected",
        "{\"a\" [1]}|in.json, line 1, column 6: not JSON: found '[' where ':' was expected",
        "{\"a\":[1] \"b\":2}|in.json, line 1, column 10: not JSON: found '\"' where ',' or '}' was"
            + " expected",
        "{\"shape\":[-1],\"data\":[1]}|in.json, line 1, column 11: 'shape' a size must be an"
            + " integer from 0 to 2147483639, not -1",
        "``|in.json: is empty; a tensor such as [[1,2],[3,4]] was expected",
      })
  void saysWhatIsWrongAndWhere(String text, String message) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(InputException.class).hasMessage(message);
  }

  @Test
  void valuesKeepTypesAndOrder() {
    assertThat(JsonValues.read("{\"b\":[1,2.5,\"x\",true,null],\"a\":{}}", "s"))
        .isEqualTo(Map.of("b", java.util.Arrays.asList(1L, 2.5, "x", true, null), "a", Map.of()));
    assertThat(((Map<?, ?>) JsonValues.read("{\"b\":1,\"a\":2}", "s")).keySet().toArray())
        .isEqualTo(List.of("b", "a").toArray());
  }

  @Test
  void readsOtherEncodingsOfUnicode() {
    // Java's UTF-16 writes a byte order mark itself.
    assertThat(Fixtures.pipe("[1,\r\n 2]\r\n".getBytes(StandardCharsets.UTF_16)))
        .isEqualTo(read("[1,2]"));
    assertThat(Fixtures.pipe("\ufeff[1,\r\n 2]\r\n")).isEqualTo(read("[1,2]"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\u0000\"",
        "[1,\u0000]",
        "\"unclosed",
        "[1,\"a\nb\"]",
        "{\"data\":[1],\"x\":\"\\q\"}",
        "[,1]",
        "[1}",
        "]",
        "}",
        "{1:2}",
        "[0x10]",
        "[01]",
        "nul",
        "tru",
        "'1'",
        "[1]//c",
        "{\"data\":{\"data\":[1]}}",
        "{\"data\":[1],\"shape\":1}",
        "{\"data\":[1],\"shape\":[\"1\"]}",
        "{\"data\":[1],\"shape\":[1e0]}",
        "{\"data\":[1],\"shape\":[99999999999]}",
        "{\"data\":[1],\"shape\":[99999999999999999999]}",
        "{\"data\":null}",
        "{\"shape\":[0],\"data\":[1]}",
        "{\"data\":[]}1",
      })
  void refusesInOneLine(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("in.json, line ")
        .hasMessageMatching("[^\\p{Cntrl}]{20,200}");
  }

  @Test
  void refusesInvalidUtf8AndDeepNesting() {
    byte[] invalid = {'{', '"', 'x', (byte) 0xff, '"', ':', '1', '}'};
    assertThatThrownBy(() -> Fixtures.pipe(invalid))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("standard input, line 1, column ")
        .hasMessageContaining("UTF-8");
    assertThatThrownBy(() -> read("[".repeat(100_000)))
        .hasMessage(
            "in.json, line 1, column 65: at [0]".replace("[0]", "[0]".repeat(64))
                + ": nested deeper than 64 levels");
    assertThatThrownBy(() -> read("{\"x\":" + "[".repeat(100_000)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is nested more than 1000 deep")
        .hasMessageNotContaining("\n");
    assertThatThrownBy(() -> read("[" + "1".repeat(5000) + "]"))
        .isInstanceOf(InputException.class)
        .hasMessageNotContaining("\n");
  }

  @Test
  void readsTextsLongerThanOneBuffer() throws IOException {
    Tensor large = RandomTensors.fill(Tensor.zeros(DType.FLOAT64, 100, 1000), new Random(7));
    String text = write(large);
    assertThat(JsonTensors.read(bytes(text), DType.FLOAT64, "x")).isEqualTo(large);
    assertThat(
            JsonTensors.read(bytes("1".repeat(20_000).replace("1", " ") + "5"), DType.FLOAT64, "x"))
        .isEqualTo(Tensor.scalar(5));
  }

  @Test
  void writesTextsThatJacksonReadsBack() throws IOException {
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(40); i > 0; i--) {
        text.appendCodePoint(
            random.nextBoolean() ? random.nextInt(0x80) : 0x1f300 + random.nextInt(0x200));
      }
      text.append("x".repeat(random.nextInt(3) * 5000));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      JsonOutput json = new JsonOutput(out);
      json.startObject();
      json.name(text.toString());
      json.startArray();
      json.string(text.toString());
      json.truth(true);
      json.truth(null);
      json.number(-1L);
      json.startArray();
      json.endArray();
      json.endArray();
      json.endObject();
      json.endLine();
      assertThat(JsonValues.read(out.toString(StandardCharsets.UTF_8), "x"))
          .as("seed %d", seed)
          .isEqualTo(
              Map.of(text.toString(), Arrays.asList(text.toString(), true, null, -1L, List.of())));
    }
  }
}
