package lamina.network.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.Golden;
import lamina.Program;
import lamina.format.JsonValues;
import lamina.layer.Compatibility;
import lamina.layer.Gradients;
import lamina.layer.Pass;
import lamina.network.Network;
import lamina.network.RunnableNetwork;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Values of Keras's recurrent and locally connected layers, and of masks. */
class KerasRecurrentTest {
  static List<Golden> cases() {
    return Golden.read("keras_recurrent");
  }

  private static Map<String, Tensor> weights(Golden golden, DType dtype) {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    golden.inputs().forEach((name, tensor) -> weights.put(name, tensor.as(dtype)));
    weights.remove("x");
    return weights;
  }

  private static RunnableNetwork network(Golden golden) {
    String json = (String) golden.args().get("model");
    Network network = Network.parse(json, golden.name(), Compatibility.TORCH);
    return RunnableNetwork.of(network, golden.input("x").shape());
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT64", "FLOAT32"})
  void agreesWithTheFormulaeOfItsDocumentation(DType dtype) {
    for (Golden golden : cases()) {
      RunnableNetwork network = network(golden);
      Map<String, Tensor> given = network.weights(weights(golden, dtype), golden.name());
      Tensor input = golden.input("x");
      boolean isIndices = given.containsKey("e.weight");
      Tensor x = isIndices ? input.as(DType.INT64) : input.as(dtype);
      Tensor y = network.forward(x, given, Pass.inference());
      Tensor expected = golden.outputs().get("output");
      assertThat(y.shape()).as(golden.name()).isEqualTo(expected.shape());
      double tolerance = dtype == DType.FLOAT64 ? 1e-9 : 2e-5;
      for (int i = 0; i < y.size(); i++) {
        assertThat(y.get(i))
            .as("%s, element %s", golden.name(), i)
            .isCloseTo(expected.get(i), Assertions.within(tolerance));
      }
    }
  }

  static List<Golden> differentiable() {
    return cases().stream()
        .filter(golden -> !golden.op().startsWith("ConvLSTM"))
        .filter(golden -> !golden.op().startsWith("LocallyConnected"))
        // At a kink there is no difference quotient.
        .filter(golden -> !golden.name().contains("hard_sigmoid"))
        .filter(golden -> !golden.name().contains("relu"))
        .toList();
  }

  /** Central differences of the sum of outputs times numbers that differ. */
  @ParameterizedTest
  @MethodSource("differentiable")
  void gradientsAreThoseOfTheValues(Golden golden) {
    RunnableNetwork network = network(golden);
    Map<String, Tensor> given = network.weights(weights(golden, DType.FLOAT64), "weights");
    boolean isIndices = given.containsKey("e.weight");
    Tensor x = isIndices ? golden.input("x").as(DType.INT64) : golden.input("x");
    Pass pass = Pass.evaluation();
    Tensor y = network.forward(x, given, pass);
    Tensor dy = Tensor.zeros(DType.FLOAT64, y.shape());
    for (int i = 0; i < dy.size(); i++) {
      dy.set(i, Math.cos(i));
    }
    Gradients gradients = new Gradients();
    pass.backward(dy, gradients);
    for (Map.Entry<String, Tensor> weight : given.entrySet()) {
      Tensor values = weight.getValue();
      // Every seventh element is enough, the first among them.
      for (int i = 0; i < values.size(); i += 7) {
        double old = values.get(i);
        values.set(i, old + 1e-6);
        double more = product(network.forward(x, given, Pass.evaluation()), dy);
        values.set(i, old - 1e-6);
        double less = product(network.forward(x, given, Pass.evaluation()), dy);
        values.set(i, old);
        assertThat(gradients.byName().get(weight.getKey()).get(i))
            .as("%s, %s[%s]", golden.name(), weight.getKey(), i)
            .isCloseTo((more - less) / 2e-6, Assertions.within(1e-7));
      }
    }
  }

  private static double product(Tensor y, Tensor dy) {
    double sum = 0;
    for (int i = 0; i < y.size(); i++) {
      sum += y.get(i) * dy.get(i);
    }
    return sum;
  }

  private static String model(String... layers) {
    return ("{'class_name':'Sequential','config':[" + String.join(",", layers) + "]}")
        .replace('\'', '"');
  }

  private static String layer(String type, String members) {
    return "{'class_name':'" + type + "','config':{'name':'d'," + members + "}}";
  }

  private static Program run(String net, String input, String weights) {
    return Program.run("run", net, input, "--weights", weights.replace('\'', '"'), "-f", "json");
  }

  private static String values(Program program) {
    assertThat(program.err()).isEmpty();
    assertThat(program.code()).isZero();
    return ((Map<?, ?>) JsonValues.read(program.out(), "stdout")).get("data").toString();
  }

  /** Worked by hand. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // h = x + 2h: 1, 2 + 2 = 4, 3 + 8 = 11.
        "SimpleRNN | 'units':1,'activation':'linear','use_bias':false,'return_sequences':true |"
            + " {'d.kernel':[[1]],'d.recurrent_kernel':[[2]]} | [[[1.0], [4.0], [11.0]]]",
        // From the end: 3, 2 + 6 = 8, 1 + 16 = 17, in the order of reading.
        "SimpleRNN | 'units':1,'activation':'linear','use_bias':false,'return_sequences':true,"
            + "'go_backwards':true | {'d.kernel':[[1]],'d.recurrent_kernel':[[2]]} |"
            + " [[[3.0], [8.0], [17.0]]]",
        // i = f = c = o = x: the cell 1, 2·1 + 4 = 6, 3·6 + 9 = 27; the output o times it.
        "LSTM | 'units':1,'activation':'linear','recurrent_activation':'linear','use_bias':false,"
            + "'return_sequences':true | {'d.kernel':[[1,1,1,1]],'d.recurrent_kernel':[[0,0,0,0]]}"
            + " | [[[1.0], [12.0], [81.0]]]",
        // Gates in Keras's order: only i is x, f is 1, o is 10, the candidate is 100.
        "LSTM | 'units':1,'activation':'linear','recurrent_activation':'linear' |"
            + " {'d.kernel':[[1,0,0,0]],'d.recurrent_kernel':[[0,0,0,0]],'d.bias':[0,1,100,10]} |"
            + " [[6000.0]]",
        // z = 0, r = 1: the candidate alone, x + 3h + 5 reset after the product: 6, 25, 83.
        "GRU | 'units':1,'activation':'linear','recurrent_activation':'linear','reset_after':true,"
            + "'return_sequences':true | {'d.kernel':[[0,0,1]],'d.recurrent_kernel':[[0,0,3]],"
            + "'d.bias':[[0,1,0],[0,0,5]]} | [[[6.0], [25.0], [83.0]]]",
        // r = 2 on the state's product and its bias: x + 2(3h + 5): 11, 78, 481.
        "GRU | 'units':1,'activation':'linear','recurrent_activation':'linear','reset_after':true,"
            + "'return_sequences':true | {'d.kernel':[[0,0,1]],'d.recurrent_kernel':[[0,0,3]],"
            + "'d.bias':[[0,2,0],[0,0,5]]} | [[[11.0], [78.0], [481.0]]]"
      })
  void stepsByHand(String type, String members, String weights, String output) {
    String net = model(layer(type, "'batch_input_shape':[null,3,1]," + members));
    assertThat(values(run(net, "[[[1],[2],[3]]]", weights))).isEqualTo(output);
  }

  private static final String WORDS =
      "{'class_name':'Embedding','config':{'name':'e','input_dim':4,'output_dim':1,"
          + "'mask_zero':true,'batch_input_shape':[null,4]}}";

  /** The words 1, 0, 2, 0 with a table of their numbers; the row of 0 is 100 and must not count. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // h = 1, stands, 2 + 2, stands.
        "SimpleRNN | 'return_sequences':true | [[[1.0], [1.0], [4.0], [4.0]]]",
        "SimpleRNN | 'return_sequences':false | [[4.0]]",
        "SimpleRNN | 'return_sequences':true,'zero_output_for_mask':true |"
            + " [[[1.0], [0.0], [4.0], [0.0]]]",
        // Nothing is read yet, then 2, stands, 1 + 4.
        "SimpleRNN | 'return_sequences':true,'go_backwards':true |"
            + " [[[0.0], [2.0], [2.0], [5.0]]]"
      })
  void masksByHand(String type, String members, String output) {
    String net =
        model(WORDS, layer(type, "'units':1,'activation':'linear','use_bias':false," + members));
    String weights = "{'e.weight':[[100],[1],[2],[3]],'d.kernel':[[1]],'d.recurrent_kernel':[[2]]}";
    assertThat(values(run(net, "[[1,0,2,0]]", weights))).isEqualTo(output);
    // Without a batch, as people type a sentence.
    String one = output.substring(1, output.length() - 1);
    assertThat(values(run(net, "[1,0,2,0]", weights))).isEqualTo(one);
  }

  @Test
  void theMeanIsThatOfTheWords() {
    String net = model(WORDS, "{'class_name':'GlobalAveragePooling1D','config':{'name':'g'}}");
    String weights = "{'e.weight':[[100],[1],[2],[3]]}";
    assertThat(values(run(net, "[[1,0,2,0]]", weights))).isEqualTo("[[1.5]]");
    assertThat(values(run(net, "[[0,0,0,0]]", weights))).isEqualTo("[[NaN]]");
  }

  @Test
  void maskedStepsBecomeZeros() {
    String net = model(layer("Masking", "'mask_value':9,'batch_input_shape':[null,2,2]"));
    assertThat(values(run(net, "[[[9,9],[9,1]]]", "{}"))).isEqualTo("[[[0.0, 0.0], [9.0, 1.0]]]");
  }

  private static final String RNN = "'units':1,'activation':'linear','use_bias':false";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'class_name':'SimpleRNN','config':{'name':'d','units':1,'stateful':true}} | layer 'd'"
            + " SimpleRNN 'd': keeps its state from one batch to the next (stateful), which a run"
            + " of one batch has no place for; set stateful to false",
        "{'class_name':'LSTM','config':{'name':'d','units':1,'activation':'gelu'}} | layer 'd' LSTM"
            + " 'd': has the activation gelu, for which recurrent layers have no values here",
        "{'class_name':'TimeDistributed','config':{'name':'t','layer':{'class_name':'Reshape',"
            + "'config':{'name':'r','target_shape':[1]}}}},{'class_name':'Rescaling','config':"
            + "{'name':'s','scale':2,'offset':0}},{'class_name':'SimpleRNN','config':{'name':'d',"
            + "'units':1}} | layer 'd' SimpleRNN 'd': leaves out steps by a mask that has no values"
            + " here: whether Rescaling passes it on depends on the version of Keras"
      })
  void whatHasNoValuesIsNamed(String layers, String message) {
    String net = model(WORDS, layers);
    Program shape = Program.run("shape", net);
    assertThat(shape.err()).isEmpty();
    assertThat(shape.code()).isZero();
    Program program = Program.run("run", net, "[[1,0,2,0]]", "--seed", "1");
    assertThat(program.err()).isEqualTo("lamina run: " + message + "\n");
    assertThat(program.code()).isEqualTo(3);
    assertThat(program.out()).isEmpty();
  }

  private static final String INNER =
      "{'class_name':'Sequential','config':{'name':'in','layers':[%s]}}";

  @Test
  void masksComeOutOfModelsWithinTheModel() {
    String members = RNN + ",'return_sequences':true";
    String net = model(INNER.formatted(WORDS), layer("SimpleRNN", members));
    String weights =
        "{'in.e.weight':[[100],[1],[2],[3]],'d.kernel':[[1]],'d.recurrent_kernel':[[2]]}";
    assertThat(values(run(net, "[[1,0,2,0]]", weights)))
        .isEqualTo("[[[1.0], [1.0], [4.0], [4.0]]]");
    String into = model(WORDS, INNER.formatted(layer("SimpleRNN", members)));
    String outer =
        "{'e.weight':[[100],[1],[2],[3]],'in.d.kernel':[[1]],'in.d.recurrent_kernel':[[2]]}";
    assertThat(values(run(into, "[[1,0,2,0]]", outer))).isEqualTo("[[[1.0], [1.0], [4.0], [4.0]]]");
  }

  @Test
  void masksWithinStepsAreNamed() {
    String wrapped =
        "{'class_name':'TimeDistributed','config':{'name':'t','batch_input_shape':[null,2,4],"
            + "'layer':%s}}";
    String words = WORDS.replace(",'batch_input_shape':[null,4]", "");
    String net = model(wrapped.formatted(INNER.formatted(words + "," + layer("SimpleRNN", RNN))));
    assertThat(Program.run("shape", net).err()).isEmpty();
    assertThat(Program.run("run", net, "[[[1,0,2,0],[1,1,1,1]]]", "--seed", "1").err())
        .endsWith(
            "leaves out steps by a mask that has no values here: it is made within"
                + " TimeDistributed\n")
        .hasLineCount(1);
    String mean = "{'class_name':'GlobalAveragePooling1D','config':{'name':'g'}}";
    Program refused =
        Program.run("shape", model(wrapped.formatted(INNER.formatted(words + "," + mean))));
    assertThat(refused.err()).contains("GlobalAveragePooling1D 'g' leaves out steps by a mask");
    assertThat(refused.code()).isEqualTo(3);
  }

  @Test
  void saysWhereAMaskEnds() {
    String net =
        model(
            WORDS,
            "{'class_name':'Conv1D','config':{'name':'c','filters':1,'kernel_size':1}}",
            layer("SimpleRNN", RNN));
    assertThat(Program.run("shape", net).out())
        .contains("the mask ends at Conv1D 'c', as in Keras: the layers behind it take all steps");
  }

  @Test
  void bothDirectionsMayDiffer() {
    String inner = "{'class_name':'SimpleRNN','config':{" + RNN + ",'return_sequences':true%s}}";
    String net =
        model(
            layer(
                "Bidirectional",
                "'batch_input_shape':[null,3,1],'merge_mode':'sum','layer':"
                    + inner.formatted("")
                    + ",'backward_layer':"
                    + inner.formatted(",'go_backwards':true").replace("linear", "relu")));
    String weights =
        "{'d.forward_kernel':[[1]],'d.forward_recurrent_kernel':[[2]],"
            + "'d.backward_kernel':[[-1]],'d.backward_recurrent_kernel':[[1]]}";
    // 1, 4, 11 and, from the end, relu(−3) = 0, 0, 0.
    assertThat(values(run(net, "[[[1],[2],[3]]]", weights))).isEqualTo("[[[1.0], [4.0], [11.0]]]");
    for (String wrong : List.of("'merge_mode':null", "'merge_mode':'max'")) {
      Program program =
          Program.run(
              "shape",
              model(
                  layer(
                      "Bidirectional",
                      "'batch_input_shape':[null,3,1],"
                          + wrong
                          + ",'layer':"
                          + inner.formatted(""))));
      assertThat(program.code()).isEqualTo(3);
      assertThat(program.err()).contains("has merge_mode ").contains("not supported");
    }
  }

  @Test
  void functionalModelsPassMasksOn() {
    String words = "[['i',0,0]]";
    String net =
        ("{'class_name':'Functional','config':{'layers':["
                + "{'class_name':'InputLayer','config':{'name':'i','batch_input_shape':[null,4]},"
                + "'name':'i','inbound_nodes':[]},"
                + WORDS.replace("'config'", "'name':'e','inbound_nodes':[" + words + "],'config'")
                + ","
                + node("Dense", "a", "'units':1,'use_bias':false", "e")
                + ","
                + "{'class_name':'Add','config':{'name':'s'},'name':'s','inbound_nodes':"
                + "[[['a',0,0],['e',0,0]]]},"
                + node("SimpleRNN", "d", RNN, "s")
                + "],'input_layers':[['i',0,0]],'output_layers':[['d',0,0]]}}")
            .replace('\'', '"');
    String weights =
        "{'e.weight':[[100],[1],[2],[3]],'a.weight':[[1]],'d.kernel':[[1]],"
            + "'d.recurrent_kernel':[[2]]}";
    // Twice each word: 2, 4 + 4.
    assertThat(values(run(net, "[[1,0,2,0]]", weights))).isEqualTo("[[8.0]]");
  }

  private static String node(String type, String name, String members, String from) {
    return "{'class_name':'"
        + type
        + "','config':{'name':'"
        + name
        + "',"
        + members
        + "},'name':'"
        + name
        + "','inbound_nodes':[[['"
        + from
        + "',0,0]]]}";
  }

  @Test
  void layersCalledInputAreNotTheInput() {
    String net =
        model(
            "{'class_name':'Dense','config':{'name':'input','units':1,'use_bias':false,"
                + "'batch_input_shape':[null,2,1]}}",
            "{'class_name':'Masking','config':{'name':'m','mask_value':2}}",
            layer("SimpleRNN", RNN + ",'return_sequences':true"));
    String weights = "{'input.weight':[[2]],'d.kernel':[[1]],'d.recurrent_kernel':[[1]]}";
    assertThat(values(run(net, "[[[1],[2]]]", weights))).isEqualTo("[[[0.0], [4.0]]]");
  }

  @Test
  void convolutionsInTimeByHand() {
    String net =
        model(
            layer(
                "ConvLSTM1D",
                "'filters':1,'kernel_size':1,'activation':'linear','recurrent_activation':"
                    + "'linear','use_bias':false,'batch_input_shape':[null,2,2,1]"));
    // Each place for itself: cells 1 and 4, then 3·1 + 9 and 4·4 + 16; the output o times them.
    String weights = "{'d.kernel':[[[1,1,1,1]]],'d.recurrent_kernel':[[[0,0,0,0]]]}";
    assertThat(values(run(net, "[[[[1],[2]],[[3],[4]]]]", weights)))
        .isEqualTo("[[[36.0], [128.0]]]");
  }

  @Test
  void locallyConnectedByHand() {
    String net =
        model(
            layer(
                "LocallyConnected1D",
                "'filters':1,'kernel_size':2,'batch_input_shape':[null,3,1]"));
    // 1·1 + 2·2 + 10 and 2·3 + 3·4 + 20.
    String weights = "{'d.kernel':[[[1],[2]],[[3],[4]]],'d.bias':[[10],[20]]}";
    assertThat(values(run(net, "[[[1],[2],[3]]]", weights))).isEqualTo("[[[15.0], [38.0]]]");
    assertThat(Program.run("run", net, "[[[1],[2],[3]]]", "--seed", "1", "--grad=1").err())
        .isEqualTo(
            "lamina run: layer 'd' LocallyConnected1D 'd': has no gradient here; --grad and --loss"
                + " cannot go through it\n");
  }
}
