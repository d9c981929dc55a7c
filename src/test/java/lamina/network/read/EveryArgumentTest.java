package lamina.network.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import lamina.layer.Compatibility;
import lamina.layer.LayerRegistry;
import lamina.layer.LayerType;
import lamina.layer.Pass;
import lamina.network.Network;
import lamina.network.RunnableNetwork;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every argument of every layer changes something, or its value is refused, in every notation: by
 * position, by name, as printed, and in JSON. What changes nothing by its nature is listed here.
 */
class EveryArgumentTest {
  /** Arguments that say how a result is kept, not which one it is. */
  private static final Set<String> WITHOUT_EFFECT = Set.of("inplace", "return_indices", "sparse");

  /**
   * Layers, arguments to start with, an input, and for each argument another value; after {@code @}
   * what else that needs. {@code S} is 10, 10x9 or 10x9x8, by the number of spatial axes.
   */
  private static final List<String> CASES =
      List.of(
          "Conv# | in_channels=4, out_channels=8, kernel_size=3 | 2x4xS | in_channels=8;"
              + " out_channels=4; kernel_size=2; stride=2; padding=1; dilation=2; groups=2;"
              + " bias=False; padding_mode='reflect' @ padding=1",
          "ConvTranspose# | in_channels=4, out_channels=8, kernel_size=3 | 2x4xS | in_channels=8;"
              + " out_channels=4; kernel_size=2; stride=2; padding=1; output_padding=1 @ stride=2;"
              + " groups=2; bias=False; dilation=2; padding_mode='reflect'",
          "MaxPool# | kernel_size=3 | 2x4xS | kernel_size=2; stride=2; padding=1; dilation=2;"
              + " ceil_mode=True @ stride=2",
          "AvgPool# | kernel_size=3 | 2x4xS | kernel_size=2; stride=2; padding=1; ceil_mode=True @"
              + " stride=2; count_include_pad=False @ padding=1; divisor_override=5",
          "LPPool# | norm_type=2, kernel_size=3 | 2x4xS | norm_type=3; kernel_size=2; stride=2;"
              + " ceil_mode=True @ stride=2",
          "AdaptiveAvgPool# | output_size=2 | 2x4xS | output_size=3",
          "AdaptiveMaxPool# | output_size=2 | 2x4xS | output_size=3",
          "Linear | in_features=4, out_features=8 | 2x4 | in_features=8; out_features=4;"
              + " bias=False",
          "NonDynamicallyQuantizableLinear | in_features=4, out_features=8 | 2x4 | in_features=8;"
              + " out_features=4; bias=False",
          "Flatten | | 2x3x4x5 | start_dim=2; end_dim=2",
          "Unflatten | dim=1, unflattened_size=(2, 2) | 2x4x4 | dim=2; unflattened_size=(4, 1)",
          "RNN | input_size=4, hidden_size=5 | 6x3x4 | input_size=8; hidden_size=4; num_layers=2;"
              + " nonlinearity='relu'; bias=False; batch_first=True; dropout=0.5 @ num_layers=2;"
              + " bidirectional=True",
          "LSTM | input_size=4, hidden_size=5 | 6x3x4 | input_size=8; hidden_size=4; num_layers=2;"
              + " bias=False; batch_first=True; dropout=0.5 @ num_layers=2; bidirectional=True;"
              + " proj_size=2",
          "GRU | input_size=4, hidden_size=5 | 6x3x4 | input_size=8; hidden_size=4; num_layers=2;"
              + " bias=False; batch_first=True; dropout=0.5 @ num_layers=2; bidirectional=True",
          "Embedding | num_embeddings=10, embedding_dim=4 | indices | num_embeddings=20;"
              + " embedding_dim=5; padding_idx=3; max_norm=0.1; norm_type=1.0 @ max_norm=0.1;"
              + " scale_grad_by_freq=True",
          "BatchNorm# | num_features=4 | 2x4xS | num_features=8; eps=0.1; momentum=0.5;"
              + " affine=False; track_running_stats=False",
          "InstanceNorm# | num_features=4 | 2x4xS | num_features=8; eps=0.1; momentum=0.5 @"
              + " track_running_stats=True; affine=True; track_running_stats=True",
          "LayerNorm | normalized_shape=4 | 2x4 | normalized_shape=8; eps=0.1;"
              + " elementwise_affine=False; bias=False",
          "RMSNorm | normalized_shape=4 | 2x4 | normalized_shape=8; eps=0.1;"
              + " elementwise_affine=False",
          "GroupNorm | num_groups=2, num_channels=4 | 2x4x3 | num_groups=4; num_channels=8;"
              + " eps=0.1; affine=False",
          "LocalResponseNorm | size=2 | 2x4x3 | size=3; alpha=0.1; beta=0.5 @ alpha=0.5; k=2.0",
          "Dropout Dropout1d AlphaDropout FeatureAlphaDropout | | 2x4x5 | p=0.9",
          "Dropout2d | | 2x4x5x6 | p=0.9",
          "Dropout3d | | 2x4x5x6x7 | p=0.9",
          "ReLU SELU Sigmoid Hardsigmoid LogSigmoid Tanh Tanhshrink Softsign SiLU Hardswish Mish"
              + " ReLU6 | | 2x4 |",
          "Softmax2d | | 2x4x3x3 |",
          "LeakyReLU | | 2x4 | negative_slope=0.5",
          "ELU CELU | | 2x4 | alpha=2.0",
          "GELU | | 2x4 | approximate='tanh'",
          "Hardtanh | | 2x4 | min_val=-0.1; max_val=0.1",
          "Softshrink Hardshrink | | 2x4 | lambd=0.1",
          "Softplus | | 2x4 | beta=3.0; threshold=0.01",
          "Threshold | threshold=0.1, value=0.5 | 2x4 | threshold=-0.5; value=2.0",
          "Softmax LogSoftmax Softmin | | 2x4 | dim=0",
          "GLU | | 2x4 | dim=0",
          "PReLU | | 2x4x3 | num_parameters=4; init=0.9",
          "RReLU | | 2x4 | lower=0.3; upper=0.9",
          "Upsample | scale_factor=2 | 2x4x3x3 | size=(5, 5) @ scale_factor=None; scale_factor=3;"
              + " mode='bilinear'; align_corners=True @ mode='bilinear';"
              + " recompute_scale_factor=True @ scale_factor=1.4 mode='bilinear'",
          "UpsamplingNearest2d | scale_factor=2 | 2x4x3x3 | size=(5, 5) @ scale_factor=None;"
              + " scale_factor=3; mode='bilinear'",
          "UpsamplingBilinear2d | scale_factor=2 | 2x4x3x3 | size=(5, 5) @ scale_factor=None;"
              + " scale_factor=3; mode='nearest'",
          "ZeroPad# | padding=1 | 2x4xS | padding=2; value=3.0",
          "ConstantPad# | padding=1, value=2.0 | 2x4xS | padding=2; value=3.0",
          "ReflectionPad# ReplicationPad# CircularPad# | padding=1 | 2x4xS | padding=2",
          "PixelShuffle | upscale_factor=2 | 2x4x3x3 | upscale_factor=1",
          "PixelUnshuffle | downscale_factor=2 | 2x1x4x4 | downscale_factor=4",
          "Tokenize | by='patches', size=2 | 1x4x6 | by='rows' @ size=None; size=1; stride=1;"
              + " order='snake'; remainder='drop' @ size=5",
          "Select | dim=1, index=0 | 2x4x3 | dim=2; index=1",
          "Permute | dims=(0, 2, 1) | 2x4x3 | dims=(0, 1, 2)",
          "Transpose | dim0=1, dim1=2 | 2x4x3x5 | dim0=3; dim1=3",
          "Mean | dim=1 | 2x4x3 | dim=2; keepdim=True",
          "LayerNorm2d | normalized_shape=4 | 2x4x3x3 | normalized_shape=8; eps=0.1;"
              + " elementwise_affine=False",
          "StochasticDepth | p=0.5, mode='row' | 8x4x3 | p=0.1; mode='batch'",
          "DropPath | drop_prob=0.5 | 8x4x3 | drop_prob=0.1; scale_by_keep=False",
          "ChannelShuffle | groups=2 | 2x8x3x3 | groups=4",
          "Chunk | chunks=2 | 4x6 | chunks=4; dim=1; index=1",
          "Narrow | dim=1, start=0, length=2 | 4x6x5 | dim=2; start=1; length=3",
          "Slice | dim=1 | 4x6x5 | dim=2 @ start=1; start=1; stop=3; step=2",
          "View | shape=(2, 12) | 2x3x4 | shape=(2, 4, 3)",
          "Squeeze | | 2x1x1x4 | dim=1",
          "Unsqueeze | dim=1 | 2x3x4 | dim=2",
          "Affine | | 2x4 | scale=2.0; shift=3.0",
          "Power | exponent=2.0 | 2x4 | exponent=3.0");

