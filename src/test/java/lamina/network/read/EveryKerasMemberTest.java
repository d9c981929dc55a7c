package lamina.network.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lamina.layer.Compatibility;
import lamina.layer.Pass;
import lamina.network.Network;
import lamina.network.NetworkAnalysis;
import lamina.network.RunnableNetwork;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every member of every layer of Keras, with another legal value, changes the result or is refused
 * or named. The members are those of {@code get_config()} in Keras 2 and 3.
 */
class EveryKerasMemberTest {
  /** Members that change nothing by their nature: names, starts of training, how it is computed. */
  private static final String WITHOUT_EFFECT =
      "'name':'other'; 'dtype':'float16'; 'autocast':false; 'seed':7;"
          + " 'kernel_initializer':'zeros'; 'bias_initializer':'ones'";

  /** Layers with a kernel have these too. */
  private static final String TRAINING =
      "'trainable':false; 'kernel_regularizer':{'class_name':'L2','config':{'l2':0.1}};"
          + " 'bias_regularizer':{'class_name':'L2','config':{'l2':0.1}};"
          + " 'activity_regularizer':{'class_name':'L2','config':{'l2':0.1}};"
          + " 'kernel_constraint':{'class_name':'MaxNorm','config':{'max_value':2}};"
          + " 'bias_constraint':{'class_name':'NonNeg','config':{}}; 'lora_rank':4";

  private static final String CONVOLUTION =
      "'filters':4; 'kernel_size':1; 'strides':2; 'padding':'same'; 'data_format':'channels_first';"
          + " 'dilation_rate':2; 'activation':'tanh'; 'use_bias':false; ";

  private static final String RECURRENT =
      "'units':3; 'activation':'relu'; 'use_bias':false; 'return_sequences':true;"
          + " 'return_state':true; 'go_backwards':true; 'stateful':true; 'time_major':true;"
          + " 'dropout':0.5; 'recurrent_dropout':0.5; 'zero_output_for_mask':true @"
          + " 'return_sequences':true mask; ";

