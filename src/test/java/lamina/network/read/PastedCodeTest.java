package lamina.network.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import lamina.Program;
import lamina.format.JsonValues;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people paste: Python, interactive sessions, prints of old versions of PyTorch. */
class PastedCodeTest {
  private static Map<?, ?> shape(String net, String input) {
    Program program = Program.runWithInput(net, "shape", "-", "--input", input, "-f", "json");
    assertThat(program.err()).isEmpty();
    assertThat(program.code()).isZero();
    return (Map<?, ?>) JsonValues.read(program.out(), "stdout");
  }

  private static final String CLASS =
      "class Net(nn.Module):\n"
          + "    def __init__(self):\n"
          + "        super().__init__()\n"
          + "        self.a = nn.Linear(4, 4)\n"
          + "        self.b = nn.Linear(4, 4)\n"
          + "CHANGE"
          + "    def forward(self, x):\n"
          + "        return CALL\n";

  /** What a class makes or changes beside what forward() takes is named or refused. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "self.c = nn.Linear(4, 3) | self.b(self.a(x)) | forward() never calls 'c' Linear(4, 3):"
            + " its parameters are not counted",
        "self.b.weight = self.a.weight | self.b(self.a(x)) | weights may be shared, which is not"
            + " counted: self.b.weight = self.a.weight",
      })
  void namesWhatForwardDoesNotTell(String change, String call, String note) {
    String net =
        CLASS.replace("CHANGE", "        " + change + "\n").replace("CALL", call) + "net = Net()\n";
    Map<?, ?> report = shape(net, "4");
    assertThat(report.get("params")).isEqualTo(40L);
    assertThat(report.get("notes").toString()).contains(note);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "a = nn.Linear(4, 4)\\nnn.Sequential(a, nn.ReLU(), a) | line 1, column 5: Linear(4, 4)"
            + " is taken twice, with the same weights; write a class whose forward() calls it"
            + " twice, or a layer for each place",
        "block = nn.Sequential(nn.Linear(4, 4))\\nnn.Sequential(block, block) | line 1, column 23:"
            + " Linear(4, 4) is taken twice, with the same weights; write a class whose"
            + " forward() calls it twice, or a layer for each place",
        "net = nn.Sequential(nn.Linear(4, 4))\\nnet.fc = nn.Linear(4, 3) | line 2, column 10:"
            + " 'net.fc = nn.Linear(4, 3)' changes a part of a module, which is run by Python"
            + " alone; paste what print(model) shows",
      })
  void refusesWhatWouldCountFalsely(String net, String message) {
    Program program = Program.runWithInput(net.replace("\\n", "\n"), "shape", "-", "--input", "4");
    assertThat(program.err()).isEqualTo("lamina shape: standard input, " + message + "\n");
    assertThat(program.code()).isEqualTo(3);
  }

  /** Of the input -1, 2 and an identity: a ReLU gives 0, 2, whose mean is 1. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x.relu_(); return x.mean(-1, keepdim=True) | {\"shape\":[1,1],\"data\":[[1.0]]}",
        "y = x; x.relu_(); return y | {\"shape\":[1,2],\"data\":[[0.0,2.0]]}",
        "x.mul_(2).add_(1); return x | {\"shape\":[1,2],\"data\":[[-1.0,5.0]]}",
        "print(x.shape, 'a'); y = x; del x; return y + 1 | {\"shape\":[1,2],\"data\":[[0.0,3.0]]}",
        "return self.m[-2](x) | {\"shape\":[1,2],\"data\":[[0.0,2.0]]}",
        "y = 0 < x; return y | {\"shape\":[1,2],\"data\":[[0.0,1.0]]}",
        "y = x; y += 1; return x | {\"shape\":[1,2],\"data\":[[0.0,3.0]]}",
        "y = x * 1; y += 1; return x | {\"shape\":[1,2],\"data\":[[-1.0,2.0]]}",
        "x = x.relu_(); return x | {\"shape\":[1,2],\"data\":[[0.0,2.0]]}",
        "y = x.relu_(); return x + y | {\"shape\":[1,2],\"data\":[[0.0,4.0]]}",
        "y = 1 + x.relu_(); return y | {\"shape\":[1,2],\"data\":[[1.0,3.0]]}",
        "return x + torch.relu_(x) | {\"shape\":[1,2],\"data\":[[0.0,4.0]]}",
        "y = self.d(x); x.relu_(); return x | {\"shape\":[1,2],\"data\":[[0.0,2.0]]}",
        "y = self.d(x); x.relu_(); return y | line 11, column 16: relu_() changes a tensor in"
            + " place, and another that is taken later is a copy of it or not, as its layout or"
            + " training decides; call clone() to make it one",
        "return self.a(x).relu_() + x | {\"shape\":[1,2],\"data\":[[-1.0,4.0]]}",
        "self.r(x); return x | {\"shape\":[1,2],\"data\":[[0.0,2.0]]}",
        "y = self.r(x); return x + y | {\"shape\":[1,2],\"data\":[[0.0,4.0]]}",
        "y = F.relu(x); return x + y | {\"shape\":[1,2],\"data\":[[-1.0,4.0]]}",
        "F.relu(x, inplace=True); return x | {\"shape\":[1,2],\"data\":[[0.0,2.0]]}",
        "torch.relu_(x); return x | {\"shape\":[1,2],\"data\":[[0.0,2.0]]}",
      })
  void followsWhatIsChangedInPlace(String code, String result) {
    String net =
        "class Net(nn.Module):\n"
            + "    def __init__(self):\n"
            + "        super().__init__()\n"
            + "        self.a = nn.Linear(2, 2)\n"
            + "        self.r = nn.ReLU(inplace=True)\n"
            + "        self.d = nn.Dropout(0.5)\n"
            + "        self.m = nn.ModuleList([nn.ReLU(), nn.Tanh()])\n"
            + "    def forward(self, x):\n"
            + "        x = self.a(x)\n"
            + "        "
            + code.replace("; ", "\n        ")
            + "\n";
    String weights = "{\"a.weight\":[[1,0],[0,1]],\"a.bias\":[0,0]}";
    Program program = Program.runWithInput(net, "run", "-", "[[-1,2]]", "--weights", weights);
    if (result.startsWith("{")) {
      assertThat(program.err()).isEmpty();
      assertThat(program.out()).isEqualTo(result + "\n");
    } else {
      assertThat(program.err())
          .isEqualTo(
              "lamina run: the network cannot run: forward() is not followed: standard input, "
                  + result
                  + "\n");
      assertThat(program.code()).isEqualTo(3);
      assertThat(program.out()).isEmpty();
    }
  }

  /** Of the input -1, 2: truth is 0 or 1, has no gradient, and goes into arithmetic. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "(x > 0) * x | [[-0.0,2.0]] | [[0.0,1.0]]",
        "x + (x == 2) | [[-1.0,3.0]] | [[1.0,1.0]]",
        "x * (~(2 <= x)) | [[-1.0,0.0]] | [[1.0,0.0]]",
        "(1 - (x != 2).float()) * x | [[-0.0,2.0]] | [[0.0,1.0]]",
        "(1.5 * x).long() * x | [[1.0,6.0]] | [[-1.0,3.0]]",
        "x.to(torch.int64) * 0.5 + x | [[-1.5,3.0]] | [[1.0,1.0]]",
        "x.detach() * x | [[1.0,4.0]] | [[-1.0,2.0]]",
        "x.add(x.data, alpha=2) | [[-3.0,6.0]] | [[1.0,1.0]]",
      })
  void computesWithTruth(String returned, String output, String gradient) {
    String net = "def forward(self, x):\n    return " + returned + "\n";
    Program program = Program.runWithInput(net, "run", "-", "[[-1,2]]", "--grad", "1");
    assertThat(program.err()).isEmpty();
    assertThat(program.out())
        .isEqualTo(
            "{\"shape\":[1,2],\"data\":"
                + output
                + ",\"grad_input\":{\"shape\":[1,2],\"data\":"
                + gradient
                + "}}\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x % 2", "self.a(x) or x", "0 < x < 3"})
  void doesNotPassOverTheRestOfAReturn(String returned) {
    String net =
        CLASS
            .replace("CHANGE", "")
            .replace("CALL", returned)
            .replace("nn.Linear(4, 4)", "nn.ReLU()");
    Program program = Program.runWithInput(net, "run", "-", "[[-1,2]]");
    assertThat(program.code()).isEqualTo(3);
    assertThat(program.out()).isEmpty();
    assertThat(program.err()).contains("line 7, column ").contains("is not read");
  }

  /** As PyTorch: the sum takes what the ReLU left, 0 and 2, twice. */
  @Test
  void aGraphOfTorchFxFollowsInPlaceModules() {
    String net =
        "N(\n  (l): Linear(in_features=2, out_features=2, bias=True)\n"
            + "  (r): ReLU(inplace=True)\n)\n"
            + "graph():\n"
            + "    %x : [#users=1] = placeholder[target=x]\n"
            + "    %l : [#users=2] = call_module[target=l](args = (%x,), kwargs = {})\n"
            + "    %r : [#users=1] = call_module[target=r](args = (%l,), kwargs = {})\n"
            + "    %add : [#users=1] = call_function[target=operator.add](args = (%l, %r), kwargs ="
            + " {})\n"
            + "    return add\n";
    String weights = "{\"l.weight\":[[1,0],[0,1]],\"l.bias\":[0,0]}";
    Program program = Program.runWithInput(net, "run", "-", "[[-1,2]]", "--weights", weights);
    assertThat(program.err()).isEmpty();
    assertThat(program.out()).isEqualTo("{\"shape\":[1,2],\"data\":[[0.0,4.0]]}\n");
  }