  /**
   * Layers without arguments of their own, or with several inputs, which EveryJoinTest goes
   * through.
   */
  private static final Set<String> ELSEWHERE =
      Set.of("Identity", "Add", "Mul", "MatMul", "Maximum", "Minimum", "Concat", "Sequential");

  /** A layer, what it starts with, its input, and values for its arguments. */
  record Case(
      String name, Map<String, String> base, String input, Map<String, List<String>> others) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (String line : CASES) {
      String[] fields = line.split(" *\\| *", -1);
      Map<String, List<String>> others = new LinkedHashMap<>();
      for (String other : fields[3].split("; ?", -1)) {
        if (!other.isBlank()) {
          String[] halves = other.split(" @ ", -1);
          String name = halves[0].substring(0, halves[0].indexOf('=')).strip();
          List<String> words = new ArrayList<>(List.of(halves[0].strip()));
          if (halves.length > 1) {
            words.addAll(Arrays.asList(halves[1].split(" (?=[a-z_]+=)", -1)));
          }
          others.put(name, words);
        }
      }
      for (String name : fields[0].split(" ", -1)) {
        for (int axes = 1; axes <= (name.endsWith("#") ? 3 : 1); axes++) {
          String spatial = axes == 1 ? "10" : axes == 2 ? "10x9" : "10x9x8";
          String full = name.replace("#", axes + "d");
          Map<String, List<String>> own = new LinkedHashMap<>(others);
          // AvgPool1d has no divisor.
          own.keySet().retainAll(names(full));
          cases.add(new Case(full, arguments(fields[1]), fields[2].replace("S", spatial), own));
        }
      }
    }
    return cases;
  }

  /** The arguments that a layer takes, without their defaults. */
  private static List<String> names(String name) {
    List<String> names = new ArrayList<>();
    for (String parameter : LayerRegistry.find(name).arguments(name)) {
      names.add(parameter.replaceAll("[*]|=.*", ""));
    }
    return names;
  }

  private static Map<String, String> arguments(String text) {
    Map<String, String> arguments = new LinkedHashMap<>();
    for (String argument : text.split(", (?=[a-z_0-9]+=)", -1)) {
      if (!argument.isBlank()) {
        put(arguments, argument);
      }
    }
    return arguments;
  }

  private static void put(Map<String, String> arguments, String argument) {
    int equals = argument.indexOf('=');
    arguments.put(argument.substring(0, equals).strip(), argument.substring(equals + 1).strip());
  }

  @Test
  void everyArgumentOfEveryLayerIsThere() {
    Map<String, Set<String>> tried = new LinkedHashMap<>();
    for (Case each : cases()) {
      tried.put(each.name(), each.others().keySet());
    }
    for (LayerType type : LayerRegistry.types()) {
      for (String name : type.names()) {
        String eager = name.startsWith("Lazy") ? name.substring(4) : name;
        if (ELSEWHERE.contains(name)) {
          continue;
        }
        assertThat(tried).as(name).containsKey(eager);
        for (String argument : names(eager)) {
          if (!WITHOUT_EFFECT.contains(argument)) {
            assertThat(tried.get(eager)).as(name).contains(argument);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyArgumentHasAnEffectInEveryNotation(Case each) {
    assertThat(effects(each, each.base())).as("start").hasSize(1).doesNotContain("refused");
    for (Map.Entry<String, List<String>> other : each.others().entrySet()) {
      Map<String, String> start = new LinkedHashMap<>(each.base());
      for (String word : other.getValue().subList(1, other.getValue().size())) {
        put(start, word);
      }
      Map<String, String> changed = new LinkedHashMap<>(start);
      put(changed, other.getValue().get(0));
      Set<String> after = effects(each, changed);
      assertThat(after).as("%s with %s, all notations", each, changed).hasSize(1);
      boolean isRefused = after.contains("refused");
      assertThat(isRefused || !after.equals(effects(each, start)))
          .as("%s: %s changes nothing and is not refused", each, other.getValue())
          .isTrue();
    }
  }

  static List<Case> lazyCases() {
    return cases().stream()
        .filter(each -> LayerRegistry.find("Lazy" + each.name()) != null)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("lazyCases")
  void lazyFormsTakeTheSameArguments(Case each) {
    String lazy = "Lazy" + each.name();
    Case form = new Case(lazy, withoutFirst(each.base()), each.input(), each.others());
    for (Map.Entry<String, List<String>> other : each.others().entrySet()) {
      Map<String, String> changed = new LinkedHashMap<>(each.base());
      for (String word : other.getValue()) {
        put(changed, word);
      }
      if (!changed.entrySet().iterator().next().equals(each.base().entrySet().iterator().next())) {
        continue;
      }
      assertThat(effects(form, withoutFirst(changed)))
          .as("%s with %s", lazy, changed)
          .isEqualTo(effects(each, changed));
    }
  }

  private static Map<String, String> withoutFirst(Map<String, String> arguments) {
    Map<String, String> rest = new LinkedHashMap<>(arguments);
    rest.remove(rest.keySet().iterator().next());
    return rest;
  }

  /** What a layer does with these arguments, in all notations. */
  private static Set<String> effects(Case each, Map<String, String> arguments) {
    return Stream.of(
            positional(each.name(), arguments),
            keywords(each.name(), arguments),
            "Sequential(\n  (0): " + printed(each.name(), arguments) + "\n)",
            json(each.name(), arguments))
        .map(net -> effect(net, each.input()))
        .collect(java.util.stream.Collectors.toSet());
  }

  /** All arguments up to the last that is given, by position. */
  private static String positional(String name, Map<String, String> arguments) {
    List<String> values = new ArrayList<>();
    int last = 0;
    for (String parameter : LayerRegistry.find(name).arguments(name)) {
      int equals = parameter.indexOf('=');
      String own = parameter.replaceAll("[*]|=.*", "");
      boolean isGiven = arguments.containsKey(own);
      values.add(isGiven ? arguments.get(own) : parameter.substring(equals + 1));
      last = isGiven ? values.size() : last;
    }
    return name + "(" + String.join(", ", values.subList(0, last)) + ")";
  }

  private static String keywords(String name, Map<String, String> arguments) {
    List<String> words = new ArrayList<>();
    arguments.forEach((key, value) -> words.add(key + "=" + value));
    return name + "(" + String.join(", ", words) + ")";
  }

  /** As print(model) writes it: words without quotes. */
  private static String printed(String name, Map<String, String> arguments) {
    return keywords(name, arguments).replace("'", "");
  }

  private static String json(String name, Map<String, String> arguments) {
    StringBuilder json = new StringBuilder("[{\"type\":\"" + name + "\"");
    arguments.forEach(
        (key, value) ->
            json.append(",\"")
                .append(key)
                .append("\":")
                .append(
                    value
                        .replace('\'', '"')
                        .replace('(', '[')
                        .replace(')', ']')
                        .replace("None", "null")
                        .replace("True", "true")
                        .replace("False", "false")));
    return json.append("}]").toString();
  }

  /** Parameters, outputs in evaluation and in training, and statistics after it, as text. */
  private static String effect(String net, String input) {
    try {
      Network network = Network.parse(net, "NET", Compatibility.TORCH);
      int[] shape = input.equals("indices") ? new int[] {4} : Shape.parse(input).sizes();
      double[] values = new double[Tensor.elements(shape)];
      for (int i = 0; i < values.length; i++) {
        values[i] = input.equals("indices") ? i : Math.sin(i * 1.7 + 0.3) * 1.2;
      }
      Tensor tensor = Tensor.of(values, shape);
      RunnableNetwork runnable = RunnableNetwork.of(network, shape);
      Map<String, Tensor> weights = new LinkedHashMap<>();
      runnable.initialWeights(DType.FLOAT64, 1).forEach((name, value) -> weights.put(name, value));
      StringBuilder effect = new StringBuilder(runnable.parameters().toString());
      add(effect, runnable.forward(tensor, weights, Pass.inference()));
      add(effect, runnable.forward(tensor, weights, Pass.training(1)));
      weights.forEach((name, value) -> add(effect.append(name), value));
      return effect.toString();
    } catch (InputException e) {
      return "refused";
    }
  }

  private static void add(StringBuilder effect, Tensor tensor) {
    effect.append(Arrays.toString(tensor.shape()));
    for (int i = 0; i < tensor.size(); i++) {
      effect.append(' ').append(tensor.get(i));
    }
  }
}
