package lamina.network.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import lamina.Program;
import lamina.format.JsonValues;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arguments of layers with several inputs, in every notation. */
class EveryJoinTest {
  private static final String X = "[[[1,2],[3,4],[5,6]]]";

  /** What {@code x} and {@code 10x}, three rows of two, become side by side on an axis. */
  private static final Map<Integer, String> JOINED =
      Map.of(
          1,
          "[[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [10.0, 20.0], [30.0, 40.0], [50.0, 60.0]]]",
          2,
          "[[[1.0, 2.0, 10.0, 20.0], [3.0, 4.0, 30.0, 40.0], [5.0, 6.0, 50.0, 60.0]]]");

  private static String json(String layer) {
    return "[{\"type\":\"Identity\",\"name\":\"x\"},{\"type\":\"Affine\",\"scale\":10,\"name\":"
        + "\"y\"},{"
        + layer
        + ",\"inputs\":[\"x\",\"y\"]}]";
  }

  private static String code(String call) {
    return "class Net(nn.Module):\n"
        + "    def __init__(self):\n"
        + "        super().__init__()\n"
        + "        self.a = nn.Identity()\n"
        + "    def forward(self, x):\n"
        + "        x = self.a(x)\n"
        + "        y = x * 10\n"
        + "        return "
        + call
        + "\n";
  }

  private static String graph(String call) {
    return "Net(\n  (a): Identity()\n)\n"
        + "graph():\n"
        + "    %x : [num_users=1] = placeholder[target=x]\n"
        + "    %a : [num_users=2] = call_module[target=a](args = (%x,), kwargs = {})\n"
        + "    %mul : [num_users=1] = call_function[target=operator.mul](args = (%a, 10), kwargs ="
        + " {})\n"
        + "    %cat : [num_users=1] = "
        + call
        + "\n    return cat\n";
  }

  private static String keras(String type, String members) {
    return ("{'class_name':'Functional','config':{'layers':["
            + "{'class_name':'InputLayer','config':{'name':'x','batch_input_shape':[null,3,2]},"
            + "'name':'x','inbound_nodes':[]},"
            + "{'class_name':'Rescaling','config':{'name':'y','scale':10,'offset':0},'name':'y',"
            + "'inbound_nodes':[[['x',0,0]]]},{'class_name':'"
            + type
            + "','config':{'name':'j'"
            + members
            + "},'name':'j','inbound_nodes':[[['x',0,0],['y',0,0]]]}],"
            + "'input_layers':[['x',0,0]],'output_layers':[['j',0,0]]}}")
        .replace('\'', '"');
  }

  private static String run(String net) {
    Program program = Program.run("run", net, X, "-f", "json");
    assertThat(program.err()).isEmpty();
    return ((Map<?, ?>) JsonValues.read(program.out(), "stdout")).get("data").toString();
  }

  @Test
  void theAxisOfAConcatenationIsObeyedInEveryNotation() {
    for (int axis : new int[] {1, 2, -1, -2}) {
      String expected = JOINED.get(axis < 0 ? axis + 3 : axis);
      List<String> notations =
          List.of(
              json("\"type\":\"Concat\",\"dim\":" + axis),
              code("torch.cat([x, y], dim=" + axis + ")"),
              code("torch.cat((x, y), " + axis + ")"),
              code("torch.concat([x, y], axis=" + axis + ")"),
              graph(
                  "call_function[target=torch.cat](args = ([%a, %mul], "
                      + axis
                      + "), kwargs = {})"),
              graph(
                  "call_function[target=torch.cat](args = ([%a, %mul],), kwargs = {dim: "
                      + axis
                      + "})"),
              keras("Concatenate", ",'axis':" + axis));
      for (String net : notations) {
        assertThat(run(net)).as(net).isEqualTo(expected);
      }
    }
    // The defaults: PyTorch's is the batch, which only a tensor of that many axes has; Keras's -1.
    assertThat(run(keras("Concatenate", ""))).isEqualTo(JOINED.get(2));
    assertThat(run(code("torch.cat([x, y])")))
        .isEqualTo(
            "[[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], [[10.0, 20.0], [30.0, 40.0], [50.0, 60.0]]]");
  }

  /** Sums of products of x and 10x along an axis of each, by hand. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Columns with columns: 1·1 + 3·3 + 5·5 = 35, 1·2 + 3·4 + 5·6 = 44, 4 + 16 + 36 = 56.
        "1 | [[[350.0, 440.0], [440.0, 560.0]]]",
        "[1,1] | [[[350.0, 440.0], [440.0, 560.0]]]",
        "[-2,-2] | [[[350.0, 440.0], [440.0, 560.0]]]",
        // Rows with rows: 5, 11, 17; 25, 39; 61.
        "2 | [[[50.0, 110.0, 170.0], [110.0, 250.0, 390.0], [170.0, 390.0, 610.0]]]",
        "-1 | [[[50.0, 110.0, 170.0], [110.0, 250.0, 390.0], [170.0, 390.0, 610.0]]]"
      })
  void theAxesOfDotAreObeyed(String axes, String expected) {
    assertThat(run(keras("Dot", ",'axes':" + axes + ",'normalize':false"))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Dot | ,'axes':0 | axes 0",
        "Dot | ,'axes':3 | axes 3",
        "Dot | ,'axes':[] | axes []",
        "Dot | ,'axes':[1,1,1] | axes [1, 1, 1]",
        "Dot | ,'axes':1,'normalize':true | normalize true",
        "Concatenate | ,'axis':0 | axis 0",
        "Concatenate | ,'axis':[1,2] | axis [1, 2]",
        "Add | ,'axis':1 | axis 1"
      })
  void whatCannotBeObeyedIsRefused(String type, String members, String named) {
    Program program = Program.run("run", keras(type, members), X);
    assertThat(program.err())
        .isEqualTo(
            "lamina run: NET: "
                + type
                + " 'j' has "
                + named
                + ", which is not supported; write the network as layers without it\n");
    assertThat(program.code()).isEqualTo(3);
  }
}
