package lamina.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lamina.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real program: exact output, messages and exit codes of {@code lamina conv}. */
class ConvCommandTest {
  private static final String NINE = "[[1,2,3],[4,5,6],[7,8,9]]";

  private static void prints(String expected, String... args) {
    Program program = Program.run(args);
    assertThat(program.err()).isEmpty();
    assertThat(program.out()).isEqualTo(expected);
    assertThat(program.code()).isZero();
  }

  @Test
  void theTutorialsImageAndKernel() {
    String folder = "src/examples/tutorial9/";
    prints(
        "2 x 2\n1.60 2.59\n1.51 1.91\n",
        "conv",
        folder + "image.csv",
        "-k",
        folder + "kernel.json",
        "--format",
        "text");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Not flipped, and flipped.
        "-k [[1,2],[3,4]] | [2,2] | [[37.0,47.0],[67.0,77.0]]",
        "-k [[1,2],[3,4]] --flip | [2,2] | [[23.0,33.0],[53.0,63.0]]",
        // A bank of filters over one channel; the channel axis first, or where the layout says.
        "-k [[[1]],[[-1]]] | [2,3,3] |"
            + " [[[1.0,2.0,3.0],[4.0,5.0,6.0],[7.0,8.0,9.0]],[[-1.0,-2.0,-3.0],[-4.0,-5.0,-6.0],[-7.0,-8.0,-9.0]]]",
        "-k [[[1]],[[-1]]] --layout hwc --stride 2 | [2,2,2] |"
            + " [[[1.0,-1.0],[3.0,-3.0]],[[7.0,-7.0],[9.0,-9.0]]]",
        "-k [[1,2],[3,4]] --stride 1,2 --padding 0x1 | [2,2] | [[18.0,47.0],[36.0,77.0]]",
        "-k [[1]] --padding 1:0,0:1 | [4,4] |"
            + " [[0.0,0.0,0.0,0.0],[1.0,2.0,3.0,0.0],[4.0,5.0,6.0,0.0],[7.0,8.0,9.0,0.0]]",
        "-k [[1,1],[1,1]] --padding same | [3,3] |"
            + " [[12.0,16.0,9.0],[24.0,28.0,15.0],[15.0,17.0,9.0]]",
        "-k [[1,1],[1,1]] --padding same-lower | [3,3] |"
            + " [[1.0,3.0,5.0],[5.0,12.0,16.0],[11.0,24.0,28.0]]",
        "-k [[1,1]] --padding full | [3,4] |"
            + " [[1.0,3.0,5.0,3.0],[4.0,9.0,11.0,6.0],[7.0,15.0,17.0,9.0]]",
        "-k [[1,1]] --padding valid -b 0.5 | [3,2] | [[3.5,5.5],[9.5,11.5],[15.5,17.5]]",
        "-k [[1,0,1]] --padding 0,1 --padding-mode reflect | [3,3] |"
            + " [[4.0,4.0,4.0],[10.0,10.0,10.0],[16.0,16.0,16.0]]",
        "-k [[1,0,1]] --padding 0,1 --padding-mode constant:9 --stride 3 | [1,1] | [[11.0]]",
        "-k [[1,1]] --dilation 2 | [3,1] | [[4.0],[10.0],[16.0]]",
        "-k [[1,2]] --transpose --stride 1,2 | [3,6] |"
            + " [[1.0,2.0,2.0,4.0,3.0,6.0],[4.0,8.0,5.0,10.0,6.0,12.0],[7.0,14.0,8.0,16.0,9.0,18.0]]",
        "-k [[1]] --transpose --stride 1,2 --padding same | [3,6] |"
            + " [[1.0,0.0,2.0,0.0,3.0,0.0],[4.0,0.0,5.0,0.0,6.0,0.0],[7.0,0.0,8.0,0.0,9.0,0.0]]",
      })
  void convolvesTheNine(String options, String shape, String data) {
    String[] args = ("conv " + NINE + " " + options.strip()).split(" ");
    prints("{\"shape\":" + shape + ",\"data\":" + data + "}\n", args);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1,2,3] -k [1,2] | {'shape':[2],'data':[5.0,8.0]}",
        // Rank 3 means 2 dimensions: three channels under one filter, which gives one channel.
        "ones:3x2x2 -k ones:3x2x2 | {'shape':[1,1,1],'data':[[[12.0]]]}",
        "ones:3x2x2 -k ones:5x3x2x2 |"
            + " {'shape':[5,1,1],'data':[[[12.0]],[[12.0]],[[12.0]],[[12.0]],[[12.0]]]}",
        "ones:1x2x4 -k ones:3x2x4 --dims 1 | {'shape':[1,3,1],'data':[[[8.0],[8.0],[8.0]]]}",
        "[1,2,3] -k [[[1,1]],[[1,-1]]] | {'shape':[2,2],'data':[[3.0,5.0],[-1.0,-1.0]]}",
        "ones:1x1x2x2x2 -k ones:2x2x2 | {'shape':[1,1,1,1,1],'data':[[[[[8.0]]]]]}",
        "ones:2x2x4 -k ones:4x1x2x2 --groups 4 --layout hwc |"
            + " {'shape':[1,1,4],'data':[[[4.0,4.0,4.0,4.0]]]}",
        "ones:2x2x3 -k ones:2x2x3x1 --kernel-layout hwio --layout hwc |"
            + " {'shape':[1,1,1],'data':[[[12.0]]]}",
        "arange:2x2 -k [[1]] --layout wh --dtype float32 |"
            + " {'shape':[2,2],'dtype':'float32','data':[[0.0,1.0],[2.0,3.0]]}",
        "ones:2x2 -k ones:2x2 --grad 3 |"
            + " {'shape':[1,1],'data':[[4.0]],'grad_input':{'shape':[2,2],'data':[[3.0,3.0],[3.0,3.0]]},"
            + "'grad_kernel':{'shape':[2,2],'data':[[3.0,3.0],[3.0,3.0]]},"
            + "'grad_bias':{'shape':[1],'data':[3.0]}}",
        "[1,2] -k [3,4] --flip -b 1 --grad [1] |"
            + " {'shape':[1],'data':[11.0],'grad_input':{'shape':[2],'data':[4.0,3.0]},"
            + "'grad_kernel':{'shape':[2],'data':[2.0,1.0]},'grad_bias':{'shape':[],'data':1.0}}",
        "[1,2] -k [3,4] --transpose --grad 1 |"
            + " {'shape':[3],'data':[3.0,10.0,8.0],'grad_input':{'shape':[2],'data':[7.0,7.0]},"
            + "'grad_kernel':{'shape':[2],'data':[3.0,3.0]},'grad_bias':{'shape':[1],'data':[3.0]}}",
        "[1,2] -k [3,4] --padding 1 -b 5 --explain |"
            + " {'shape':[3],'data':[9.0,16.0,11.0],'explain':{'sizes':[{'axis':'length',"
            + "'size':'L_out = ⌊(2 + 2·1 − 1·(2 − 1) − 1) / 1⌋ + 1 = 3'}],'elements':["
            + "{'index':'[0]','sum':'1·4 + 0 (1 tap in the padding) + 5 (bias) = 9'},"
            + "{'index':'[1]','sum':'1·3 + 2·4 + 5 (bias) = 16'},"
            + "{'index':'[2]','sum':'2·3 + 0 (1 tap in the padding) + 5 (bias) = 11'}]}}",
      })
  void ranksLayoutsAndGradients(String words, String document) {
    // An apostrophe would quote in the table above.
    String[] args = ("conv " + words.strip()).split(" ");
    Program program = Program.run(args);
    assertThat(program.err()).isEmpty();
    assertThat(program.out().replace('"', '\'').strip()).isEqualTo(document.strip());
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "direct", "gemm", "winograd"})
  void everyAlgorithmGivesTheSame(String algorithm) {
    for (String backend : new String[] {"scalar", "auto"}) {
      Program byDefault = Program.run("conv", "randn:8x20x20", "-k", "randn:8x8x3x3");
      Program compared =
          Program.runWithInput(
              byDefault.out(),
              "conv",
              "randn:8x20x20",
              "-k",
              "randn:8x8x3x3",
              "--algorithm",
              algorithm,
              "--backend",
              backend,
              "--expect",
              "-");
      assertThat(compared.err()).isEmpty();
      assertThat(compared.code()).isZero();
    }
  }

  @Test
  void linesOfJsonAreConvolvedOneByOne() {
    Program program =
        Program.runWithInput(
            "[1,2]\n\n[3]\n[4,5]\n", "conv", "--each", "--keep-going", "-k", "[1,1]");
    assertThat(program.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("{\"shape\":[1],\"data\":[3.0]}"),
            line -> assertThat(line).startsWith("{\"error\":\"line 3: the kernel spans 2"),
            line -> assertThat(line).isEqualTo("{\"shape\":[1],\"data\":[9.0]}"));
    assertThat(program.code()).isEqualTo(3);
  }

  @Test
  void anUnexpectedResultFails() {
    Program program = Program.run("conv", "[1,2]", "-k", "[1,1]", "--expect", "[4]");
    assertThat(program.code()).isEqualTo(1);
    assertThat(program.out()).isEqualTo("{\"shape\":[1],\"data\":[3.0]}\n");
    assertThat(program.err()).startsWith("lamina conv: 1 of 1 element differs");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1,2] | 2 | -k KERNEL is missing",
        "[1,2] -k [1] --stride 0 | 2 | --stride takes whole numbers from 1 on, not '0'",
        "[1,2] -k [1] --stride 1,2 | 2 | --stride has 2 numbers but there is 1 spatial dimension",
        "[1,2] -k [1] --stride a | 2 | --stride takes whole numbers",
        "[1,2] -k [1] --padding sam | 2 | --padding takes numbers",
        "[1,2] -k [1] --padding=-1 | 2 | --padding takes numbers",
        "[1,2] -k [1] --padding 1:2:3 | 2 | --padding takes numbers",
        "[1,2] -k [1] --padding 99999999999 | 2 | --padding takes numbers",
        "[1,2] -k [1] --dilation 0 | 2 | --dilation takes whole numbers from 1 on",
        "[1,2] -k [1] --padding-mode mirror | 2 | unknown padding mode 'mirror'",
        "[1,2] -k [1] --padding-mode constant:x | 2 | unknown padding mode 'constant:x'",
        "[1,2] -k [1] --groups 0 | 2 | --groups takes a whole number from 1 on",
        "[1,2] -k [1] --output-padding 1 | 2 | --output-padding goes with --transpose",
        "[1,2] -k [1] --transpose --padding full | 2 | --padding full does not go with --transpose",
        "[1,2] -k [1] --transpose --padding-mode reflect | 2 | zeros only, not 'reflect'",
        "[1,2] -k [1] --transpose --padding same --output-padding 1 | 2 | leave out"
            + " --output-padding",
        "[1,2] -k [1] --dims 4 | 2 | --dims takes 1, 2 or 3, not '4'",
        "[1,2] -k [1] --layout xy | 2 | --layout: layout 'xy'",
        "[1,2] -k [1] --layout hw --dims 1 | 2 | layout 'hw' has 2 spatial axes",
        "[1,2] -k [1] --kernel-layout io | 2 | needs one to three spatial axes",
        "[1,2] -k [1] --algorithm fft | 2 | --algorithm takes one of auto",
        "[1,2] [3] -k [1] | 2 | unexpected argument '[3]'",
        "[1,2] -k [1] --kernle [2] | 2 | unknown option '--kernle'",
        "- -k - | 2 | would read standard input",
        "[1,2] -k [1,2,3] | 3 | the kernel spans 3 elements on spatial axis 0 but the padded input"
            + " has only 2",
        "[1,2] -k [1,1] --dilation 2 | 3 | spans 3 elements",
        "[1,2] -k [1] -b [1,2] | 3 | the bias has shape 2 but the output has 1 channel",
        "[1,2] -k [1] --grad [1,2,3] | 3 | --grad has shape 3 but the output has 2",
        "[1,2] -k 5 | 3 | a kernel has rank 1 to 5",
        "5 -k [1] | 3 | the input scalar has rank 0 but 1 spatial dimension takes",
        "[1,2] -k [[1]] | 3 | the input 2 has rank 1 but 2 spatial dimensions take",
        "ones:3x4x4 -k ones:2x2x2 | 3 | takes 2 input channels but the input 1x3x4x4 has 3",
        "ones:3x4x4 -k ones:4x1x2x2 --groups 2 | 3 | groups 2 must divide the 3 input channels",
        "ones:4x4x4 -k ones:4x1x2x2 --groups 2 | 3 | takes 2 input channels (1 in each of 2"
            + " groups)",
        "ones:3x4x4 -k ones:2x1x2x2 --transpose | 3 | takes 2 input channels (its first axis)",
        "[1,2] -k [1] --transpose --output-padding 1 | 3 | output padding 1 on spatial axis 0",
        "[1,2] -k [1] --transpose --padding 3 | 3 | would have size -4",
        "[1,2] -k [1] --padding 2 --padding-mode reflect | 3 | reflect padding 2 on spatial axis 0",
        "[1,2] -k [1] --padding 3 --padding-mode circular | 3 | at most 2",
        "[1,2] -k [1] --layout nhwc --kernel-layout hw | 3 | names 4 axes but the input 2 has 1",
        "[1,2] -k [1] --kernel-layout wio | 3 | kernel",
        "[1,[2]] -k [1] | 3 | [",
        "[1,2] -k [1,\"x\"] | 3 | [",
        "[1,2 -k [1] | 3 | the literal",
        "nosuch.json -k [1] | 3 | nosuch.json",
        "[1,2] -k [] | 3 | at least one element",
        "[] -k [1] | 3 | at least one element",
        "[1,2] -k [1] --padding 2000000000 | 3 | too large",
        "ones:1x60000 -k ones:1x1 --padding 60000 | 3 | too large",
      })
  void refuses(String words, int code, String message) {
    Program program = Program.run(("conv " + words.strip()).split(" "));
    assertThat(program.out()).isEmpty();
    assertThat(program.code()).as(program.err()).isEqualTo(code);
    assertThat(program.err()).startsWith("lamina conv: ").contains(message.strip());
    // One line; after wrong usage a hint may follow.
    assertThat(program.err().lines().count()).isLessThanOrEqualTo(code == 2 ? 2 : 1);
  }

  /** The size formula has one text, whichever command writes it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--stride 2 --padding 1 | Conv2d(1, 1, 3, stride=2, padding=1)",
        "--dilation 2,1 --padding 0,2 | Conv2d(1, 1, 3, dilation=(2, 1), padding=(0, 2))",
        "--padding same | Conv2d(1, 1, 3, padding='same')",
        "--transpose --stride 2 --padding 1 --output-padding 1 |"
            + " ConvTranspose2d(1, 1, 3, stride=2, padding=1, output_padding=1)",
      })
  void sizesAreExplainedAsShapeExplainsThem(String options, String layer) {
    Program shape = Program.run("shape", layer, "--input", "1x7x6", "--explain");
    String conv = "conv ones:7x6 -k ones:3x3 --explain " + options;
    String out = Program.run(conv.split(" ")).out();
    assertThat(shape.err()).isEmpty();
    Matcher formula = Pattern.compile("\"[HW]_out = [^\"]*\"").matcher(shape.out());
    for (int axis = 0; axis < 2; axis++) {
      assertThat(formula.find()).isTrue();
      assertThat(out).contains("\"size\":" + formula.group());
    }
  }

  @Test
  void paddingThatDiffersIsExplainedOnBothSides() {
    assertThat(Program.run("conv", "[1,2,3]", "-k", "[1,1]", "--padding", "1:2", "--explain").out())
        .contains("L_out = ⌊(3 + 1 + 2 − 1·(2 − 1) − 1) / 1⌋ + 1 = 5");
    String[] transposed = {
      "conv", "[1,2,3]", "-k", "[1,1,1,1]", "--transpose", "--padding", "1:2", "--explain"
    };
    assertThat(Program.run(transposed).out())
        .contains("L_out = (3 − 1)·1 − 1 − 2 + 1·(4 − 1) + 0 + 1 = 3");
  }
}
