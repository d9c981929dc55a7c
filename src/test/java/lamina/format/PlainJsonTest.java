package lamina.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The fast way must never differ from the general reader in what it accepts. */
class PlainJsonTest {
  private static final String ALPHABET = "[[]],,{}:00123456789..eE+-- \n\"shapedt";

  private static Tensor plain(String text, DType dtype) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return PlainJson.read(bytes, 0, bytes.length, dtype);
  }

  private static Tensor general(String text, DType dtype) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return JsonTensors.readAny(bytes, 0, bytes.length, dtype, new Source("x"));
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void agreesWithTheGeneralReaderOnDamagedTexts(DType dtype) {
    int accepted = 0;
    for (long seed = 0; seed < 4_000; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder(document(RandomTensors.next(random, dtype)));
      for (int i = random.nextInt(3); i > 0 && text.length() > 0; i--) {
        int at = random.nextInt(text.length());
        char c = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
        switch (random.nextInt(3)) {
          case 0 -> text.setCharAt(at, c);
          case 1 -> text.insert(at, c);
          default -> text.deleteCharAt(at);
        }
      }
      Tensor tensor = plain(text.toString(), dtype);
      if (tensor != null) {
        accepted++;
        assertThat(tensor).as("seed %d: %s", seed, text).isEqualTo(general(text.toString(), dtype));
      }
    }
    assertThat(accepted).isGreaterThan(500);
  }

  private static String document(Tensor tensor) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      JsonOutput json = new JsonOutput(out);
      if (tensor.size() % 2 == 0) {
        JsonTensors.write(tensor, json);
      } else {
        JsonTensors.writeData(tensor, json);
      }
      json.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void parsesNumbersAsTheJdkDoes() {
    for (long seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
      text.append(Math.abs(random.nextLong() >> (1 + random.nextInt(62))));
      if (random.nextBoolean()) {
        text.append('.');
        for (int i = random.nextInt(20); i >= 0; i--) {
          text.append(random.nextInt(10));
        }
      }
      if (random.nextInt(3) == 0) {
        text.append(random.nextBoolean() ? "e" : "E-").append(random.nextInt(40));
      }
      String number = text.toString();
      assertThat(plain(number, DType.FLOAT64).get(0)).isEqualTo(Double.parseDouble(number));
      float single = Float.parseFloat(number);
      if (Float.isFinite(single)) {
        assertThat(plain(number, DType.FLOAT32).floats()[0]).as(number).isEqualTo(single);
      }
    }
  }

  @Test
  void roundsToFloatOnce() {
    // Just above the tie between 1 and the next float, by less than a double can say.
    String number = "1.00000005960464477539062500001";
    assertThat(plain(number, DType.FLOAT32).floats()[0]).isEqualTo(Math.nextUp(1f));
    assertThat((float) Double.parseDouble(number)).isEqualTo(1f);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[",
        "[]",
        "[1",
        "[1,",
        "[1,]",
        "[1]]",
        "[1] 2",
        "[01]",
        "[-]",
        "[1.]",
        "[.5]",
        "[1e]",
        "[+1]",
        "[1e999]",
        "[[1],[2,3]]",
        "[1,[2]]",
        "[[1],2]",
        "[null]",
        "[\"NaN\"]",
        "{\"data\":[1],\"data\":[1]}",
        "{\"shape\":[1]}",
        "{\"data\":[1],\"x\":1}",
        "{\"shape\":[2],\"data\":[1]}",
        "{\"shape\":[01],\"data\":[1]}",
        "{\"data\":[1]",
        "{\"dtype\":\"int8\",\"data\":[1]}",
        "[1\u00a0]",
        "[1 2]",
      })
  void leavesEverythingElseToTheGeneralReader(String text) {
    assertThat(plain(text, DType.FLOAT64)).isNull();
  }

  @Test
  void takesWhatTensorsUsuallyAre() {
    for (String text :
        new String[] {
          "7",
          " -1.5e3 ",
          "[[1,2],\n [3,4]]\n",
          "{\"shape\":[2],\"dtype\":\"float32\",\"data\":[1.0,2.5]}",
          "{ \"data\" : [ 1 ] }",
          "{\"shape\":[2,1],\"data\":[1,2]}",
          "{\"shape\":[],\"data\":1}",
        }) {
      assertThat(plain(text, DType.FLOAT64)).as(text).isEqualTo(general(text, DType.FLOAT64));
    }
  }

  /** A file's bytes, at most a few at a time. */
  private static InputStream trickle(byte[] bytes, int most) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] target, int from, int count) {
        return super.read(target, from, Math.min(count, most));
      }
    };
  }

  private static Tensor streamed(String text, int most, DType dtype) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return PlainJson.read(trickle(bytes, most), bytes.length, dtype);
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void readsFilesAsItReadsTexts(DType dtype) {
    for (long seed = 0; seed < 1_000; seed++) {
      Random random = new Random(seed);
      String text = document(RandomTensors.next(random, dtype));
      assertThat(streamed(text, 1 + random.nextInt(9), dtype))
          .as("seed %d: %s", seed, text)
          .isEqualTo(plain(text, dtype));
      String damaged = text.substring(0, random.nextInt(text.length()));
      assertThat(streamed(damaged, 1 + random.nextInt(9), dtype))
          .as("seed %d: %s", seed, damaged)
          .isEqualTo(plain(damaged, dtype));
    }
  }

  @Test
  void aFileMayBeLongerThanItsWindow() {
    for (int shift = 0; shift < 24; shift++) {
      Random random = new Random(shift);
      StringBuilder text = new StringBuilder(" ".repeat(shift)).append("[");
      for (int row = 0; row < 300; row++) {
        text.append(row == 0 ? "[" : ",\n" + " ".repeat(random.nextInt(100)) + "[");
        for (int column = 0; column < 100; column++) {
          text.append(column == 0 ? "" : ", ").append(random.nextGaussian());
        }
        text.append("]");
      }
      text.append("]\n");
      Tensor tensor = streamed(text.toString(), Integer.MAX_VALUE, DType.FLOAT64);
      assertThat(tensor).as("seed %d", shift).isNotNull();
      assertThat(tensor).as("seed %d", shift).isEqualTo(general(text.toString(), DType.FLOAT64));
    }
  }

  /** Where a window ends in the middle of a very long number, its first part is not the number. */
  @Test
  void longNumbersAreNotCutOff() {
    String number = "0." + "123456789".repeat(20);
    String text = "[" + (number + ",").repeat(5_000) + number + "]";
    Tensor tensor = streamed(text, Integer.MAX_VALUE, DType.FLOAT64);
    if (tensor != null) {
      assertThat(tensor).isEqualTo(general(text, DType.FLOAT64));
    }
    assertThat(streamed(number, 7, DType.FLOAT64)).isIn(null, general(number, DType.FLOAT64));
  }

  @Test
  void aFileThatCannotBeReadIsLeftToTheGeneralReader() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("broken");
          }

          @Override
          public int read(byte[] target, int from, int count) throws IOException {
            throw new IOException("broken");
          }
        };
    assertThat(PlainJson.read(broken, 100, DType.FLOAT64)).isNull();
  }

  /** What follows a text in its array is none of it. */
  @Test
  void aTextEndsWhereItIsSaidTo() {
    byte[] bytes = "[1,2]345,6]\n".getBytes(StandardCharsets.UTF_8);
    for (int end = 0; end <= bytes.length; end++) {
      Tensor tensor = PlainJson.read(bytes, 0, end, DType.FLOAT64);
      assertThat(tensor).isEqualTo(end == 5 ? Tensor.of(new double[] {1, 2}, 2) : null);
    }
    assertThat(PlainJson.read(bytes, 5, 7, DType.FLOAT64)).isEqualTo(Tensor.scalar(34));
  }
}
