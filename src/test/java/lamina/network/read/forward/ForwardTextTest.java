package lamina.network.read.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ForwardTextTest {
  private static final String MODULES =
      """
      Net(
        (conv): Conv2d(3, 4, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
        (fc): Linear(in_features=4, out_features=2, bias=True)
        (lstm): LSTM(4, 5, bidirectional=True)
      )
      """;

  static List<Arguments> texts() {
    List<Arguments> texts = new ArrayList<>();
    List<Golden> all = new ArrayList<>(Golden.read("forward", "forward"));
    all.addAll(Golden.read("in_place", "in_place"));
    for (Golden golden : all) {
      Golden.object(golden.json().get("texts"))
          .forEach((kind, text) -> texts.add(Arguments.of(golden + ", " + kind, text, golden)));
    }
    return texts;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("texts")
  void computesWhatTheModuleComputes(String name, String text, Golden golden) {
    Tensor input = golden.input("input");
    Network network = Network.parse(text, name, Compatibility.TORCH);
    RunnableNetwork runnable = RunnableNetwork.of(network, input.shape());
    assertThat(runnable.report().gaps()).isEmpty();
    Map<String, Tensor> given = new LinkedHashMap<>();
    Golden.object(golden.json().get("weights")).forEach((k, v) -> given.put(k, Golden.tensor(v)));
    // What forward() never takes, is not there.
    given.keySet().retainAll(runnable.parameters().keySet());
    long trained = given.values().stream().mapToLong(Tensor::size).sum();
    assertThat(golden.json().getOrDefault("params", trained))
        .isEqualTo(runnable.report().params().value());
    Pass pass = Pass.evaluation();
    Tensor output = runnable.forward(input, runnable.weights(given, "golden"), pass);
    Golden.assertClose("output", output, golden.output(), 1e-9, 1e-12);
    Tensor gradient = pass.backward(golden.input("dy"), new Gradients());
    if (golden.grads().containsKey("input")) {
      Golden.assertClose("gradient", gradient, golden.grads().get("input"), 1e-9, 1e-12);
    }
  }

  private static String shape(String text, String input) {
    Program program = Program.runWithInput(text, "shape", "--input", input, "-f", "json");
    return program.code() + program.out() + program.err();
  }

  /** What torch.fx cannot trace, but straight-line code may have. */
  @Test
  void unpacksAndSpreadsTuples() {
    String code =
        """
        def forward(self, x: torch.Tensor, mask: Optional[Tensor] = None) -> torch.Tensor:
            b, c, *_ = 1, 2
            return x
        """;
    assertThat(shape(MODULES + code, "3x8x8")).startsWith("3lamina shape: standard input, line 7");
    code =
        """
            def forward(self, x):
                '''Shapes
                   in its words.'''
                b, c, h, w = x.size()
                y = self.conv(x).reshape(
                    b, 4, h * w)  # one row
                y = y[:, :, -1] + torch.relu(y.mean(dim=-1))
                y, z = self.fc(y), y
                y += z.chunk(2, 1)[0]
                return {"out": y, "features": z}
        """;
    assertThat(shape(MODULES + code.replace("{\"out\": y, \"features\": z}", "y, z"), "Bx3x8x8"))
        .startsWith("0")
        .contains("\"output\":[\"B\",2]");
  }

  private static final String CLASSES =
      """
      class Block(nn.Module):
          def __init__(self, i, o, stride=1):
              super().__init__()
              self.conv = nn.Conv2d(i, o, 3, stride, 1)
              self.short = nn.Sequential(nn.Conv2d(i, o, 1, stride), nn.BatchNorm2d(o))

          def forward(self, x):
              return torch.relu(self.conv(x) + self.short(x))

      class Net(nn.Module):
          def __init__(self):
              super().__init__()
              self.first = Block(3, 8, 2)
              self.rest = nn.Sequential(Block(8, 8), nn.Dropout(0.1), Block(8, 16, 2))
              self.fc = nn.Linear(16, 10)

          def forward(self, x):
              x = self.rest(self.first(x))
              return self.fc(x.mean(dim=(2, 3)))

      model = Net()
      """;

  /** MACs by hand: a block of i to o channels and s² positions has (9 + 1)·i·o·s². */
  @Test
  void followsClassesWithinClasses() {
    String report = shape(CLASSES, "3x32x32");
    assertThat(report).startsWith("0").doesNotContain("partial").doesNotContain("notes");
    long macs = 10L * (3 * 8 * 256 + 8 * 8 * 256 + 8 * 16 * 64) + 160;
    assertThat(report).contains("\"output\":[10]").contains("\"macs\":" + macs + ",\"flops\"");
    assertThat(report).contains("\"name\":\"rest.2.add\"");
  }

  @Test
  void saysWhyItDoesNotFollowAClass() {
    String branching =
        CLASSES.replace(
            "        x = self.rest(self.first(x))\n",
            "        if x.size(0) > 1:\n            x = self.rest(self.first(x))\n");
    assertThat(shape(branching, "3x32x32"))
        .startsWith("0")
        .contains("\"partial\":true")
        .contains(
            "forward() is not followed: standard input, line 18, column 9: only straight-line code"
                + " is read, not 'if'");
  }

  static List<Arguments> bad() {
    String graph = "graph():\n    %x : [num_users=1] = placeholder[target=x]\n";
    return List.of(
        Arguments.of(
            graph
                + "    %a : [num_users=1] = call_module[target=convv](args = (%x,), kwargs = {})\n",
            "line 8, column 5: calls the module 'convv', which print(model) does not show; did you"
                + " mean 'conv'?"),
        Arguments.of(
            graph
                + "    %a : [num_users=1] = call_function[target=torch.fft](args = (%x,), kwargs ="
                + " {})\n",
            "line 8, column 5: torch.fft() is a function that is not known here"),
        Arguments.of(
            graph
                + "    %a : [num_users=1] = call_function[target=torch.relu](args = (%y,), kwargs ="
                + " {})\n",
            "line 8, column 67: no line before it gives %y; did you mean 'x'?"),
        Arguments.of(graph, "line 8, column 1: the graph ends without a return"),
        Arguments.of(
            graph + "    %a : [num_users=1] = call_modul[target=conv](args = (%x,), kwargs = {})\n",
            "line 8, column 5: 'call_modul' is no operation of torch.fx; it has placeholder,"
                + " get_attr, call_module, call_function, call_method and output"),
        Arguments.of(
            graph
                + "    %s : [num_users=1] = get_attr[target=scale]\n"
                + "    %m : [num_users=1] = call_function[target=operator.mul](args = (%x, %s),"
                + " kwargs = {})\n",
            "line 9, column 5: takes 'scale', a parameter or value of the model, of which"
                + " print(model) shows no shape"),
        Arguments.of(
            graph
                + "    %s : [num_users=1] = get_attr[target=scale]\n"
                + "    %m : [num_users=1] = call_method[target=add_](args = (%s, 1), kwargs = {})\n"
                + "    return m\n{'scale': (4,)}\n",
            "line 9, column 5: add_() changes 'scale' of the model in place, which lasts from one"
                + " call to the next; one call is computed here"),
        Arguments.of(
            "def forward(self, x):\n    if x.size(0) > 1:\n        return x\n",
            "line 7, column 5: only straight-line code is read, not 'if';"
                + " print(torch.fx.symbolic_trace(model).graph) gives the way that it takes"),
        Arguments.of(
            "def forward(self, x):\n    return self.fc(z)\n",
            "line 7, column 20: 'z' is not known; no line before it gives it"),
        Arguments.of(
            "def forward(self, x):\n    return F.relu(x, 0, 1, 2, 3, 4, 5, 6, 7, 8)\n",
            "line 7, column 18: relu() takes 1 as argument 3"),
        Arguments.of(
            "def forward(self, x):\n    y = self.conv(x\n",
            "line 8, column 1: the text ends where ',' or ')' was expected"),
        Arguments.of(
            "def forward(self, x):\n    y = x\n",
            "line 8, column 1: forward() ends without a return"),
        Arguments.of("def forward(self, x):\n    return 3\n", "forward() returns no tensor"),
        Arguments.of(
            "def forward(self, x):\n    out, (h, c) = self.lstm(x)\n    return c[5]\n",
            "line 8, column 13: getitem() takes state 5 of 2"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void saysInOneLineWhatIsWrong(String text, String message) {
    Program program = Program.runWithInput(MODULES + text, "shape", "--input", "3x8x8");
    assertThat(program.out()).isEmpty();
    assertThat(program.err()).startsWith("lamina shape: standard input").contains(message);
    assertThat(program.err().lines()).hasSize(1);
    assertThat(program.code()).isEqualTo(3);
  }

  @Test
  void readsTheGraphFromAFileOfItsOwn(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("model.txt"), MODULES);
    String graph =
        """
        graph():
            %x : [num_users=1] = placeholder[target=x]
            %conv : [num_users=1] = call_module[target=conv](args = (%x,), kwargs = {})
            %mean : [num_users=1] = call_method[target=mean](args = (%conv, [2, 3]), kwargs = {})
            %fc : [num_users=1] = call_module[target=fc](args = (%mean,), kwargs = {})
            return fc
        """;
    Files.writeString(folder.resolve("graph.txt"), graph);
    Program two =
        Program.runIn(
            folder, Map.of(), new byte[0], "shape", "model.txt", "graph.txt", "--input", "3x8x8");
    assertThat(two.err()).isEmpty();
    assertThat(two.out()).contains("\"output\":[2]").contains("\"name\":\"mean\"");
    assertThat(two.out())
        .isEqualTo(Program.runWithInput(MODULES + graph, "shape", "--input", "3x8x8").out());
    Program run =
        Program.runWithInput(
            MODULES + graph, "run", "-", "ones:1x3x8x8", "--seed", "1", "--grad", "1");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("\"shape\":[1,2]").contains("\"grad_conv.weight\"");
  }

  @Test
  void asksForTheModules() {
    Program program =
        Program.runWithInput(
            """
            graph():
                %x : [#users=1] = placeholder[target=x]
                %a : [#users=1] = call_module[target=conv](args = (%x,), kwargs = {})
                return a
            """,
            "shape", "--input", "3x8x8");
    assertThat(program)
        .isEqualTo(
            new Program(
                3,
                "",
                "lamina shape: standard input, line 3, column 5: calls the module 'conv', but what"
                    + " it is is not there; put print(model) before it\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "return self.a(x) if x.sum() > 0 else x | M() | NET, line 6, column 26: only"
            + " straight-line code is read, not 'if';",
        "return torch.fft(self.a(x)) | M() | NET, line 6, column 25: torch.fft() is a function that"
            + " is not known here",
        "return torch.fft(self.a(x)) | nn.Sequential(nn.ReLU(), M()) | NET, line 6, column 25:"
            + " torch.fft() is a function that is not known here"
      })
  void runsNoGuessInPlaceOfCodeThatIsNotUnderstood(String code, String made, String reason) {
    String text =
        """
        class M(nn.Module):
            def __init__(self):
                super().__init__()
                self.a = nn.Linear(4, 4)
            def forward(self, x):
                %s
        %s
        """
            .formatted(code, made);
    Program ran = Program.run("run", text, "[1, 2, 3, 4]");
    assertThat(ran.err())
        .startsWith("lamina run: the network cannot run: forward() is not followed: " + reason)
        .hasLineCount(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.code()).isEqualTo(3);
  }

  @Test
  void followsClassesBesideOtherLayers() {
    String text =
        """
        class M(nn.Module):
            def __init__(self):
                super().__init__()
                self.a = nn.Linear(4, 4, bias=False)
            def forward(self, x):
                return torch.exp(self.a(x)) + x
        nn.Sequential(nn.Linear(3, 4, bias=False), M())
        """;
    Program shape = Program.run("shape", text, "--input", "3", "--member", "params");
    assertThat(shape).isEqualTo(new Program(0, "{\"params\":28}\n", ""));
    assertThat(shape(text, "3")).contains("\"name\":\"1.a\"").doesNotContain("partial");
    // With weights of 0 it is exp(0) + 0.
    assertThat(
            Program.run(
                "run",
                text,
                "[5,6,7]",
                "--weights",
                "{\"0.weight\": [[0,0,0],[0,0,0],[0,0,0]"
                    + ",[0,0,0]], \"1.a.weight\": [[0,0,0,0],[0,0,0,0],[0,0,0,0],[0,0,0,0]]}"))
        .isEqualTo(new Program(0, "{\"shape\":[4],\"data\":[1.0,1.0,1.0,1.0]}\n", ""));
  }

  @Test
  void countsAnAttentionWhoseHeadsAreNotPrinted() {
    String text =
        """
        Net(
          (attn): %s
        )
        graph():
            %%x : [num_users=3] = placeholder[target=x]
            %%attn : [num_users=1] = call_module[target=attn](args = (%%x, %%x, %%x), kwargs = {})
            %%y : [num_users=1] = call_function[target=operator.getitem](args = (%%attn, 0), kwargs = {})
            return y
        """;
    String printed =
        "MultiheadAttention(\n    (out_proj): NonDynamicallyQuantizableLinear(in_features=8,"
            + " out_features=8, bias=True)\n  )";
    String hidden = shape(text.formatted(printed), "2x5x8");
    // 4 · 8² weights and 4 · 8 biases.
    assertThat(hidden).startsWith("0").contains("\"output\":[2,5,8]").contains("\"params\":288,");
    assertThat(hidden)
        .contains("\"partial\":true")
        .contains("write MultiheadAttention(8, num_heads, batch_first=True) in place of what it");
    String shown = shape(text.formatted("MultiheadAttention(8, 2, batch_first=True)"), "2x5x8");
    // Of a sample of 5 steps 4 · 5 · 8² in the projections, and 2 · 5² · 8 in the two heads.
    assertThat(shown).contains("\"params\":288,\"macs\":1680,").doesNotContain("partial");
    assertThat(shape(text.formatted("MultiheadAttention(8, 3)"), "2x5x8"))
        .contains("has 3 heads, which do not divide its size of 8");
    assertThat(shape(text.formatted("MultiheadAttention(8, 2, depth=3)"), "2x5x8"))
        .contains("has no argument 'depth'");
  }

  private static final String TWO =
      """
      Net(
        (a): Linear(in_features=3, out_features=2, bias=False)
      )
      graph():
          %x : [num_users=1] = placeholder[target=x]
          %y : [num_users=1] = placeholder[target=y]
          %a : [num_users=1] = call_module[target=a](args = (%x,), kwargs = {})
          %shift : [num_users=1] = get_attr[target=shift]
          %m : [num_users=1] = call_function[target=operator.mul](args = (%a, %shift), kwargs = {})
          %d : [num_users=1] = call_function[target=operator.sub](args = (%m, %y), kwargs = {})
          return (d, m)
      {'shift': torch.Size([2])}
      """;

  @Test
  void takesSeveralInputsAndParametersOfItsOwn(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("net.txt"), TWO);
    Program shape =
        Program.runIn(
            folder,
            Map.of(),
            new byte[0],
            "shape",
            "net.txt",
            "--input=y=N",
            "--input",
            "Nx3",
            "-f",
            "text");
    assertThat(shape.code()).isEqualTo(3);
    shape =
        Program.runIn(
            folder, Map.of(), new byte[0], "shape", "net.txt", "--input=y=2", "--input", "3");
    assertThat(shape.err()).isEmpty();
    assertThat(shape.out()).contains("\"output\":[2],\"params\":8,\"macs\":6,");
    String weights = "{\"a.weight\": [[1,0,0],[0,1,0]], \"shift\": [10, 100]}";
    Program run =
        Program.runIn(
            folder,
            Map.of(),
            new byte[0],
            "run",
            "net.txt",
            "[1,2,3]",
            "[1,1]",
            "--weights",
            weights,
            "--grad",
            "1");
    assertThat(run.err()).isEmpty();
    // 10 · 1 − 1 and 100 · 2 − 1; the gradient of shift is what it is multiplied with.
    assertThat(run.out())
        .startsWith(
            "{\"shape\":[2],\"data\":[9.0,199.0],\"output_1\":{\"shape\":[2],\"data\":[10.0,200.0]}")
        .contains("\"grad_y\":{\"shape\":[2],\"data\":[-1.0,-1.0]}")
        .contains("\"grad_shift\":{\"shape\":[2],\"data\":[1.0,2.0]}");
    for (String given : List.of("--input=3", "--input=z=3", "--input=3 --input=2 --input=1")) {
      List<String> arguments = new ArrayList<>(List.of("shape", "net.txt"));
      arguments.addAll(List.of(given.split(" ")));
      Program refused =
          Program.runIn(folder, Map.of(), new byte[0], arguments.toArray(new String[0]));
      assertThat(refused.out()).isEmpty();
      assertThat(refused.err()).startsWith("lamina shape: ").containsAnyOf("x, y", "'z'");
      assertThat(refused.code()).isBetween(2, 3);
    }
    Program trained =
        Program.runIn(
            folder, Map.of(), new byte[0], "train", "net.txt", "--data", "[[1,2,3,0],[3,4,5,1]]");
    assertThat(trained.out()).isEmpty();
    assertThat(trained.err())
        .endsWith(
            "the network takes several inputs, x, y; give an .npz or JSON Lines that has each by"
                + " its name, and y\n");
    assertThat(trained.code()).isEqualTo(3);
    Program piped = Program.runWithInput(TWO, "run", "-", "[1,2,3]");
    assertThat(piped)
        .isEqualTo(
            new Program(
                2,
                "",
                "lamina run: a network that names its inputs comes from a file, not from -\n"));
  }

  /** 10 · 1 − 1 and 100 · 2 − 1; then twice as much of x. */
  @Test
  void takesSeveralInputsFromLines(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("net.txt"), TWO);
    String weights = "{\"a.weight\": [[1,0,0],[0,1,0]], \"shift\": [10, 100]}";
    String lines =
        """
        {"x": [1,2,3], "y": [1,1]}
        {"y": [[1,1]], "x": [[2,4,6]]}
        {"x": [1,2,3], "z": [1,1]}
        [1,2,3]
        {"x": [1,2,3]}
        """;
    String[] run = {"run", "net.txt", "--each", "--keep-going", "--weights", weights};
    Program program = Program.runIn(folder, Map.of(), lines.getBytes(StandardCharsets.UTF_8), run);
    assertThat(program.out())
        .isEqualTo(
            """
            {"shape":[2],"data":[9.0,199.0],"output_1":{"shape":[2],"data":[10.0,200.0]}}
            {"shape":[1,2],"data":[[19.0,399.0]],"output_1":{"shape":[1,2],"data":[[20.0,400.0]]}}
            {"error":"line 3: INPUT: the model has no input 'z'; did you mean 'x'?"}
            {"error":"standard input, line 4, column 1: an object of named tensors was expected, not an array"}
            {"error":"line 5: the input 'y' is missing; the model takes 'x', 'y': give each as INPUT or --input-tensor NAME=TENSOR"}
            """);
    assertThat(program.code()).isEqualTo(3);
    Program one =
        Program.runIn(
            folder,
            Map.of(),
            lines.lines().findFirst().orElseThrow().getBytes(StandardCharsets.UTF_8),
            "run",
            "net.txt",
            "--weights",
            weights);
    assertThat(one.err()).isEmpty();
    assertThat(one.out()).isEqualTo(program.out().lines().findFirst().orElseThrow() + "\n");
  }

  @Test
  void givesAllOutputsOfOneInput() {
    String text =
        """
        def forward(self, x):
            d = {"half": x / 2, "more": [x, -x]}
            d["sum"] = d["half"] + x
            return d
        """;
    assertThat(Program.runWithInput(text, "run", "-", "[[1,2]]"))
        .isEqualTo(
            new Program(
                0,
                "{\"shape\":[1,2],\"data\":[[0.5,1.0]],\"more\":{\"shape\":[1,2],\"data\":[[1.0,2.0]]},\"output_2\":{\"shape\":[1,2],\"data\":[[-1.0,-2.0]]},\"sum\":{\"shape\":[1,2],\"data\":[[1.5,3.0]]}}\n",
                ""));
  }

  @Test
  void saysWhyAPartIsUnknown() {
    String text =
        """
        class M(nn.Module):
            def forward(self, x):
                return torch.fft(x)
        M()
        """;
    assertThat(Program.run("shape", text, "--input", "4", "--member", "gaps"))
        .isEqualTo(
            new Program(
                0,
                "{\"gaps\":[\"layer 1 '0' M() is unknown; forward() is not followed: NET, line 3,"
                    + " column 25: torch.fft() is a function that is not known here\"]}\n",
                ""));
  }
}
