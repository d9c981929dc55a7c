package lamina.network.read.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import lamina.Program;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole numbers of fewer than 64 bits; make_onnx_integers.py made the models. */
class OnnxIntegerTest {
  @TempDir static Path folder;

  private static final Set<String> names = new TreeSet<>();

  @BeforeAll
  static void unpack() throws IOException {
    names.addAll(PackedModels.unpack("integers.zip", folder));
  }

  private static Program run(String... arguments) {
    return Program.runIn(folder, Map.of(), new byte[0], arguments);
  }

  private static void refuses(String type, String value) {
    String model = "00_Add_" + type + "/model.onnx";
    Program result = run("run", model, "[[1,2,3],[4,5," + value + "]]", "[[0,0,0],[0,0,0]]");
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .isEqualTo(
            "lamina run: the input 'a' is " + type + ", which does not hold " + value + "\n");
    assertThat(result.code()).isEqualTo(3);
  }

  @Test
  void valuesThatTheTypeOfAnInputDoesNotHoldAreRefused() {
    refuses("int8", "128");
    refuses("int8", "-129");
    refuses("uint8", "-1");
    refuses("uint8", "256");
    refuses("int16", "32768");
    refuses("uint16", "65536");
    refuses("int32", "-2147483649");
    refuses("uint32", "4294967296");
    String model = "00_Add_uint32/model.onnx";
    Program most = run("run", model, "[[4294967295,0,0],[0,0,0]]", "[[0,0,0],[0,0,0]]");
    assertThat(most.err()).isEmpty();
    assertThat(most.out()).contains("4294967295");
  }

  @Test
  void resultsAreCutToTheBitsOfTheirType() {
    List<String> failures = new ArrayList<>();
    for (String name : names) {
      Program result =
          run("run", name + "/model.onnx", "--test-data", name, "--rtol=0", "--atol=0");
      if (result.code() != 0) {
        failures.add(name + ": " + result.err());
      }
    }
    assertThat(failures).isEmpty();
    assertThat(names).hasSize(69);
  }

  @Test
  void aHundredAndAHundredAreMinusFiftySixInEightBits() {
    String values = "[[100,-128,1],[0,0,127]]";
    Program result = run("run", "00_Add_int8/model.onnx", values, values);
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).contains("-56").contains("[[-56,0,2],[0,0,-2]]");
    assertThat(result.code()).isZero();
  }
}
