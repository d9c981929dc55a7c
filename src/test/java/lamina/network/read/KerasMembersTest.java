package lamina.network.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import lamina.layer.Compatibility;
import lamina.layer.Pass;
import lamina.network.Network;
import lamina.network.NetworkAnalyzer;
import lamina.network.RunnableNetwork;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every member of a Keras layer is obeyed or refused by name. */
class KerasMembersTest {
  private static Network keras(String type, String members, String shape) {
    String json =
        "{\"class_name\":\"Sequential\",\"config\":[{\"class_name\":\""
            + type
            + "\",\"config\":{\"name\":\"d\",\"batch_input_shape\":"
            + shape
            + (members.isEmpty() ? "" : ",")
            + members.replace('\'', '"')
            + "}}]}";
    return Network.parse(json, "NET", Compatibility.TORCH);
  }

  /** Kernels of ones without a bias, on one sample. */
  private static double[] run(Network network, double... input) {
    int[] shape = network.input().sizes();
    RunnableNetwork runnable = RunnableNetwork.of(network, shape);
    Map<String, Tensor> weights = new LinkedHashMap<>();
    runnable
        .initialWeights(DType.FLOAT64, 1)
        .forEach(
            (name, tensor) ->
                weights.put(
                    name,
                    tensor.dtype() == DType.FLOAT64
                        ? Tensor.filled(
                            DType.FLOAT64,
                            name.endsWith("bias") || name.endsWith("mean") ? 0 : 1,
                            tensor.shape())
                        : tensor));
    return runnable.forward(Tensor.of(input, shape), weights, Pass.inference()).doubles();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // A single weight of 1: the output is the activation of the input.
        "Dense | 'units':1,'activation':'relu' | -2 | 0",
        "Dense | 'units':1,'activation':'relu' | 3 | 3",
        "Dense | 'units':1,'activation':'tanh' | 0.5 | 0.46211715726000973",
        "Dense | 'units':1,'activation':'sigmoid' | 0 | 0.5",
        "Dense | 'units':1,'activation':'linear' | -2 | -2",
        // The function has another default than the layer.
        "Dense | 'units':1,'activation':'leaky_relu' | -2 | -0.4",
        "Dense | 'units':1,'activation':'hard_tanh' | -2 | -1",
        "LeakyReLU | 'alpha':0.1 | -2 | -0.2",
        "LeakyReLU | 'negative_slope':0.2 | -2 | -0.4",
        "LeakyReLU | | -2 | -0.6",
        "ReLU | 'max_value':1.5 | 4 | 1.5",
        "ReLU | 'max_value':6.0 | 7 | 6",
        "ReLU | 'negative_slope':0.5 | -4 | -2",
        "ReLU | 'threshold':1.0 | 0.5 | 0",
        "ReLU | 'threshold':1.0 | 2 | 2",
        "ELU | 'alpha':2.0 | -1 | -1.2642411176571153",
        "ELU | | -1 | -0.6321205588285577",
        "ThresholdedReLU | | 1 | 0",
        "ThresholdedReLU | 'theta':0.5 | 1 | 1",
        // The slopes of this test are 1.
        "PReLU | | -2 | -2",
        "PReLU | 'shared_axes':null | 3 | 3",
        "Activation | 'activation':'relu' | -1 | 0",
        "BatchNormalization | 'epsilon':1.0 | 2 | 1.4142135623730951",
        "BatchNormalization | | 2 | 1.9990007493755464"
      })
  void membersAreObeyed(String type, String members, double input, double output) {
    assertThat(run(keras(type, members == null ? "" : members, "[null,1]"), input)[0])
        .isCloseTo(output, within(1e-12));
  }

  @Test
  void convolutionsHaveActivationsToo() {
    for (String type : new String[] {"Conv2D", "SeparableConv2D", "DepthwiseConv2D"}) {
      String size = type.equals("DepthwiseConv2D") ? "" : "'filters':1,";
      Network network =
          keras(type, size + "'kernel_size':[1,1],'activation':'relu'", "[null,1,2,1]");
      assertThat(run(network, -3, 2)).as(type).containsExactly(0, 2);
    }
    Network wrapped =
        keras(
            "TimeDistributed",
            "'layer':{'class_name':'Dense','config':{'units':1,'activation':'relu'}}",
            "[null,2,1]");
    assertThat(run(wrapped, -3, 2)).containsExactly(0, 2);
  }

  @Test
  void normalisationsTakeTheirAxis() {
    Network first = keras("BatchNormalization", "'axis':1", "[null,3,8,9]");
    assertThat(NetworkAnalyzer.of(first, Shape.of(3, 8, 9)).params().value()).isEqualTo(6);
    Network last = keras("BatchNormalization", "'axis':[3]", "[null,3,8,9]");
    assertThat(NetworkAnalyzer.of(last, Shape.of(3, 8, 9)).params().value()).isEqualTo(18);
  }

  @Test
  void preluHasOneSlopeForEachElementThatIsNotShared() {
    Network shared = keras("PReLU", "'shared_axes':[1,2]", "[null,8,9,3]");
    assertThat(NetworkAnalyzer.of(shared, Shape.of(8, 9, 3)).params().value()).isEqualTo(3);
    Network own = keras("PReLU", "", "[null,8,9,3]");
    assertThat(NetworkAnalyzer.of(own, Shape.of(8, 9, 3)).params().value()).isEqualTo(216);
  }

  @Test
  void theGruOfOldKerasHasOneBias() {
    // 3 · 5 · (4 + 5 + 1)
    Network network = keras("GRU", "'units':5", "[null,7,4]");
    assertThat(NetworkAnalyzer.of(network, Shape.of(7, 4)).params().value()).isEqualTo(150);
    Network after = keras("GRU", "'units':5,'reset_after':true", "[null,7,4]");
    assertThat(NetworkAnalyzer.of(after, Shape.of(7, 4)).params().value()).isEqualTo(165);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Dense | 'units':2,'activation':'snake' | activation snake",
        "Dense | 'units':2,'gain':3 | gain 3",
        "ReLU | 'max_value':2.0,'negative_slope':0.1 | negative_slope 0.1",
        "ReLU | 'max_value':2.0,'threshold':1.0 | threshold 1.0",
        "BatchNormalization | 'axis':[1,2] | axis [1, 2]",
        "BatchNormalization | 'axis':2 | axis 2",
        "Conv2D | 'filters':1,'kernel_size':1,'padding':'full' | padding full",
        "Conv2D | 'filters':1,'kernel_size':1,'data_format':'last' | data_format last",
        "MaxPooling2D | 'padding':'causal' | padding causal",
        "UpSampling2D | 'interpolation':'lanczos3' | interpolation lanczos3",
        "UpSampling3D | 'interpolation':'bilinear' | interpolation bilinear",
        "LayerNormalization | 'axis':1 | axis 1",
        "LayerNormalization | 'axis':[1,2] | axis [1, 2]",
        "LayerNormalization | 'axis':[3,2] | axis [3, 2]",
        "LayerNormalization | 'axis':[] | axis []",
        "LSTM | 'units':2,'recurrent_activation':'snake' | recurrent_activation snake",
        "LSTM | 'units':2,'return_state':true | return_state true",
        "SimpleRNN | 'units':2,'activation':'snake' | activation snake",
        "Conv2D | 'filters':1,'kernel_size':[1,1],'frobnicate':'x' | frobnicate x"
      })
  void whatCannotBeObeyedIsRefused(String type, String members, String named) {
    boolean isRecurrent = type.endsWith("RNN") || type.equals("LSTM");
    String shape = isRecurrent ? "[null,8,9]" : "[null,3,8,9]";
    shape = type.endsWith("3D") ? "[null,3,8,9,2]" : shape;
    String whole = shape;
    assertThatThrownBy(() -> keras(type, members, whole))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("NET: " + type + " 'd' has " + named + ", which is not supported");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Dense | 'units':0 | units 0, which is no number from 1 on",
        "Dense | 'units':-1 | units -1, which is no number from 1 on",
        "Dense | 'units':2,'use_bias':'no' | use_bias no, which is no truth value",
        "Conv2D | 'filters':2,'kernel_size':1,'groups':0 | groups 0, which is no number from 1 on",
        "Embedding | 'input_dim':0,'output_dim':2 | input_dim 0, which is no number from 1 on",
        "Dropout | 'rate':2 | rate 2, which is no share from 0 to 1"
      })
  void impossibleValuesAreNamed(String type, String members, String named) {
    assertThatThrownBy(() -> keras(type, members, "[null,3,8,9]"))
        .isInstanceOf(InputException.class)
        .hasMessage("NET: " + type + " 'd' has the " + named);
  }

  /** As TensorFlow and old versions write tuples, arrays and words. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Conv2D | 'filters':2,'kernel_size':{'class_name':'__tuple__','items':[3,2]},'padding':"
            + "'SAME' | [null,5,6,1] | 5x6x2 | 14",
        "Conv2D | 'filters':2,'kernel_size':3,'use_bias':0 |"
            + " {'class_name':'__tuple__','items':[null,5,6,1]} | 3x4x2 | 18",
        "Conv2D | 'filters':2,'kernel_size':3 | {'class_name':'TensorShape','items':[8,5,6,1]} |"
            + " 3x4x2 | 20",
        "LeakyReLU | 'alpha':{'type':'ndarray','value':0.5} | [null,2] | 2 | 0",
        "Rescaling | 'scale':{'class_name':'__numpy__','config':{'value':[1,2],'dtype':'float32'}},"
            + "'offset':0 | [null,2] | 2 | 0"
      })
  void readsTuplesAndArrays(String type, String members, String shape, String output, long params) {
    Network network = keras(type, members, shape.replace('\'', '"'));
    var report = NetworkAnalyzer.of(network, network.input());
    assertThat(report.output()).hasToString(output);
    assertThat(report.params().value()).isEqualTo(params);
  }

  /** 0.2 · 1 + 0.5 in Keras 1 and 2, 1/6 + 0.5 in Keras 3. */
  @ParameterizedTest
  @CsvSource({"1.2.2,0.7", "2.2.4,0.7", "2.3.0-tf,0.7", "3.0.1,0.6666666666666666"})
  void theHardSigmoidIsThatOfItsVersion(String version, double output) {
    String json =
        "{'class_name':'Sequential','keras_version':'"
            + version
            + "','config':[{'class_name':'Activation','config':{'name':'a','activation':"
            + "'hard_sigmoid','batch_input_shape':[null,1]}}]}";
    Network network = Network.parse(json.replace('\'', '"'), "NET", Compatibility.TORCH);
    assertThat(run(network, 1)[0]).isCloseTo(output, within(1e-12));
    assertThat(network.remarks()).isEmpty();
    assertThat(keras("Activation", "'activation':'hard_sigmoid'", "[null,1]").remarks())
        .containsExactly(
            "the model does not say its keras_version: hard_sigmoid is that of Keras 3, x/6 + 1/2");
  }

  /** Names are those of weights. */
  @Test
  void layersHaveNamesOfTheirOwn() {
    String dense = "{'class_name':'Dense','config':{'name':'a','units':3}}";
    String json = "{'class_name':'Sequential','config':[" + dense + "," + dense + "]}";
    assertThatThrownBy(() -> Network.parse(json.replace('\'', '"'), "NET", Compatibility.TORCH))
        .hasMessage("NET: two layers are called 'a'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Dense | 'units':2 | [null,4] | 3 | expects 4 features but the input has 3",
        "LSTM | 'units':2 | [null,null,4] | 5x3 | expects 4 features but the input has 3",
        "Conv2D | 'filters':2,'kernel_size':1 | [null,null,null,4] | 5x6x3 | expects 4 channels but"
            + " the input has 3",
        "Conv1D | 'filters':2,'kernel_size':1,'data_format':'channels_first' | [null,4,5] | 3x5 |"
            + " expects 4 channels but the input has 3"
      })
  void otherSizesThanTheModelsAreRefused(
      String type, String members, String shape, String input, String message) {
    Network network = keras(type, members, shape);
    assertThatThrownBy(() -> RunnableNetwork.of(network, Shape.parse(input).sizes()))
        .hasMessage("layer 1 'd' " + type + " 'd' " + message);
  }

  @Test
  void flattenMovesChannelsThatComeFirst() {
    Network network = keras("Flatten", "'data_format':'channels_first'", "[null,2,1,3]");
    assertThat(run(network, 1, 2, 3, 10, 20, 30)).containsExactly(1, 10, 2, 20, 3, 30);
  }

  @Test
  void aJsonNetworkMayLeaveOutWhatFollowsFromItsInput() {
    Network network =
        Network.parse(
            "[{\"type\":\"Conv2d\",\"out_channels\":96,\"kernel_size\":11,\"stride\":4},"
                + "{\"type\":\"BatchNorm2d\"},{\"type\":\"Flatten\"},"
                + "{\"type\":\"Linear\",\"out_features\":10}]",
            "NET",
            Compatibility.TORCH);
    assertThat(NetworkAnalyzer.of(network, Shape.of(3, 224, 224)).output()).isEqualTo(Shape.of(10));
    assertThat(NetworkAnalyzer.of(network, Shape.of(3, 224, 224)).params().value())
        .isEqualTo(34944 + 192 + 10L * (96 * 54 * 54 + 1));
    Network recurrent =
        Network.parse("[{\"type\":\"LSTM\",\"hidden_size\":4}]", "NET", Compatibility.TORCH);
    assertThat(NetworkAnalyzer.of(recurrent, Shape.of(5, 3)).params().value())
        .isEqualTo(4 * 4 * (3 + 4 + 2));
  }
}
