package lamina.network.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import lamina.Golden;
import lamina.Program;
import lamina.tensor.Tensor;
import org.junit.jupiter.api.Test;

/**
 * Texts that say how a network flows, with mistakes in them: each is read or refused in one line.
 */
class FlowMutationTest {
  private static final String[] PIECES = {
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "=",
    "%",
    "'",
    "\"",
    "-",
    "0",
    "1",
    "99999999999",
    "None",
    "null",
    "x",
    ".",
    "\n",
    " ",
    "return ",
    "self.",
    "size",
    "true",
    "-1",
    "1e99"
  };

  private static String mutated(String text, Random random) {
    StringBuilder changed = new StringBuilder(text);
    for (int change = 0; change <= random.nextInt(3); change++) {
      int at = random.nextInt(changed.length());
      int end = Math.min(changed.length(), at + 1 + random.nextInt(random.nextBoolean() ? 3 : 40));
      switch (random.nextInt(4)) {
        case 0 -> changed.delete(at, end);
        case 1 -> changed.insert(at, PIECES[random.nextInt(PIECES.length)]);
        case 2 -> changed.replace(at, end, PIECES[random.nextInt(PIECES.length)]);
        default -> changed.insert(at, changed.substring(at, end));
      }
    }
    return changed.toString();
  }

  private static void check(List<String> texts, List<String> inputs, long seed, int count) {
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < count; i++) {
      int which = random.nextInt(texts.size());
      String text = mutated(texts.get(which), random);
      Program program =
          Program.runWithInput(text, "shape", "--input", inputs.get(which), "-f", "json");
      String what = "seed " + seed + ", text " + i + ":\n" + text + "\n" + program.err();
      assertThat(program.code()).as(what).isIn(0, 3);
      assertThat(program.err().lines().toList()).as(what).hasSizeLessThanOrEqualTo(1);
      refused += program.code() == 3 ? 1 : 0;
    }
    assertThat(refused).isBetween(count / 20, count);
  }

  @Test
  void forwardIsReadOrRefused() {
    List<String> texts = new ArrayList<>();
    List<String> inputs = new ArrayList<>();
    for (Golden golden : Golden.read("forward", "forward")) {
      for (Object text : Golden.object(golden.json().get("texts")).values()) {
        texts.add((String) text);
        inputs.add(Tensor.text(golden.input("input").shape()));
      }
    }
    check(texts, inputs, 20251, 700);
  }

  @Test
  void graphsOfManyKindsAreReadOrRefused() {
    List<String> texts = new ArrayList<>();
    List<String> inputs = new ArrayList<>();
    for (Golden golden : Golden.read("networks", "network")) {
      List<?> order = (List<?>) golden.json().get("order");
      if (order.size() == 1) {
        texts.add((String) golden.json().get("text"));
        inputs.add(Tensor.text(golden.input((String) order.get(0)).shape()));
      }
    }
    check(texts, inputs, 20254, 700);
  }

  @Test
  void kerasIsReadOrRefused() {
    List<String> texts = new ArrayList<>();
    List<String> inputs = new ArrayList<>();
    for (Golden golden : Golden.read("keras_graph", "keras_graph")) {
      texts.add((String) golden.json().get("text"));
      inputs.add(Tensor.text(golden.input("input").shape()));
    }
    check(texts, inputs, 20252, 400);
  }

  @Test
  void familiesAreReadOrRefused() {
    List<String> texts = new ArrayList<>();
    List<String> inputs = new ArrayList<>();
    for (Golden golden : Golden.read("family_values", "family")) {
      texts.add((String) golden.json().get("text"));
      inputs.add(Tensor.text(golden.input("input").shape()));
    }
    check(texts, inputs, 20253, 300);
  }
}