  /**
   * Layers; members to start with; the shape of a sample; and for each member another value, after
   * {@code @} with what it needs.
   */
  private static final List<String> CASES =
      List.of(
          "Dense | 'units':2 | 4 | 'units':3; 'activation':'relu'; 'use_bias':false; " + TRAINING,
          "Activation | 'activation':'tanh' | 4 | 'activation':'relu'",
          "Embedding | 'input_dim':9,'output_dim':2 | indices | 'input_dim':12; 'output_dim':3;"
              + " 'mask_zero':true @ then; 'embeddings_regularizer':{'class_name':'L2',"
              + "'config':{'l2':1}}; 'embeddings_constraint':{'class_name':'NonNeg','config':{}};"
              + " 'lora_rank':2",
          "Masking | 'mask_value':5 | 4x3 | 'mask_value':0 @ then",
          "Conv1D | 'filters':2,'kernel_size':2 | 6x4 | 'groups':2; 'padding':'causal'; "
              + CONVOLUTION
              + TRAINING,
          "Conv2D | 'filters':2,'kernel_size':2 | 6x5x4 | 'groups':2; " + CONVOLUTION + TRAINING,
          "Conv3D | 'filters':2,'kernel_size':2 | 4x5x4x4 | 'groups':2; " + CONVOLUTION + TRAINING,
          "Conv1DTranspose Conv2DTranspose Conv3DTranspose | 'filters':2,'kernel_size':2 | # |"
              + " 'output_padding':1 @ 'strides':2; 'groups':2; "
              + CONVOLUTION
              + TRAINING,
          "SeparableConv1D | 'filters':2,'kernel_size':2 | 6x4 | 'depth_multiplier':2;"
              + " 'depthwise_regularizer':{'class_name':'L2','config':{'l2':1}};"
              + " 'pointwise_constraint':{'class_name':'NonNeg','config':{}}; "
              + CONVOLUTION,
          "SeparableConv2D | 'filters':2,'kernel_size':2 | 6x5x4 | 'depth_multiplier':2; "
              + CONVOLUTION,
          "DepthwiseConv1D DepthwiseConv2D | 'kernel_size':2 | # | 'depth_multiplier':2; "
              + CONVOLUTION.replace("'filters':4; ", ""),
          "LocallyConnected1D LocallyConnected2D | 'filters':2,'kernel_size':2 | # |"
              + " 'implementation':2; "
              + CONVOLUTION.replace("'dilation_rate':2; ", "")
              + TRAINING,
          "ConvLSTM1D ConvLSTM2D | 'filters':2,'kernel_size':2 | #steps |"
              + " 'recurrent_activation':'relu'; 'return_sequences':true; 'return_state':true;"
              + " 'go_backwards':true; 'stateful':true; 'dropout':0.5; 'recurrent_dropout':0.5; "
              + CONVOLUTION.replace("tanh", "relu")
              + TRAINING,
          "MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D"
              + " AveragePooling3D | 'pool_size':2 | # | 'pool_size':3; 'strides':1;"
              + " 'padding':'same' @ 'strides':3; 'data_format':'channels_first'",
          "GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D GlobalAveragePooling1D"
              + " GlobalAveragePooling2D GlobalAveragePooling3D | | # |"
              + " 'keepdims':true; 'data_format':'channels_first'",
          "ZeroPadding1D ZeroPadding2D ZeroPadding3D | 'padding':1 | # | 'padding':2;"
              + " 'data_format':'channels_first'",
          "Cropping1D Cropping2D Cropping3D | 'cropping':1 | # | 'cropping':0;"
              + " 'data_format':'channels_first'",
          "UpSampling1D UpSampling3D | 'size':2 | # | 'size':3; 'data_format':'channels_first'",
          "UpSampling2D | 'size':2 | 6x5x4 | 'size':3; 'interpolation':'bilinear';"
              + " 'data_format':'channels_first'",
          "SimpleRNN | 'units':2 | 4x3 | " + RECURRENT + TRAINING,
          "LSTM | 'units':2 | 4x3 | 'recurrent_activation':'relu'; " + RECURRENT + TRAINING,
          "GRU | 'units':2 | 4x3 | 'recurrent_activation':'relu'; 'reset_after':true; "
              + RECURRENT
              + TRAINING,
          "CuDNNLSTM CuDNNGRU | 'units':2 | 4x3 | 'units':3; 'return_sequences':true;"
              + " 'return_state':true; 'go_backwards':true; 'stateful':true; "
              + TRAINING.replace("; 'lora_rank':4", ""),
          "Bidirectional | 'layer':{'class_name':'LSTM','config':{'name':'l','units':2}} | 4x3 |"
              + " 'layer':{'class_name':'GRU','config':{'name':'l','units':2}};"
              + " 'merge_mode':'sum'; 'merge_mode':null; 'backward_layer':{'class_name':'LSTM',"
              + "'config':{'name':'l','units':3,'go_backwards':true}}",
          "TimeDistributed | 'layer':{'class_name':'Dense','config':{'name':'l','units':2}} | 4x3 |"
              + " 'layer':{'class_name':'Dense','config':{'name':'l','units':3}}",
          "BatchNormalization | 'axis':-1 | 5x4 | 'axis':1; 'epsilon':0.5; 'momentum':0.5;"
              + " 'center':false; 'scale':false; 'renorm':true; 'mode':1;"
              + " 'beta_regularizer':{'class_name':'L2','config':{'l2':1}};"
              + " 'gamma_constraint':{'class_name':'NonNeg','config':{}}; 'virtual_batch_size':2",
          "LayerNormalization | 'axis':-1 | 5x4 | 'axis':[1,2]; 'epsilon':0.5; 'center':false;"
              + " 'scale':false; 'rms_scaling':true",
          "GroupNormalization | 'groups':2,'axis':-1 | 4x4 | 'groups':4; 'axis':1;"
              + " 'epsilon':0.5; 'center':false; 'scale':false",
          "Dropout AlphaDropout | 'rate':0.5 | 5x4 | 'rate':0.9; 'noise_shape':[null,1,4]",
          "SpatialDropout1D SpatialDropout2D SpatialDropout3D | 'rate':0.5 | # | 'rate':0.9;"
              + " 'data_format':'channels_first'",
          "GaussianDropout | 'rate':0.5 | 4 | 'rate':0.9",
          "GaussianNoise | 'stddev':0.5 | 4 | 'stddev':0.9",
          "ActivityRegularization | 'l1':0.5 | 4 | 'l1':0.9; 'l2':0.1",
          "Identity Flatten | | 4x3 | 'data_format':'channels_first'",
          "Reshape | 'target_shape':[3,4] | 4x3 | 'target_shape':[2,6]",
          "Permute | 'dims':[2,1] | 4x3 | 'dims':[1,2]",
          "RepeatVector | 'n':2 | 4 | 'n':3",
          "Rescaling | 'scale':2,'offset':1 | 4 | 'scale':3; 'offset':2",
          "Normalization | 'axis':-1,'mean':1,'variance':4 | 4 | 'axis':1 ; 'mean':2; 'variance':9;"
              + " 'invert':true",
          "ReLU | | 4 | 'max_value':0.5; 'negative_slope':0.5; 'threshold':0.5",
          "LeakyReLU | | 4 | 'alpha':0.5; 'negative_slope':0.5",
          "ELU | | 4 | 'alpha':0.5",
          "ThresholdedReLU | | 4 | 'theta':0.1",
          "PReLU | | 4x3 | 'shared_axes':[1]; 'alpha_regularizer':{'class_name':'L2','config':"
              + "{'l2':1}}; 'alpha_constraint':{'class_name':'NonNeg','config':{}}",
          "Softmax | | 5x4 | 'axis':1");

