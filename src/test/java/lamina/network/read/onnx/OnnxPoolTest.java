package lamina.network.read.onnx;

import static lamina.network.read.onnx.OnnxBytes.attribute;
import static lamina.network.read.onnx.OnnxBytes.info;
import static lamina.network.read.onnx.OnnxBytes.message;
import static lamina.network.read.onnx.OnnxBytes.node;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import lamina.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ONNX's poolings, where they differ from PyTorch's. */
class OnnxPoolTest {
  @TempDir Path folder;

  /** Worked by hand: |−3|³ + |2|³ = 35, |2|³ + |−1|³ = 9. */
  @Test
  void theNormIsOfAbsoluteValues() throws IOException {
    OnnxBytes pool = node("LpPool", "x", "y", attribute("kernel_shape", 1, 2), attribute("p", 3));
    OnnxBytes graph =
        message()
            .part(1, pool)
            .text(2, "g")
            .part(11, info("x", 1, 1, 1, 3))
            .part(12, info("y", 1, 1, 1, 2));
    Files.write(folder.resolve("m.onnx"), OnnxBytes.model(graph));
    String[] args = {
      "run", "m.onnx", "[[[[-3,2,-1]]]]", "--expect", "[[[[3.2710663101885897,2.080083823051904]]]]"
    };
    Program program = Program.runIn(folder, Map.of(), new byte[0], args);
    assertThat(program.err()).isEmpty();
    assertThat(program.code()).isZero();
  }
}
