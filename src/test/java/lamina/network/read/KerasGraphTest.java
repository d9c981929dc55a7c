package lamina.network.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.Golden;
import lamina.Program;
import lamina.layer.Compatibility;
import lamina.layer.Gradients;
import lamina.layer.Pass;
import lamina.network.Network;
import lamina.network.RunnableNetwork;
import lamina.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KerasGraphTest {
  /** A layer and the layers whose outputs it takes; a number after a name says which call. */
  private static String layer(
      boolean keras3, String type, String name, String config, String... calls) {
    List<String> nodes = new ArrayList<>();
    for (String call : calls) {
      List<String> taken = new ArrayList<>();
      for (String reference : call.split(" ", -1)) {
        int dot = reference.indexOf('.');
        String history =
            dot < 0
                ? "'" + reference + "',0,0"
                : "'" + reference.substring(0, dot) + "'," + reference.substring(dot + 1) + ",0";
        taken.add(
            keras3
                ? "{'class_name':'__keras_tensor__','config':{'shape':[null,2],'dtype':'float32',"
                    + "'keras_history':["
                    + history
                    + "]}}"
                : "[" + history + ",{}]");
      }
      String all = String.join(",", taken);
      String args = taken.size() > 1 ? "[" + all + "]" : all;
      nodes.add(keras3 ? "{'args':[" + args + "],'kwargs':{}}" : "[" + all + "]");
    }
    return ("{'class_name':'"
            + type
            + "','name':'"
            + name
            + "','config':{'name':'"
            + name
            + "'"
            + (config.isEmpty() ? "" : "," + config)
            + "},'inbound_nodes':["
            + String.join(",", nodes)
            + "]}")
        .replace('\'', '"');
  }

  private static String model(boolean keras3, String output, String... layers) {
    String config = "'name':'m','trainable':true,'layers':[" + String.join(",", layers) + "],";
    config +=
        keras3
            ? "'input_layers':['x',0,0],'output_layers':['" + output + "',0,0]"
            : "'input_layers':[['x',0,0]],'output_layers':[['" + output + "',0,0]]";
    return ("{'class_name':'"
            + (keras3 ? "Functional" : "Model")
            + "','config':{"
            + config
            + "},'keras_version':'"
            + (keras3 ? "3.3.3" : "2.4.0")
            + "','backend':'tensorflow'}")
        .replace('\'', '"');
  }

  private static String input(boolean keras3, String shape) {
    String name = keras3 ? "batch_shape" : "batch_input_shape";
    return layer(keras3, "InputLayer", "x", "'" + name + "':[null," + shape + "]");
  }

  static List<Golden> computed() {
    return Golden.read("keras_graph", "keras_graph");
  }

  /** Against TensorFlow.js, which computes in float32. */
  @ParameterizedTest
  @MethodSource("computed")
  void computesWhatTensorFlowComputes(Golden golden) {
    Network network =
        Network.parse((String) golden.json().get("text"), golden.name(), Compatibility.TORCH);
    Tensor input = golden.input("input");
    RunnableNetwork runnable = RunnableNetwork.of(network, input.shape());
    assertThat(runnable.report().gaps()).isEmpty();
    Map<String, Tensor> given = new LinkedHashMap<>();
    Golden.object(golden.json().get("weights")).forEach((k, v) -> given.put(k, Golden.tensor(v)));
    Pass pass = Pass.evaluation();
    Tensor output = runnable.forward(input, runnable.weights(given, "golden"), pass);
    Golden.assertClose("output", output, golden.output(), 1e-5, 1e-6);
    assertThat(pass.backward(output, new Gradients()).shape()).isEqualTo(input.shape());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readsAResidualBlock(boolean keras3) {
    String json =
        model(
            keras3,
            "probabilities",
            input(keras3, "8,8,3"),
            layer(
                keras3, "Conv2D", "conv", "'filters':4,'kernel_size':[3,3],'padding':'same'", "x"),
            layer(keras3, "BatchNormalization", "bn", "'axis':[3]", "conv"),
            layer(keras3, "Activation", "relu", "'activation':'relu'", "bn"),
            layer(keras3, "Conv2D", "short", "'filters':4,'kernel_size':[1,1]", "x"),
            layer(keras3, "Add", "add", "", "relu short"),
            layer(keras3, "Concatenate", "cat", "'axis':-1", "add x"),
            layer(keras3, "GlobalAveragePooling2D", "gap", "", "cat"),
            layer(keras3, "Dense", "gate", "'units':7,'activation':'sigmoid'", "gap"),
            layer(keras3, "Multiply", "scaled", "", "gap gate"),
            layer(keras3, "Dense", "probabilities", "'units':2,'activation':'softmax'", "scaled"));
    Program shape = Program.runWithInput(json, "shape", "-f", "csv");
    assertThat(shape.err()).isEmpty();
    assertThat(shape.out())
        .contains("conv,Conv2d,8 x 8 x 4,112,")
        .contains("add,Add,8 x 8 x 4,0,")
        .contains("cat,Concat,8 x 8 x 7,0,")
        .contains("probabilities.activation,Softmax,2,0,");
    Program run =
        Program.runWithInput(
            json,
            "run",
            "-",
            "rand:2x8x8x3",
            "--seed",
            "1",
            "--loss",
            "cross-entropy",
            "--target",
            "[0,1]");
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains("\"shape\":[2,2]")
        .contains("\"grad_input\":{\"shape\":[2,8,8,3]")
        .contains("\"grad_short.weight\":{\"shape\":[4,3,1,1]")
        .contains("\"grad_gate.bias\":{\"shape\":[7]");
    // The model within the objects that TensorFlow.js writes.
    String wrapped =
        "{\"format\":\"layers-model\",\"modelTopology\":{\"model_config\":" + json + "}}";
    assertThat(Program.runWithInput(wrapped, "shape", "-f", "csv")).isEqualTo(shape);
  }

  /** By hand: a = [1, -2] and b = 3 · a + 1 = [4, -5]. */
  @ParameterizedTest
  @CsvSource({
    "Add, '', '[[5.0,-7.0]]'",
    "Subtract, '', '[[-3.0,3.0]]'",
    "Multiply, '', '[[4.0,10.0]]'",
    "Average, '', '[[2.5,-3.5]]'",
    "Maximum, '', '[[4.0,-2.0]]'",
    "Minimum, '', '[[1.0,-5.0]]'",
    "Concatenate, '''axis'':1', '[[1.0,-2.0,4.0,-5.0]]'",
    "Dot, '''axes'':1', '[[14.0]]'",
    "Dot, '''axes'':[-1,-1],''normalize'':false', '[[14.0]]'"
  })
  void mergesAsKerasDoes(String type, String config, String expected) {
    for (boolean keras3 : new boolean[] {false, true}) {
      String json =
          model(
              keras3,
              "out",
              input(keras3, "2"),
              layer(keras3, "Rescaling", "b", "'scale':3.0,'offset':1.0", "x"),
              layer(keras3, type, "out", config, "x b"));
      Program run = Program.runWithInput(json, "run", "-", "[[1,-2]]", "--grad", "1");
      assertThat(run.err()).isEmpty();
      assertThat(run.out()).contains("\"data\":" + expected).contains("grad_input");
    }
  }

  /** Products of matrices: (2, 2) · (2, 2)ᵀ by hand. */
  @Test
  void multipliesMatrices() {
    String json =
        model(true, "out", input(true, "2,2"), layer(true, "Dot", "out", "'axes':[2,2]", "x x"));
    assertThat(Program.runWithInput(json, "run", "-", "[[[1,2],[3,4]]]").out())
        .contains("\"data\":[[[5.0,11.0],[11.0,25.0]]]");
  }

  /** A shared layer has one set of weights, and its second call takes what comes later. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sharesLayers(boolean keras3) {
    String json =
        model(
            keras3,
            "sum",
            input(keras3, "3"),
            layer(keras3, "Dense", "shared", "'units':3,'use_bias':false", "x", "double"),
            layer(keras3, "Rescaling", "double", "'scale':2.0", "shared"),
            layer(keras3, "Add", "sum", "", "shared shared.1"));
    Program shape = Program.runWithInput(json, "shape", "-f", "json");
    assertThat(shape.err()).isEmpty();
    assertThat(shape.out()).contains("\"params\":9,\"macs\":18");
    // w = 2 · identity: x becomes 2x, then 2 · 2 · 2x, in sum 10x.
    Program run =
        Program.runWithInput(
            "{\"shared.weight\":[[2,0,0],[0,2,0],[0,0,2]]}",
            "run",
            json,
            "[[1,2,3]]",
            "--weights",
            "-",
            "--grad",
            "1");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("\"data\":[[10.0,20.0,30.0]]");
  }

  @Test
  void readsModelsWithinModels() {
    String inner =
        "'layers':["
            + layer(true, "InputLayer", "i", "'batch_shape':[null,4]")
            + ","
            + layer(true, "Dense", "d", "'units':4", "i")
            + ","
            + layer(true, "Add", "a", "", "d i")
            + "],'input_layers':['i',0,0],'output_layers':['a',0,0]";
    String json =
        model(
            true,
            "out",
            input(true, "4"),
            layer(true, "Functional", "base", inner, "x"),
            layer(
                true,
                "Sequential",
                "head",
                "'layers':[" + layer(true, "Dense", "one", "'units':5") + "]",
                "base"),
            layer(true, "Dense", "out", "'units':2", "head"));
    Program shape = Program.runWithInput(json, "shape", "-f", "csv");
    assertThat(shape.err()).isEmpty();
    assertThat(shape.out())
        .contains("base.d,Linear,4,20,")
        .contains("head.one,Linear,5,25,")
        .contains("out,Linear,2,12,");
  }

  @Test
  void givesSeveralOutputs() {
    String json =
        model(
                true,
                "a",
                input(true, "4"),
                layer(true, "Dense", "a", "'units':3,'activation':'relu'", "x"),
                layer(true, "Dense", "b", "'units':2", "a"))
            .replace(
                "\"output_layers\":[\"a\",0,0]", "\"output_layers\":[[\"a\",0,0],[\"b\",0,0]]");
    Program run = Program.run("run", json, "ones:1x4", "--seed", "1");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).startsWith("{\"shape\":[1,3]").contains("\"b\":{\"shape\":[1,2]");
    Program shape = Program.run("shape", json);
    assertThat(shape.err()).isEmpty();
    assertThat(shape.out()).contains("\"params\":23,").contains("\"output\":[\"N\",3]");
  }

  /** By hand: 2a + b and 2a − b for a = [1, 2] and b = [10, 20]. */
  @Test
  void takesSeveralInputsByName() {
    String json =
        model(
                true,
                "sum",
                input(true, "2"),
                layer(true, "InputLayer", "y", "'batch_shape':[null,2]"),
                layer(true, "Dense", "twice", "'units':2,'use_bias':false", "x"),
                layer(true, "Add", "sum", "", "twice y"),
                layer(true, "Subtract", "difference", "", "twice y"))
            .replace("\"input_layers\":[\"x\",0,0]", "\"input_layers\":[[\"x\",0,0],[\"y\",0,0]]")
            .replace(
                "\"output_layers\":[\"sum\",0,0]",
                "\"output_layers\":[[\"sum\",0,0],[\"difference\",0,0]]");
    String weights = "{\"twice.weight\":[[2,0],[0,2]]}";
    Program run =
        Program.runWithInput(
            weights,
            "run",
            json,
            "--input-tensor",
            "y=[[10,20]]",
            "[[1,2]]",
            "--weights",
            "-",
            "--grad",
            "1");
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .isEqualTo(
            "{\"shape\":[1,2],\"data\":[[12.0,24.0]],\"difference\":{\"shape\":[1,2],\"data\":[[-8.0,-16.0]]},\"grad_input\":{\"shape\":[1,2],\"data\":[[2.0,2.0]]},\"grad_y\":{\"shape\":[1,2],\"data\":[[1.0,1.0]]},\"grad_twice.weight\":{\"shape\":[2,2],\"data\":[[1.0,2.0],[1.0,2.0]]}}\n");
    Program shape = Program.run("shape", json, "-f", "csv");
    assertThat(shape.err()).isEmpty();
    assertThat(shape.out())
        .contains("sum,")
        .contains("difference,")
        .contains("twice,Linear,N x 2,4,4,");
    assertThat(Program.run("shape", json, "-f", "mermaid").out())
        .contains("n0([\"x\"])")
        .contains("n1([\"y\"])")
        .contains("n1 -->|\"N x 2\"| n3");
    Program missing = Program.run("run", json, "[[1,2]]");
    assertThat(missing.code()).isEqualTo(3);
    assertThat(missing.err().lines()).hasSize(1);
  }

  static List<List<String>> bad() {
    String x = input(false, "4");
    String dense = "'units':3";
    return List.of(
        List.of(
            model(
                false,
                "b",
                x,
                layer(false, "Dense", "a", dense, "b"),
                layer(false, "Dense", "b", dense, "a")),
            "the layers 'a', 'b' wait for one another's outputs: the graph has a cycle"),
        List.of(
            model(false, "b", x, layer(false, "Dense", "b", dense, "dense")),
            "'b' takes 'dense', which is no layer of the model"),
        List.of(
            model(
                false,
                "b",
                x,
                layer(false, "Dense", "a", dense, "x"),
                layer(false, "Dense", "b", dense, "a.2")),
            "'b' takes call 3 of 'a', which is called 1 time"),
        List.of(
            model(false, "c", x, layer(false, "Dense", "b", dense, "x")),
            "output_layers takes 'c', which is no layer of the model"),
        List.of(
            model(
                false,
                "b",
                x,
                layer(false, "Dense", "b", dense, "x"),
                layer(false, "Dense", "b", dense, "x")),
            "two layers are called 'b'"),
        List.of(
            model(false, "b", x, layer(false, "Add", "b", "", "x")),
            "Add 'b' takes several inputs, but has 1"),
        List.of(
            model(false, "b", x, layer(false, "Dense", "b", dense, "x x")),
            "Dense 'b' takes one input, but has 2"),
        List.of(
            model(false, "b", x, layer(false, "Dense", "b", dense, "x"))
                .replace("[\"x\",0,0,{}]", "[\"x\"]"),
            "the inbound_nodes of 'b' has 'x' without the numbers of call and tensor"),
        List.of(
            model(false, "b", x, layer(false, "Dense", "b", dense, "x"))
                .replace("[\"x\",0,0,{}]", "[\"x\",0,1,{}]"),
            "the inbound_nodes of 'b' takes output 1 of 'x'; layers of one output are read"),
        List.of(
            model(
                false,
                "b",
                x,
                layer(false, "Dense", "a", dense, "x"),
                layer(false, "Add", "b", "", "x a")),
            "layer 2 'b' Add 'b' needs inputs of one shape, or sizes of 1 to stretch, but they are"
                + " 4 and 3; the input is 4; layer 1 'a' gives 3"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void saysInOneLineWhatIsWrong(List<String> modelAndMessage) {
    Program program = Program.runWithInput(modelAndMessage.get(0), "shape");
    assertThat(program.out()).isEmpty();
    assertThat(program.err()).startsWith("lamina shape: ").contains(modelAndMessage.get(1));
    assertThat(program.err().lines()).hasSize(1);
    assertThat(program.code()).isEqualTo(3);
  }

  @Test
  void argumentsOfCallsInKeras3AreCountedOrRefused() {
    String net =
        "{'class_name':'Functional','config':{'layers':[{'class_name':'InputLayer','config':"
            + "{'name':'i','batch_shape':[null,3]},'name':'i','inbound_nodes':[]},"
            + "{'class_name':'Dense','config':{'name':'d','units':2},'name':'d','inbound_nodes':"
            + "[{'args':[{'class_name':'__keras_tensor__','config':{'shape':[null,3],"
            + "'keras_history':['i',0,0]}}],'kwargs':{$}}]}],'input_layers':[['i',0,0]],"
            + "'output_layers':[['d',0,0]]}}";
    String harmless = net.replace("$", "'training':false,'mask':null").replace('\'', '"');
    assertThat(Program.run("shape", harmless).err()).isEmpty();
    String other = net.replace("$", "'gain':2").replace('\'', '"');
    assertThat(Program.run("shape", other).err())
        .isEqualTo(
            "lamina shape: NET: the inbound_nodes of 'd' calls it with gain, which is not"
                + " supported\n");
  }
}
