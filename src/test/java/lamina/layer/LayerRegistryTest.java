package lamina.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import lamina.op.activation.ActivationKind;
import lamina.op.activation.Activations;
import lamina.op.activation.ForeignName;
import org.junit.jupiter.api.Test;

/** The table of layers and that of activations name everything once. */
class LayerRegistryTest {
  @Test
  void everyLayerHasItsNamesAndAPurpose() {
    List<String> names = new ArrayList<>();
    for (LayerType type : LayerRegistry.types()) {
      names.addAll(type.names());
      assertThat(type.about()).as("what %s does", type.names()).isNotBlank();
      for (String name : type.names()) {
        assertThat(LayerRegistry.find(name)).as(name).isSameAs(type);
      }
    }
    assertThat(names).doesNotHaveDuplicates().isEqualTo(LayerRegistry.names());
  }

  @Test
  void everyForeignNameLeadsToALayer() {
    int asked = 0;
    for (LayerType type : LayerRegistry.types()) {
      List<String> foreign = new ArrayList<>(type.keras());
      foreign.addAll(type.onnx());
      foreign.removeAll(LayerRegistry.names());
      for (String name : foreign) {
        String hint = LayerRegistry.hint(name);
        assertThat(hint).as(name).startsWith("; did you mean '").endsWith("'?");
        String torch = hint.substring("; did you mean '".length(), hint.length() - 2);
        assertThat(LayerRegistry.names()).as(name).contains(torch);
        asked++;
      }
    }
    assertThat(asked).isGreaterThan(60);
  }

  @Test
  void noTwoActivationsShareAName() {
    List<String> keras = new ArrayList<>();
    List<String> onnx = new ArrayList<>();
    for (ActivationKind kind : Activations.ALL) {
      for (ForeignName name : kind.keras()) {
        keras.add(name.name());
      }
      for (ForeignName name : kind.onnx()) {
        onnx.add(name.name());
      }
      assertThat(Activations.find(kind.label())).isSameAs(kind);
    }
    assertThat(keras).doesNotHaveDuplicates().contains("leaky_relu", "LeakyReLU");
    assertThat(onnx).doesNotHaveDuplicates().contains("ThresholdedRelu");
    assertThat(Activations.labels()).doesNotHaveDuplicates();
  }

  /** What follows from the input may be left out in JSON, and is the first argument. */
  @Test
  void onlyTheFirstArgumentFollowsFromTheInput() {
    assertThat(LayerRegistry.find("Conv2d").inferable()).isEqualTo("in_channels");
    assertThat(LayerRegistry.find("GRU").inferable()).isEqualTo("input_size");
    assertThat(LayerRegistry.find("Embedding").inferable()).isNull();
    assertThat(LayerRegistry.find("Identity").inferable()).isNull();
    assertThat(LayerRegistry.find("LazyLinear").arguments("LazyLinear"))
        .containsExactly("out_features", "bias=True");
  }
}
