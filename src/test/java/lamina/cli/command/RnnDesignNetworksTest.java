package lamina.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lamina.Program;
import lamina.format.JsonValues;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The networks that {@code rnn design} answers with are networks to {@code shape}. */
class RnnDesignNetworksTest {
  static Stream<String> tasks() {
    Map<?, ?> all = json(Program.run("rnn", "design", "--list", "-f", "json"));
    return ((List<?>) all.get("tasks"))
        .stream().map(task -> (String) ((Map<?, ?>) task).get("task"));
  }

  private static Map<?, ?> json(Program ran) {
    assertThat(ran.err()).isEmpty();
    return (Map<?, ?>) JsonValues.read(ran.out(), "the answer");
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void shapeTakesThem(String task) {
    Map<?, ?> design = json(Program.run("rnn", "design", task, "-f", "json"));

    assertThat(json(shape(design, "network", "input_shape")).containsKey("output")).isTrue();
    if (design.containsKey("decoder")) {
      assertThat(json(shape(design, "decoder", "decoder_input_shape")).containsKey("output"))
          .isTrue();
    }
  }

  private static Program shape(Map<?, ?> design, String network, String input) {
    return Program.runWithInput(
        (String) design.get(network), "shape", "-", "--input", (String) design.get(input));
  }
}