  /** Members that the shape of a sample and the tests of graphs go through. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "Add",
          "Average",
          "Concatenate",
          "Dot",
          "Functional",
          "InputLayer",
          "Maximum",
          "Minimum",
          "Model",
          "Multiply",
          "Sequential",
          "Subtract");

  /** What keras.layers has, in Keras 1 to 3. */
  private static final String ALL_LAYERS =
      "Activation ActivityRegularization Add AdditiveAttention AlphaDropout Attention Average"
          + " AveragePooling1D AveragePooling2D AveragePooling3D BatchNormalization Bidirectional"
          + " CategoryEncoding CenterCrop Concatenate Conv1D Conv1DTranspose Conv2D Conv2DTranspose"
          + " Conv3D Conv3DTranspose ConvLSTM1D ConvLSTM2D ConvLSTM3D Cropping1D Cropping2D"
          + " Cropping3D CuDNNGRU CuDNNLSTM Dense DenseFeatures DepthwiseConv1D DepthwiseConv2D"
          + " Discretization Dot Dropout ELU EinsumDense Embedding Flatten GRU GRUCell"
          + " GaussianDropout GaussianNoise GlobalAveragePooling1D GlobalAveragePooling2D"
          + " GlobalAveragePooling3D GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D"
          + " GroupNormalization GroupQueryAttention HashedCrossing Hashing Identity InputLayer"
          + " IntegerLookup LSTM LSTMCell Lambda LayerNormalization LeakyReLU LocallyConnected1D"
          + " LocallyConnected2D Masking MaxPooling1D MaxPooling2D MaxPooling3D Maximum MaxoutDense"
          + " MelSpectrogram Merge Minimum MultiHeadAttention Multiply Normalization PReLU Permute"
          + " RMSNormalization RNN RandomBrightness RandomContrast RandomCrop RandomFlip"
          + " RandomHeight RandomRotation RandomTranslation RandomWidth RandomZoom ReLU"
          + " RepeatVector Rescaling Reshape Resizing SeparableConv1D SeparableConv2D SimpleRNN"
          + " SimpleRNNCell Softmax SpatialDropout1D SpatialDropout2D SpatialDropout3D"
          + " SpectralNormalization StackedRNNCells STFTSpectrogram StringLookup Subtract TFSMLayer"
          + " TextVectorization ThresholdedReLU TimeDistributed UnitNormalization UpSampling1D"
          + " UpSampling2D UpSampling3D ZeroPadding1D ZeroPadding2D ZeroPadding3D Highway"
          + " AtrousConvolution1D AtrousConvolution2D Deconvolution2D";