  @Test
  void saysThatAPartIsChangedByPythonAlone() {
    String net = "m = nn.Sequential(nn.Linear(4, 2))\nm[0] = nn.Linear(4, 3)\n";
    Program program = Program.runWithInput(net, "shape", "-", "--input", "4");
    assertThat(program.err())
        .isEqualTo(
            "lamina shape: standard input, line 2, column 1: a part of 'm' is changed, which is run"
                + " by Python alone; paste what print(m) shows\n");
    assertThat(program.code()).isEqualTo(3);
  }

  /** Values counted by hand: a Linear(i, o) has i·o MACs and i·o + o parameters. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        // Calls that leave the layers as they are.
        "nn.Linear(4, 2).to(device) | 4 | 10 | 8",
        "nn.Linear(4, 2).cuda().float().eval() | 4 | 10 | 8",
        "nn.Sequential(nn.Linear(4, 2).half(), nn.ReLU()).to('cuda:0') | 4 | 10 | 8",
        "model = nn.Linear(4, 2)\\nmodel.eval()\\nmodel = model.to(device) | 4 | 10 | 8",
        "nn.Linear(4, 2).requires_grad_(False), nn.ReLU().train() | 4 | 10 | 8",
        // Numbers as Python calculates them.
        "nn.Dropout(1/2), nn.Linear(2**2, 2) | 4 | 10 | 8",
        "nn.Linear(2**3 - 4, 10 // 4) | 4 | 10 | 8",
        "nn.Linear(10 % 6, int(2.9)) | 4 | 10 | 8",
        "nn.Linear(-(-4), 2 * (3 - 2)) | 4 | 10 | 8",
        "nn.Linear(2 ** 2 ** 1, 4 / 2) | 4 | 10 | 8",
        // Names and lists.
        "h = 4\\nnn.Linear(h, h // 2) | 4 | 10 | 8",
        "sizes = [4, 2]\\nnn.Linear(sizes[0], sizes[-1]) | 4 | 10 | 8",
        "layers = [nn.Linear(4, 2), nn.ReLU()]\\nnet = nn.Sequential(*layers) | 4 | 10 | 8",
        "nn.Sequential(*[nn.ReLU() for _ in range(3)], nn.Linear(4, 2)) | 4 | 10 | 8",
        "nn.Sequential(*[nn.Linear(4 - i, 3 - i) for i in range(2)]) | 4 | 23 | 18",
        "relu = nn.ReLU()\\nfc = nn.Linear(4, 2)\\nnn.Sequential(relu, fc, relu) | 4 | 10 | 8",
        "a, h = 4, 2\\nnn.Linear(a, h) | 4 | 10 | 8",
        "layers = []\\nlayers.append(nn.Linear(4, 2))\\nlayers += [nn.ReLU()]\\nnet ="
            + " nn.Sequential(*layers) | 4 | 10 | 8",
        "net = nn.Sequential()\\n"
            + "net.add_module('fc', nn.Linear(4, 2))\\n"
            + "net.append(nn.ReLU()) | 4 | 10 | 8",
        "h = 1\\nh += 1\\nnn.Linear(4, h) | 4 | 10 | 8",
        // Containers.
        "nn.ModuleList([nn.Linear(4, 2), nn.ReLU()]) | 4 | 10 | 8",
        "nn.Sequential(OrderedDict([('a', nn.Linear(4, 2)), ('b', nn.ReLU())])) | 4 | 10 | 8",
        "nn.Sequential(OrderedDict(a=nn.Linear(4, 2), b=nn.ReLU())) | 4 | 10 | 8",
        "nn.LayerNorm(torch.Size([4]), elementwise_affine=False), nn.Linear(4, 2) | 4 | 10 | 8",
        // What a session prints is not counted beside what was typed.
        ">>> nn.Linear(4, 2)\\nLinear(in_features=4, out_features=2, bias=True)\\n>>> | 4 | 10 | 8",
        "In [1]: nn.Linear(4, 2)\\nOut[1]: Linear(in_features=4, out_features=2, bias=True)\\n"
            + " | 4 | 10 | 8",
        "In [1]: net = nn.Sequential(\\n   ...:     nn.Linear(4, 2),\\n   ...:     nn.ReLU())\\n\\n"
            + "In [2]: net\\nOut[2]: \\nSequential(\\n"
            + "  (0): Linear(in_features=4, out_features=2, bias=True)\\n  (1): ReLU()\\n)"
            + " | 4 | 10 | 8",
        "In [1]: net = nn.Sequential(\\n   ...:     nn.Linear(4, 2),\\n   ...:     nn.ReLU())"
            + " | 4 | 10 | 8",
        "Out[3]: Linear(in_features=4, out_features=2, bias=True) | 4 | 10 | 8",
        // Fences, prompts, no-break spaces, bent quotes.
        "```python\\nnn.Linear(4, 2)\\n``` | 4 | 10 | 8",
        ">>> nn.Sequential(\\n...     nn.Linear(4, 2),\\n... ) | 4 | 10 | 8",
        ">>> m = nn.Linear(4, 2)\\n>>> m | 4 | 10 | 8",
        "nn.Sequential(\\n\u00a0\u00a0nn.Linear(4,\u00a02),\\n) | 4 | 10 | 8",
        "\u200bnn.Linear(4,\u202f2, bias\u2009=\u3000True) | 4 | 10 | 8",
        "nn.Sequential(OrderedDict([(\u2018a\u2019, nn.Linear(4, 2))])) | 4 | 10 | 8",
        "import torch.nn as nn\\nfrom torch import nn\\nnn.Linear(4, 2) # last | 4 | 10 | 8",
        "x = torch.randn(1, 4)\\nnet = nn.Linear(4, 2)\\ny = net(x)\\nprint(y) | 4 | 10 | 8"
      })
  void readsPython(String net, String input, long params, long macs) {
    Map<?, ?> report = shape(net.replace("\\n", "\n"), input);
    assertThat(report.get("params")).isEqualTo(params);
    assertThat(report.get("macs")).isEqualTo(macs);
    assertThat(report.get("partial")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ReLU(inplace) | 8x9x9",
        "LeakyReLU(0.2, inplace) | 8x9x9",
        "Dropout(p=0.5, inplace) | 8x9x9",
        "Dropout (p = 0.5) | 8x9x9",
        "ELU (alpha=1.0, inplace) | 8x9x9",
        "Threshold (threshold=0, value=0, inplace) | 8x9x9",
        "Hardtanh (min_val=0, max_val=6, inplace) | 8x9x9",
        "ReLU6 (inplace) | 8x9x9",
        "Tanh () | 8x9x9",
        "Sigmoid | 8x9x9",
        "MaxPool2d (size=(3, 3), stride=(2, 2), dilation=(1, 1)) | 8x4x4",
        "MaxPool2d (size=(2, 2), stride=(2, 2), padding=(1, 1), dilation=(1, 1)) | 8x5x5",
        "AvgPool2d (size=7, stride=7, padding=0, ceil_mode=False, count_include_pad=True) | 8x1x1",
        "Conv2d (8, 4, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1)) | 4x9x9",
        "BatchNorm2d (8, eps=1e-05, momentum=0.1, affine=True) | 8x9x9",
        "Upsample(scale_factor=2, mode=nearest) | 8x18x18",
        "Linear (9 -> 5) | 8x9x5",
        "Linear (9 -> 5, bias=False) | 8x9x5"
      })
  void readsPrintsOfOldVersions(String line, String output) {
    for (String brackets : List.of("()", "{}")) {
      String net =
          "Sequential "
              + brackets.charAt(0)
              + "\n  (0): Conv2d(3, 8, kernel_size=(1, 1))\n  (1): "
              + line
              + "\n  (2): ReLU (inplace)\n"
              + brackets.charAt(1)
              + "\n";
      Map<?, ?> report = shape(net, "3x9x9");
      StringBuilder shown = new StringBuilder();
      for (Object size : (List<?>) report.get("output")) {
        shown.append(shown.length() == 0 ? "" : "x").append(size);
      }
      assertThat(shown).hasToString(output);
      assertThat(report.get("partial")).isNull();
    }
  }

  @Test
  void readsAClass() {
    String code =
        """
        import torch.nn as nn

        class Net(nn.Module):
            \"""Two layers.\"""

            def __init__(self, classes: int = 10, hidden=8):
                super(Net, self).__init__()
                self.conv = nn.Conv2d(3, hidden, kernel_size=3)
                nn.init.kaiming_normal_(self.conv.weight)
                self.fc = nn.Linear(
                    hidden * 6 * 6,
                    classes,
                )

            def forward(self, x):
                return self.fc(self.conv(x).flatten(1))

        net = Net(classes=2)
        """;
    Map<?, ?> report = shape(code, "3x8x8");
    assertThat(report.get("output")).isEqualTo(List.of(2L));
    assertThat(report.get("params")).isEqualTo(224L + 578);
    assertThat(report.get("macs")).isEqualTo(36L * 27 * 8 + 576);
    assertThat(report.get("notes").toString())
        .doesNotContain("what its forward() does is not known")
        .contains("a statement is left out, as it makes no layer: nn.init.kaiming_normal_");
    assertThat(shape(code.replace("net = Net(classes=2)", ""), "3x8x8").get("output"))
        .isEqualTo(List.of(10L));
  }

  @Test
  void readsClassesOfClasses() {
    String code =
        """
        class Block(nn.Sequential):
            def __init__(self, i, o):
                super().__init__(nn.Linear(i, o), nn.ReLU())

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.body = nn.Sequential(Block(4, 8), Block(8, 2))
        """;
    Map<?, ?> report = shape(code, "4");
    assertThat(report.get("params")).isEqualTo(40L + 18);
    assertThat(report.get("output")).isEqualTo(List.of(2L));
    assertThat(report.get("gaps").toString()).contains("Net: what its forward() does is not known");
  }

  @Test
  void readsListsThatGrowInAClass() {
    String code =
        """
        class Net(nn.Module):
            def __init__(self, i, o=2):
                nn.Module.__init__(self)
                self.a, self.b = nn.Linear(i, 8), nn.ReLU()
                self.layers = nn.ModuleList()
                self.layers.append(nn.Linear(8, 8))
                self.layers.append(nn.Linear(8, o))
                self.add_module('end', nn.Softmax(1))
        net = Net(4)
        """;
    Map<?, ?> report = shape(code, "4");
    assertThat(report.get("params")).isEqualTo(40L + 72 + 18);
    List<String> names =
        ((List<?>) report.get("layers"))
            .stream().map(layer -> (String) ((Map<?, ?>) layer).get("name")).toList();
    assertThat(names).containsExactly("a", "b", "layers.0", "layers.1", "end");
  }

  @Test
  void readsWhatASessionPrints() {
    Map<?, ?> report =
        shape(
            """
            >>> model = nn.Sequential(nn.Linear(4, 2))
            >>> print(model)
            Sequential(
              (0): Linear(in_features=4, out_features=2, bias=True)
            )
            """,
            "4");
    assertThat(report.get("params")).isEqualTo(10L);
    assertThat(report.get("notes").toString()).contains("what was typed is left out");
  }

  @Test
  void countsTheWeightsOfAParameterList() {
    Map<?, ?> report =
        shape(
            """
            Net(
              (fc): Linear(in_features=4, out_features=2, bias=True)
              (params): ParameterList(
                  (0): Parameter containing: [torch.FloatTensor of size 10x10]
                  (1): Parameter containing: [torch.float32 of size 3 (GPU 0)]
                  (2): Parameter containing: [torch.cuda.FloatTensor of size 2x3x4 (GPU 0)]
              )
            )
            """,
            "4");
    assertThat(report.get("params")).isEqualTo(10L + 100 + 3 + 24);
    assertThat(report.get("output")).isNull();
    assertThat(report.get("gaps").toString()).contains("ParameterList 'params'");
  }

  /** What is not understood in a printed module is named; its weights may be missing. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "conv: Conv2d(3, 8, 3)",
        "Conv2d(3, 8, 3)",
        "[conv] Conv2d(3, 8, 3)",
        "conv -> 3, 8",
        "64, eps=1e-05",
        "(conv Conv2d(3, 8, 3)"
      })
  void noPartOfAPrintIsDroppedWithoutAWord(String line) {
    String net =
        "Net(\n  (a): Foo(\n    "
            + line
            + (line.startsWith("(conv") ? ")" : "")
            + "\n    (r): ReLU()\n  )\n)\n";
    Map<?, ?> report = shape(net, "3x8x8");
    assertThat(report.get("partial")).isEqualTo(true);
    assertThat(report.get("gaps").toString())
        .contains("standard input, line 3, column 5: '" + line)
        .contains("of Foo is not understood");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Conv(3, 96, 11, 4) | column 1: unknown layer 'Conv'; did you mean 'Conv2d'?",
        "Foo(1) | column 1: unknown layer 'Foo'; write a layer of PyTorch, or paste what"
            + " print(model) shows",
        "Pool(2) | column 1: unknown layer 'Pool'; did you mean 'MaxPool1d' or 'MaxPool2d' or"
            + " 'MaxPool3d'?",
        "Dense(4, 2) | column 1: unknown layer 'Dense'; did you mean 'Linear'?",
        "Sequential(ReLU(), Blok(3)) | column 20: unknown layer 'Blok'; write a layer of PyTorch,"
            + " or paste what print(model) shows",
        "nn.Linaer(4, 2) | column 1: unknown layer 'Linaer'; did you mean 'Linear'?",
        "x = Foo(1) | column 5: unknown layer 'Foo'; write a layer of PyTorch, or paste what"
            + " print(model) shows",
        "[{'type':'Blok'}] | [0]: unknown layer 'Blok'; write a layer of PyTorch, or paste what"
            + " print(model) shows",
        "ReLU (7, 4) | column 10: ReLU takes at most 1 argument",
        "nn.Linear(4, 2).apply | column 16: '.apply' after Linear is not understood; leave it out"
            + " if it changes no layer",
        "nn.Linear(4, 2).prune(3) | column 16: '.prune' after Linear is not understood; leave it"
            + " out if it changes no layer",
        "nn.Linear(4 / 0, 2) | column 13: division by 0",
        "nn.Linear(2**64, 2) | column 11: the result needs more than 64 bits",
        "for i in range(3): pass | column 1: 'for' is run by Python alone; paste what print(model)"
            + " shows, or write the layers out",
        "Linear(4, 2, (a): ReLU()) | column 19: Linear has no parts, but (a): ReLU() stands in it"
      })
  void refusesWhatIsTypedAndNotKnown(String net, String message) {
    Program program = Program.run("shape", net.replace('\'', '"'), "--input", "4");
    assertThat(program.err())
        .isEqualTo("lamina shape: NET" + (net.startsWith("[{") ? ": " : ", ") + message + "\n");
    assertThat(program.code()).isEqualTo(3);
    assertThat(program.out()).isEmpty();
  }

  @Test
  void aPrintedModuleThatIsNotKnownStaysUnknown() {
    Map<?, ?> report = shape("Sequential(\n  (0): ReLU()\n  (1): Foo(1)\n)\n", "4");
    assertThat(report.get("output")).isNull();
    assertThat(report.get("gaps")).isEqualTo(List.of("layer 2 '1' Foo(1) is unknown"));
  }

  @Test
  void namesWhatAClassNeeds() {
    String code =
        "class Net(nn.Module):\n    def __init__(self, n):\n        self.a = nn.Linear(n, 2)\n";
    assertThat(Program.run("shape", code, "--input", "4").err())
        .endsWith("Net needs 'n'; add a line such as net = Net(n=10)\n");
    String loop = code + "        for i in range(3):\n            self.add(i)\nnet = Net(4)\n";
    assertThat(Program.run("shape", loop, "--input", "4").err())
        .isEqualTo(
            "lamina shape: NET, line 4, column 9: 'for' is run by Python alone; paste what"
                + " print(model) shows, or write the layers out\n");
  }
}
