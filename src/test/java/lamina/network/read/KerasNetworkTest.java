package lamina.network.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import lamina.layer.Compatibility;
import lamina.network.Network;
import lamina.network.NetworkAnalysis;
import lamina.network.NetworkAnalyzer;
import lamina.tensor.Shape;
import org.junit.jupiter.api.Test;

class KerasNetworkTest {
  private static String model(String... layers) {
    return "{\"class_name\":\"Sequential\",\"config\":{\"name\":\"s\",\"layers\":["
        + String.join(",", layers)
        + "]}}";
  }

  private static String layer(String type, String config) {
    return "{\"module\":\"keras.layers\",\"class_name\":\""
        + type
        + "\",\"config\":{"
        + config.replace('\'', '"')
        + "}}";
  }

  private static NetworkAnalysis report(String json) {
    Network network = Network.parse(json, "NET", Compatibility.TORCH);
    return NetworkAnalyzer.of(network, network.input());
  }

  private static String outputs(NetworkAnalysis report) {
    return report.layers().stream()
        .map(layer -> layer.output().toString())
        .collect(Collectors.joining(" "));
  }

  /** The parameters are those of Keras's own example, simple_mnist_convnet. */
  @Test
  void readsAnImageClassifier() {
    NetworkAnalysis report =
        report(
            model(
                layer("InputLayer", "'batch_shape':[null,28,28,1],'name':'input'"),
                layer(
                    "Conv2D",
                    "'name':'conv','filters':32,'kernel_size':[3,3],'strides':[1,1],"
                        + "'padding':'valid','data_format':'channels_last','activation':'relu',"
                        + "'use_bias':true"),
                layer("MaxPooling2D", "'pool_size':[2,2],'padding':'valid','strides':[2,2]"),
                layer("Conv2D", "'filters':64,'kernel_size':[3,3],'strides':[1,1]"),
                layer("MaxPooling2D", "'pool_size':[2,2],'strides':[2,2]"),
                layer("Flatten", "'name':'flatten'"),
                layer("Dropout", "'rate':0.5"),
                layer("Dense", "'units':10,'use_bias':true,'activation':'softmax'")));
    assertThat(report.params().value()).isEqualTo(34_826);
    assertThat(outputs(report))
        .isEqualTo("26x26x32 26x26x32 13x13x32 11x11x64 5x5x64 1600 1600 10 10");
    assertThat(report.layers().get(0).name()).isEqualTo("conv");
  }

  /** The parameters are those of Keras's own example, bidirectional_lstm_imdb. */
  @Test
  void readsATextClassifier() {
    String lstm =
        layer("LSTM", "'units':64,'return_sequences':RETURN,'use_bias':true,'name':'lstm'");
    NetworkAnalysis report =
        report(
            model(
                layer("InputLayer", "'batch_input_shape':[null,null]"),
                layer("Embedding", "'input_dim':20000,'output_dim':128"),
                layer("Bidirectional", "'layer':" + lstm.replace("RETURN", "true")),
                layer("Bidirectional", "'layer':" + lstm.replace("RETURN", "false")),
                layer("Dense", "'units':1")));
    assertThat(report.params().value()).isEqualTo(2_757_761);
    assertThat(outputs(report)).isEqualTo("Tx128 Tx128 128 1");
  }

  @Test
  void readsTheOtherLayers() {
    NetworkAnalysis report =
        report(
            model(
                layer("InputLayer", "'batch_shape':[null,32,32,16]"),
                layer(
                    "SeparableConv2D",
                    "'filters':32,'kernel_size':[3,3],'padding':'same','strides':[2,2]"),
                layer("BatchNormalization", "'scale':true,'center':true"),
                layer("Activation", "'activation':'relu'"),
                layer("DepthwiseConv2D", "'kernel_size':[3,3],'padding':'same'"),
                layer("ZeroPadding2D", "'padding':[[1,2],[0,3]]"),
                layer("UpSampling2D", "'size':[2,2]"),
                layer("Cropping2D", "'cropping':[[1,1],[2,2]]"),
                layer("AveragePooling2D", "'pool_size':[2,2],'padding':'same'"),
                layer("GlobalAveragePooling2D", "'keepdims':false"),
                layer("Reshape", "'target_shape':[8,-1]"),
                layer("GRU", "'units':5,'reset_after':true,'return_sequences':false"),
                layer("SimpleRNNCell", "'units':5")));
    assertThat(report.layers().get(report.layers().size() - 2).output()).isEqualTo(Shape.of(5));
    assertThat(report.gaps()).hasSize(1);
    long separable = 9 * 16 + 16 * 32 + 32;
    long gru = 3 * (5 * (4 + 5) + 2 * 5);
    assertThat(report.params().value()).isEqualTo(separable + 64 + (9 * 32 + 32) + gru);
    assertThat(report.layers().get(5).output()).isEqualTo(Shape.of(19, 19, 32));
    assertThat(report.layers().get(7).output()).isEqualTo(Shape.of(36, 34, 32));
    assertThat(report.layers().get(8).output()).isEqualTo(Shape.of(18, 17, 32));
  }

  @Test
  void refusesOtherModels() {
    assertThatThrownBy(() -> report("{\"class_name\":\"Functional\",\"config\":{}}"))
        .hasMessage("NET: the Keras model has no list of layers in its config");
    assertThatThrownBy(() -> report("{\"class_name\":\"MyModel\",\"config\":{}}"))
        .hasMessage(
            "NET: is a Keras model of class MyModel; models of the classes Sequential and"
                + " Functional are read");
    assertThatThrownBy(
            () -> report(model(layer("Conv2D", "'name':'c','filters':'x','kernel_size':3"))))
        .hasMessage("NET: Conv2D 'c' has the filters x, which is no whole number");
  }
}