  /** A layer, what it starts with, its input, and other values. */
  record Case(String type, String base, String input, List<String> others) {
    @Override
    public String toString() {
      return type;
    }
  }

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (String line : CASES) {
      String[] fields = line.split(" *\\| *", -1);
      List<String> others = new ArrayList<>();
      for (String other : fields[3].split("; ?", -1)) {
        if (!other.isBlank()) {
          others.add(other.strip());
        }
      }
      for (String type : fields[0].split(" +", -1)) {
        cases.add(new Case(type, fields[1], input(type, fields[2]), others));
      }
    }
    return cases;
  }

  /** By the number of spatial axes. */
  private static String input(String type, String given) {
    String axes = type.replaceAll("\\D", "");
    return switch (given) {
      case "#" -> "6x5x4x4".substring(2 * (3 - Integer.parseInt(axes)));
      case "#steps" -> "3x" + "6x5x4x4".substring(2 * (3 - Integer.parseInt(axes)));
      default -> given;
    };
  }

  @Test
  void everyLayerThatIsKnownIsThere() {
    Set<String> tried = new LinkedHashSet<>(ELSEWHERE);
    cases().forEach(each -> tried.add(each.type()));
    for (String type : ALL_LAYERS.split(" ", -1)) {
      String spatial = type.replaceAll("\\D", "");
      if (tried.contains(type) || spatial.equals("3") || type.contains("onvolution")) {
        continue;
      }
      Network network = parse(type, "", "4x3", "");
      assertThat(network.leaves().get(0).layer()).as(type + " is known but not tried").isNull();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyMemberHasAnEffectOrIsNamed(Case each) {
    for (String other : each.others()) {
      String[] halves = other.split(" @ ", -1);
      String needs = halves.length > 1 ? halves[1] : "";
      String then = needs.replaceAll("'.*'\\S* ?", "");
      String more = needs.substring(0, needs.length() - then.length()).strip();
      String start = with(each.base(), more);
      String changed = with(start, halves[0]);
      String before = effect(each.type(), start, each.input(), then);
      String after = effect(each.type(), changed, each.input(), then);
      String name = halves[0].substring(1, halves[0].indexOf('\'', 1));
      assertThat(before).as("%s %s", each.type(), start).doesNotContain("refused");
      boolean isNamed = after.contains("in training, " + name + " of ");
      assertThat(isNamed || !after.equals(before))
          .as("%s: %s changes nothing and is neither refused nor named", each.type(), other)
          .isTrue();
      if (after.startsWith("refused")) {
        assertThat(after).as("%s: %s", each.type(), other).contains(name);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatHasNoEffectHasNone(Case each) {
    String before = effect(each.type(), each.base(), each.input(), "");
    assertThat(before).as("%s %s", each.type(), each.base()).doesNotContain("refused");
    for (String other : WITHOUT_EFFECT.split("; ", -1)) {
      String after = effect(each.type(), with(each.base(), other), each.input(), "");
      assertThat(after.replace("other", "d")).as("%s: %s", each.type(), other).isEqualTo(before);
    }
  }

  /** Members, of which a later one takes the place of an earlier one. */
  private static String with(String members, String member) {
    if (member.isEmpty()) {
      return members;
    }
    String name = member.substring(0, member.indexOf(':') + 1);
    StringBuilder all = new StringBuilder();
    int depth = 0;
    int start = 0;
    String text = members + ",";
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
      if (c == ',' && depth == 0) {
        String part = text.substring(start, i);
        if (!part.isBlank() && !part.startsWith(name)) {
          all.append(part).append(',');
        }
        start = i + 1;
      }
    }
    return all + member;
  }

  private static Network parse(String type, String members, String input, String then) {
    String shape = input.equals("indices") ? "4" : input.replace('x', ',');
    boolean isNamed = members.contains("'name':'other'");
    String own = isNamed ? "" : members.isEmpty() ? "'name':'d'" : "'name':'d',";
    String first = "";
    String batch = "'batch_input_shape':[null," + shape + "],";
    if (then.equals("mask")) {
      first = "{'class_name':'Masking','config':{'name':'m'," + batch + "'mask_value':5}},";
      batch = "";
    }
    String last =
        then.equals("then") ? ",{'class_name':'SimpleRNN','config':{'name':'t','units':2}}" : "";
    String json =
        "{'class_name':'Sequential','keras_version':'3.3.3','config':["
            + first
            + "{'class_name':'"
            + type
            + "','config':{"
            + batch
            + own
            + members
            + "}}"
            + last
            + "]}";
    return Network.parse(json.replace('\'', '"'), "NET", Compatibility.TORCH);
  }

  /** Shapes, parameters, costs, notes, and outputs in evaluation and in training, as text. */
  private static String effect(String type, String members, String input, String then) {
    try {
      Network network = parse(type, members, input, then);
      int[] sample =
          Arrays.stream((input.equals("indices") ? "4" : input).split("x", -1))
              .mapToInt(Integer::parseInt)
              .toArray();
      int[] shape = new int[sample.length + 1];
      shape[0] = 2;
      System.arraycopy(sample, 0, shape, 1, sample.length);
      double[] values = new double[Tensor.elements(shape)];
      for (int i = 0; i < values.length; i++) {
        values[i] = input.equals("indices") ? i % 4 : Math.sin(i * 1.7 + 0.3) * 1.2;
        // Some steps are masked.
        boolean isMasked = !then.isEmpty() && i / sample[sample.length - 1] % 3 == 2;
        values[i] = isMasked && !input.equals("indices") ? 5 : values[i];
      }
      Tensor tensor = Tensor.of(values, shape);
      RunnableNetwork runnable = RunnableNetwork.of(network, shape);
      NetworkAnalysis report = runnable.report();
      Map<String, Tensor> weights = new LinkedHashMap<>();
      runnable.initialWeights(DType.FLOAT64, 1).forEach(weights::put);
      weights.forEach(
          (name, weight) -> {
            if (name.endsWith("running_mean")) {
              weight.set(0, 0.5);
            }
          });
      StringBuilder effect = new StringBuilder(runnable.parameters().toString());
      effect.append(report.output()).append(report.params()).append(report.macs());
      effect.append(report.assumptions());
      add(effect, runnable, tensor, weights, Pass.inference());
      add(effect, runnable, tensor, weights, Pass.training(1));
      weights.forEach((name, value) -> add(effect.append(name), value));
      return effect.toString();
    } catch (InputException e) {
      return "refused: " + e.getMessage();
    }
  }

  private static void add(
      StringBuilder effect,
      RunnableNetwork network,
      Tensor input,
      Map<String, Tensor> weights,
      Pass pass) {
    try {
      add(effect, network.forward(input, weights, pass));
    } catch (InputException e) {
      effect.append(e.getMessage());
    }
  }

  private static void add(StringBuilder effect, Tensor tensor) {
    effect.append(Arrays.toString(tensor.shape()));
    for (int i = 0; i < tensor.size(); i++) {
      effect.append(' ').append(tensor.get(i));
    }
  }
}
