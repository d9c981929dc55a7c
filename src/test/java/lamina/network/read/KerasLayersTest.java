package lamina.network.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import lamina.Program;
import lamina.format.JsonValues;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layers of Keras that PyTorch does not have so, and the wrappings of models. */
class KerasLayersTest {
  private static String layer(String type, String members) {
    return "{'class_name':'" + type + "','config':{'name':'d'" + members + "}}";
  }

  private static String model(String layers) {
    return ("{'class_name':'Sequential','config':[" + layers + "]}").replace('\'', '"');
  }

  private static String model(String type, String members, String shape) {
    return model(layer(type, ",'batch_input_shape':" + shape + "," + members));
  }

  private static Map<?, ?> shape(String net) {
    Program program = Program.runWithInput(net, "shape", "-", "-f", "json");
    assertThat(program.err()).isEmpty();
    assertThat(program.code()).isZero();
    return (Map<?, ?>) JsonValues.read(program.out(), "stdout");
  }

  /** Values by hand: Keras's documentation says how many weights and which sizes there are. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // i·s padded the same, i·s + max(k − s, 0) without padding.
        "Conv1DTranspose | 'filters':5,'kernel_size':3,'strides':2,'padding':'same' | [null,7,2] |"
            + " [14, 5] | 35",
        "Conv1DTranspose | 'filters':5,'kernel_size':[3],'strides':[2] | [null,7,2] | [15, 5] | 35",
        "Conv2DTranspose | 'filters':4,'kernel_size':[1,2],'strides':[3,2] | [null,5,6,3] |"
            + " [15, 12, 4] | 28",
        "Conv2DTranspose | 'filters':4,'kernel_size':3,'strides':2,'padding':'same',"
            + "'output_padding':1 | [null,5,6,3] | [10, 12, 4] | 112",
        "Conv2DTranspose | 'filters':4,'kernel_size':3,'use_bias':false,'data_format':"
            + "'channels_first' | [null,3,5,6] | [4, 7, 8] | 108",
        "Conv3DTranspose | 'filters':2,'kernel_size':2,'strides':2 | [null,2,3,4,1] |"
            + " [4, 6, 8, 2] | 18",
        "PReLU | 'shared_axes':null | [null,4,5,3] | [4, 5, 3] | 60",
        "PReLU | 'shared_axes':[1] | [null,4,5,3] | [4, 5, 3] | 15",
        "PReLU | 'shared_axes':[1,2] | [null,4,5,3] | [4, 5, 3] | 3",
        "Masking | 'mask_value':0.0 | [null,4,3] | [4, 3] | 0",
        "RepeatVector | 'n':4 | [null,3] | [4, 3] | 0",
        "Permute | 'dims':[2,1] | [null,4,3] | [3, 4] | 0",
        "Permute | 'dims':[3,1,2] | [null,4,3,2] | [2, 4, 3] | 0",
        "Cropping1D | 'cropping':[1,2] | [null,9,3] | [6, 3] | 0",
        "Cropping2D | 'cropping':[[1,2],[0,3]] | [null,9,8,3] | [6, 5, 3] | 0",
        "Rescaling | 'scale':0.5,'offset':-1 | [null,4,3] | [4, 3] | 0",
        // 4·5·(3 + 5) weights and two biases of 4·5.
        "CuDNNLSTM | 'units':5,'return_sequences':true | [null,7,3] | [7, 5] | 200",
        "CuDNNGRU | 'units':5 | [null,7,3] | [5] | 150",
        "GroupNormalization | 'groups':2,'axis':-1 | [null,4,6] | [4, 6] | 12",
        "GroupNormalization | 'groups':-1,'axis':-1,'scale':false | [null,4,6] | [4, 6] | 6",
        "BatchNormalization | 'axis':-1,'scale':false | [null,4,5,6] | [4, 5, 6] | 6",
        "BatchNormalization | 'axis':1,'center':false | [null,4,5,6] | [4, 5, 6] | 4",
        "LayerNormalization | 'axis':-1,'center':false | [null,4,6] | [4, 6] | 6",
        "LayerNormalization | 'axis':[-2,-1] | [null,5,4,6] | [5, 4, 6] | 48",
        "ThresholdedReLU | 'theta':1.0 | [null,4] | [4] | 0",
        // 4·(3·3·(2 + 5)·5 + 5)
        "ConvLSTM2D | 'filters':5,'kernel_size':[3,3] | [null,7,8,9,2] | [6, 7, 5] | 1280",
        "ConvLSTM2D | 'filters':5,'kernel_size':[3,3],'padding':'same','return_sequences':true |"
            + " [null,7,8,9,2] | [7, 8, 9, 5] | 1280",
        "ConvLSTM1D | 'filters':5,'kernel_size':3,'use_bias':false | [null,7,8,2] | [6, 5] | 420",
        // 6 positions, each with a kernel of 3·2 for 5 filters and 5 biases.
        "LocallyConnected1D | 'filters':5,'kernel_size':[3] | [null,8,2] | [6, 5] | 210",
        "LocallyConnected2D | 'filters':2,'kernel_size':[2,2],'strides':[2,2] | [null,4,6,3] |"
            + " [2, 3, 2] | 156",
        "TimeDistributed | 'layer':{'class_name':'Conv2D','config':{'filters':4,'kernel_size':[3,3]"
            + "}} | [null,5,8,8,3] | [5, 6, 6, 4] | 112",
        "TimeDistributed | 'layer':{'class_name':'Flatten','config':{}} | [null,5,2,3] | [5, 6] |"
            + " 0",
        "TimeDistributed | 'layer':{'class_name':'LSTM','config':{'units':4}} | [null,5,6,3] |"
            + " [5, 4] | 128",
        "TimeDistributed | 'layer':{'class_name':'MaxPooling2D','config':{}} | [null,5,4,6,3] |"
            + " [5, 2, 3, 3] | 0",
        "TimeDistributed | 'layer':{'class_name':'BatchNormalization','config':{'axis':-1}} |"
            + " [null,5,4,3] | [5, 4, 3] | 6",
        "Activation | 'activation':'exponential' | [null,4] | [4] | 0",
        "LSTM | 'units':5,'recurrent_activation':'hard_sigmoid' | [null,7,3] | [5] | 180"
      })
  void knowsShapesAndWeights(
      String type, String members, String shape, String output, long params) {
    Map<?, ?> report = shape(model(type, members, shape));
    assertThat(report.get("output")).hasToString(output);
    assertThat(report.get("params")).isEqualTo(params);
    assertThat(report.get("partial")).isNull();
  }

  private static String run(String net, String input, String weights) {
    Program program =
        Program.run("run", net, input, "--weights", weights.replace('\'', '"'), "-f", "json");
    assertThat(program.err()).isEmpty();
    assertThat(program.code()).isZero();
    Object data = ((Map<?, ?>) JsonValues.read(program.out(), "stdout")).get("data");
    return data.toString();
  }

  /** Values by hand. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // 1·[1 2 3] from 0 and 10·[1 2 3] from 2; same padding cuts the last.
        "Conv1DTranspose | 'filters':1,'kernel_size':3,'strides':2,'use_bias':false | [null,2,1] |"
            + " [[[1],[10]]] | {'d.weight':[[[1,2,3]]]} | [[[1.0], [2.0], [13.0], [20.0], [30.0]]]",
        "Conv1DTranspose |"
            + " 'filters':1,'kernel_size':3,'strides':2,'use_bias':false,'padding':'same' |"
            + " [null,2,1] | [[[1],[10]]] | {'d.weight':[[[1,2,3]]]} | [[[1.0], [2.0], [13.0],"
            + " [20.0]]]",
        "Conv1DTranspose | 'filters':1,'kernel_size':1,'strides':2,'use_bias':false | [null,2,1] |"
            + " [[[1],[10]]] | {'d.weight':[[[3]]]} | [[[3.0], [0.0], [30.0], [0.0]]]",
        "PReLU | 'shared_axes':null | [null,2,2] | [[[-1,2],[-3,-4]]] |"
            + " {'d.weight':[[0.5,1],[2,0]]} | [[[-0.5, 2.0], [-6.0, 0.0]]]",
        "RepeatVector | 'n':2 | [null,2] | [[1,2]] | {} | [[[1.0, 2.0], [1.0, 2.0]]]",
        "Permute | 'dims':[2,1] | [null,2,3] | [[[1,2,3],[4,5,6]]] | {} | [[[1.0, 4.0], [2.0, 5.0],"
            + " [3.0, 6.0]]]",
        "Cropping1D | 'cropping':[1,1] | [null,4,1] | [[[1],[2],[3],[4]]] | {} | [[[2.0], [3.0]]]",
        "Rescaling | 'scale':0.5,'offset':-1 | [null,2] | [[4,8]] | {} | [[1.0, 3.0]]",
        "Rescaling | 'scale':[1,2],'offset':[0,1] | [null,2] | [[4,8]] | {} | [[4.0, 17.0]]",
        "Normalization | 'axis':-1,'mean':[1,2],'variance':[4,1] | [null,2] | [[3,3]] | {} |"
            + " [[1.0, 1.0]]",
        "Masking | 'mask_value':9 | [null,2,1] | [[[1],[2]]] | {} | [[[1.0], [2.0]]]",
        "ThresholdedReLU | 'theta':2.0 | [null,3] | [[1,2,3]] | {} | [[0.0, 0.0, 3.0]]",
        "Activation | 'activation':'exponential' | [null,2] | [[0,1]] | {} | [[1.0,"
            + " 2.718281828459045]]",
        // Means 2 and 6 of each half, deviations 1 and 2, epsilon 0.
        "GroupNormalization | 'groups':2,'axis':-1,'epsilon':0.0 | [null,1,4] | [[[1,3,4,8]]] |"
            + " {'d.weight':[1,1,1,2],'d.bias':[0,0,0,1]} | [[[-1.0, 1.0, -1.0, 3.0]]]",
        // Mean 4 and deviation 2 of all four.
        "LayerNormalization | 'axis':[1,2],'epsilon':0.0 | [null,2,2] | [[[2,6],[2,6]]] |"
            + " {'d.weight':[[1,2],[3,4]],'d.bias':[[0,0],[0,1]]} | [[[-1.0, 2.0], [-3.0, 5.0]]]",
        "BatchNormalization | 'axis':-1,'scale':false,'epsilon':0.0 | [null,2] | [[3,5]] |"
            + " {'d.normalization.running_mean':[1,1],'d.normalization.running_var':[4,1],"
            + "'d.shift.bias':[10,20]} | [[11.0, 24.0]]",
        "BatchNormalization | 'axis':1,'center':false,'epsilon':0.0 | [null,2,1] | [[[3],[5]]] |"
            + " {'d.normalization.running_mean':[1,1],'d.normalization.running_var':[4,1],"
            + "'d.scale.weight':[10,20]} | [[[10.0], [80.0]]]",
        "TimeDistributed | 'layer':{'class_name':'Flatten','config':{}} | [null,1,2,2] |"
            + " [[[[1,2],[3,4]]]] | {} | [[[1.0, 2.0, 3.0, 4.0]]]",
        "TimeDistributed | 'layer':{'class_name':'Conv1D','config':{'name':'c','filters':1,"
            + "'kernel_size':[2],'activation':'relu'}} | [null,2,2,1] | [[[[1],[2]],[[-3],[1]]]] |"
            + " {'d.weight':[[[1,1]]],'d.bias':[0]} | skip"
      })
  void knowsValues(
      String type, String members, String shape, String input, String weights, String output) {
    String given = weights;
    String expected = output;
    if (output.equals("skip")) {
      given = "{'d.weight':[[[1,1]]],'d.bias':[0]}";
      expected = "[[[[3.0]], [[0.0]]]]";
    }
    assertThat(run(model(type, members, shape), input, given)).isEqualTo(expected);
  }

  @Test
  void namesThePartsOfALayer() {
    String net =
        model(
            layer(
                    "SeparableConv2D",
                    ",'batch_input_shape':[null,4,4,2],'filters':3,'kernel_size':2")
                + ","
                + "{'class_name':'Reshape','config':{'name':'r','target_shape':[27]}},"
                + "{'class_name':'Dense','config':{'name':'e','units':2,'activation':'relu'}}");
    List<String> names =
        ((List<?>) shape(net).get("layers"))
            .stream().map(layer -> (String) ((Map<?, ?>) layer).get("name")).toList();
    assertThat(names)
        .containsExactly(
            "d.depthwise", "d.pointwise", "r.flatten", "r.reshape", "e", "e.activation");
  }

  @Test
  void readsModelsWithinModels() {
    String inner =
        "{'class_name':'Sequential','config':{'name':'body','layers':["
            + "{'class_name':'Dense','config':{'name':'a','units':8}},"
            + "{'class_name':'PReLU','config':{'name':'b'}}]}}";
    String net =
        model(
            inner.replace("'units':8", "'units':8,'batch_input_shape':[null,4]")
                + ","
                + layer("Dense", ",'units':2"));
    Map<?, ?> report = shape(net);
    assertThat(report.get("params")).isEqualTo(40L + 8 + 18);
    assertThat(report.get("layers").toString()).contains("name=body.a").contains("name=body.b");
    String steps =
        model(layer("TimeDistributed", ",'batch_input_shape':[null,3,4],'layer':" + inner));
    assertThat(shape(steps).get("output")).isEqualTo(List.of(3L, 8L));
    assertThat(shape(steps).get("params")).isEqualTo(48L);
  }

  private static final String LAYERS =
      "[{'class_name':'Dense','config':{'name':'d','units':2,'batch_input_shape':[null,4]}}]";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        // TensorFlow.js.
        "{'format':'layers-model','modelTopology':{'class_name':'Sequential','config':{'layers':$}}"
            + ",'weightsManifest':[]}",
        "{'modelTopology':{'keras_version':'2.4.0','model_config':{'class_name':'Sequential',"
            + "'config':{'layers':$}}}}",
        // get_config(), of old versions a list.
        "{'name':'sequential','layers':$,'build_input_shape':[null,4]}",
        "$",
        // An HDF5 file's attribute, as text within text.
        "{'model_config':{'class_name':'Sequential','config':$},'keras_version':'2.2.4'}",
        // Keras 1.
        "{'class_name':'Sequential','keras_version':'1.2.2','config':[{'class_name':'Dense',"
            + "'config':{'name':'d','output_dim':2,'init':'glorot_uniform','bias':true,"
            + "'activation':'linear','W_regularizer':null,'batch_input_shape':[null,4]}}]}",
        "{'class_name':'Sequential','config':[{'class_name':'Dense','config':{'name':'d',"
            + "'output_dim':2,'input_dim':4}}]}"
      })
  void readsEveryWrapping(String text) {
    String net = text.replace("$", LAYERS).replace('\'', '"');
    assertThat(shape(net).get("params")).isEqualTo(10L);
    String quoted = "\"" + net.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    if (net.startsWith("{")) {
      assertThat(shape(quoted).get("params")).isEqualTo(10L);
      assertThat(shape("'" + net + "'").get("params")).isEqualTo(10L);
    }
    String python = net.replace('"', '\'').replace("null", "None").replace("true", "True");
    assertThat(shape(python).get("params")).isEqualTo(10L);
  }

  @Test
  void readsKeras1() {
    String net =
        model(
            "{'class_name':'Convolution2D','config':{'name':'c','nb_filter':8,'nb_row':3,'nb_col':5,"
                + "'border_mode':'same','subsample':[2,1],'dim_ordering':'tf','activation':'relu',"
                + "'bias':true,'init':'glorot_uniform','batch_input_shape':[null,8,9,3]}},"
                + "{'class_name':'MaxPooling2D','config':{'name':'p','pool_size':[2,2],"
                + "'border_mode':'valid','strides':[2,2],'dim_ordering':'tf'}},"
                + "{'class_name':'Dropout','config':{'name':'o','p':0.5}},"
                + "{'class_name':'Flatten','config':{'name':'f'}},"
                + "{'class_name':'Dense','config':{'name':'d','output_dim':2,'bias':false}}");
    Map<?, ?> report = shape(net);
    assertThat(report.get("output")).isEqualTo(List.of(2L));
    // 3·5·3·8 + 8, and 2·4·8 features.
    assertThat(report.get("params")).isEqualTo(368L + 128);
    String recurrent =
        model(
            "{'class_name':'LSTM','config':{'name':'l','output_dim':5,'inner_activation':"
                + "'hard_sigmoid','inner_init':'orthogonal','forget_bias_init':'one','dropout_W':0.0,"
                + "'consume_less':'cpu','batch_input_shape':[null,7,3]}}");
    assertThat(shape(recurrent).get("params")).isEqualTo(180L);
    String text =
        model(
            "{'class_name':'Embedding','config':{'name':'e','input_dim':10,'output_dim':3,"
                + "'batch_input_shape':[null,6]}},"
                + "{'class_name':'Convolution1D','config':{'name':'c','nb_filter':4,"
                + "'filter_length':3,'subsample_length':1,'border_mode':'valid'}},"
                + "{'class_name':'MaxPooling1D','config':{'name':'p','pool_length':2,'stride':2}}");
    assertThat(shape(text).get("output")).isEqualTo(List.of(2L, 4L));
    assertThat(shape(text).get("params")).isEqualTo(30L + 40);
  }

  /** A layer that is known obeys each of its members or refuses it by name. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Dense | 'units':2 | [null,4]",
        "Conv1D | 'filters':2,'kernel_size':1 | [null,4,3]",
        "Conv2D | 'filters':2,'kernel_size':1 | [null,4,4,3]",
        "Conv3D | 'filters':2,'kernel_size':1 | [null,4,4,4,3]",
        "Conv1DTranspose | 'filters':2,'kernel_size':1 | [null,4,3]",
        "Conv2DTranspose | 'filters':2,'kernel_size':1 | [null,4,4,3]",
        "DepthwiseConv2D | 'kernel_size':1 | [null,4,4,3]",
        "SeparableConv2D | 'filters':2,'kernel_size':1 | [null,4,4,3]",
        "LocallyConnected2D | 'filters':2,'kernel_size':1 | [null,4,4,3]",
        "ConvLSTM2D | 'filters':2,'kernel_size':1 | [null,2,4,4,3]",
        "MaxPooling2D | 'pool_size':2 | [null,4,4,3]",
        "AveragePooling1D | 'pool_size':2 | [null,4,3]",
        "GlobalAveragePooling2D | 'keepdims':false | [null,4,4,3]",
        "ZeroPadding2D | 'padding':1 | [null,4,4,3]",
        "Cropping2D | 'cropping':1 | [null,4,4,3]",
        "UpSampling2D | 'size':2 | [null,4,4,3]",
        "Embedding | 'input_dim':9,'output_dim':2 | [null,4]",
        "LSTM | 'units':2 | [null,4,3]",
        "GRU | 'units':2 | [null,4,3]",
        "SimpleRNN | 'units':2 | [null,4,3]",
        "CuDNNLSTM | 'units':2 | [null,4,3]",
        "BatchNormalization | 'axis':-1 | [null,4,3]",
        "LayerNormalization | 'axis':-1 | [null,4,3]",
        "GroupNormalization | 'groups':1 | [null,4,3]",
        "PReLU | 'shared_axes':null | [null,4]",
        "ReLU | 'max_value':6 | [null,4]",
        "LeakyReLU | 'alpha':0.1 | [null,4]",
        "ELU | 'alpha':1 | [null,4]",
        "ThresholdedReLU | 'theta':1 | [null,4]",
        "Softmax | 'axis':-1 | [null,4]",
        "Activation | 'activation':'relu' | [null,4]",
        "Flatten | 'trainable':true | [null,4,3]",
        "Reshape | 'target_shape':[2,2] | [null,4]",
        "Permute | 'dims':[2,1] | [null,4,3]",
        "RepeatVector | 'n':2 | [null,4]",
        "Masking | 'mask_value':0 | [null,4,3]",
        "Rescaling | 'scale':2,'offset':0 | [null,4]",
        "Dropout | 'rate':0.5 | [null,4]",
        "TimeDistributed | 'layer':{'class_name':'Dense','config':{'units':2}} | [null,4,3]"
      })
  void refusesMembersThatItDoesNotKnow(String type, String members, String shape) {
    assertThat(shape(model(type, members, shape)).get("partial")).isNull();
    Program program = Program.run("shape", model(type, members + ",'frobnicate':'x'", shape));
    assertThat(program.err())
        .isEqualTo(
            "lamina shape: NET: "
                + type
                + " 'd' has frobnicate x, which is not supported; write the network as layers"
                + " without it\n");
    assertThat(program.code()).isEqualTo(3);
    assertThat(program.out()).isEmpty();
  }

  @Test
  void drawsGroupsOfTheChannelsThatComeLast() {
    String net =
        model(
            layer("Conv2D", ",'batch_input_shape':[null,8,8,3],'filters':4,'kernel_size':3")
                + ","
                + layer("Conv2D", ",'filters':4,'kernel_size':3,'groups':2").replace("'d'", "'e'"));
    assertThat(Program.runWithInput(net, "shape", "-", "-f", "mermaid").out())
        .contains("Conv2d 3x3\"]")
        .contains("Conv2d 3x3, 2 groups\"]");
  }

  @Test
  void refusesCausalPaddingOfImages() {
    String members = "'filters':4,'kernel_size':3,'padding':'causal'";
    assertThat(Program.runWithInput(model("Conv2D", members, "[null,8,8,3]"), "shape", "-").err())
        .isEqualTo(
            "lamina shape: standard input: Conv2D 'd' has padding causal, which is not supported;"
                + " write the network as layers without it\n");
    assertThat(shape(model("Conv1D", members, "[null,8,3]")).get("output"))
        .isEqualTo(List.of(8L, 4L));
  }
}
