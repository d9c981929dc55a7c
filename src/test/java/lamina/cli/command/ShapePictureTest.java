package lamina.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import lamina.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ShapePictureTest {
  private static final String RESIDUAL =
      """
      {"input":[3,32,32],"layers":[
      {"name":"stem","type":"Conv2d","out_channels":8,"kernel_size":7,"stride":2,"padding":3},
      {"name":"block","type":"Sequential","layers":[
       {"name":"conv","type":"Conv2d","out_channels":8,"kernel_size":3,"padding":1,"groups":8},
       {"name":"norm","type":"BatchNorm2d"},
       {"name":"sum","type":"Add","inputs":["norm","stem"]},
       {"name":"relu","type":"ReLU"}]},
      {"name":"flat","type":"Flatten"},
      {"name":"fc","type":"Linear","out_features":10}]}\
      """;

  /** Four branches side by side and a way past a layer. */
  private static final String BRANCHES =
      """
      {"input":[3,64,64],"layers":[
      {"name":"stem","type":"Conv2d","out_channels":16,"kernel_size":7,"stride":2,"padding":3},
      {"name":"a","type":"Conv2d","out_channels":8,"kernel_size":1,"inputs":["stem"]},
      {"name":"b","type":"Conv2d","out_channels":8,"kernel_size":1,"inputs":["stem"]},
      {"name":"b2","type":"Conv2d","out_channels":123456,"kernel_size":3,"padding":1},
      {"name":"c","type":"MaxPool2d","kernel_size":3,"stride":1,"padding":1,"inputs":["stem"]},
      {"name":"c2","type":"Conv2d","out_channels":8,"kernel_size":1},
      {"name":"c3","type":"Conv2d","out_channels":8,"kernel_size":1},
      {"name":"d","type":"AdaptiveAvgPool2d","output_size":1,"inputs":["c2"]},
      {"name":"d2","type":"Conv2d","out_channels":8,"kernel_size":1},
      {"name":"scaled","type":"Mul","inputs":["c3","d2"]},
      {"name":"cat","type":"Concat","inputs":["a","b2","scaled"]},
      {"name":"all","type":"Conv2d","out_channels":16,"kernel_size":3,"padding":1},
      {"name":"again","type":"Conv2d","out_channels":16,"kernel_size":3,"padding":1},
      {"name":"sum","type":"Add","inputs":["again","stem","all"]}]}\
      """;

  @Test
  void drawsForGraphviz() {
    assertThat(Program.run("shape", RESIDUAL, "-f", "dot"))
        .isEqualTo(
            new Program(
                0,
                """
                digraph network {
                  node [shape=box, style="rounded,filled", fontname="monospace"];
                  edge [fontname="monospace"];
                  n0 [label="input", shape=oval, fillcolor=white];
                  n1 [label="stem  Conv2d 7x7 /2", fillcolor="#ddeeff"];
                  n4 [label="flat  Flatten", fillcolor="#fff1d6"];
                  n5 [label="fc  Linear", fillcolor="#ddeeff"];
                  n6 [label="output", shape=oval, fillcolor=white];
                  subgraph cluster_0 {
                    label="block";
                    n2 [label="conv  Conv2d 3x3, 8 groups\\nnorm  BatchNorm2d", fillcolor="#ddeeff"];
                    n3 [label="sum  Add\\nrelu  ReLU", shape=oval, fillcolor="#dcf5e3"];
                  }
                  n0 -> n1 [label="3 x 32 x 32"];
                  n1 -> n2 [label="8 x 16 x 16"];
                  n2 -> n3 [label="8 x 16 x 16"];
                  n1 -> n3 [label="8 x 16 x 16"];
                  n3 -> n4 [label="8 x 16 x 16"];
                  n4 -> n5 [label="2048"];
                  n5 -> n6 [label="10"];
                }
                """,
                ""));
  }

  @Test
  void drawsForReadmeFiles() {
    Program program =
        Program.run(
            "shape",
            "--input",
            "HxWx3",
            "--layout",
            "hwc",
            "Conv2d(3, 8, 3), ReLU()",
            "-f",
            "mermaid");
    assertThat(program)
        .isEqualTo(
            new Program(
                0,
                """
                flowchart TD
                  n0(["input"])
                  n1["0 Conv2d 3x3<br/>1 ReLU"]
                  n2(["output"])
                  n0 -->|"H x W x 3"| n1
                  n1 -->|"(H − 2) x (W − 2) x 8"| n2
                """,
                ""));
  }

  @Test
  void writesFilesByTheirExtension(@TempDir Path folder) throws Exception {
    for (String[] file :
        new String[][] {{"a.dot", "dot"}, {"a.mmd", "mermaid"}, {"a.SVG", "svg"}}) {
      Program written =
          Program.runIn(folder, Map.of(), new byte[0], "shape", RESIDUAL, "-o", file[0]);
      assertThat(written).isEqualTo(new Program(0, "", ""));
      assertThat(Files.readString(folder.resolve(file[0])))
          .isEqualTo(Program.run("shape", RESIDUAL, "-f", file[1]).out());
    }
  }

  @Test
  void refusesWhatIsNoPicture(@TempDir Path folder) {
    Program program =
        Program.runIn(folder, Map.of(), new byte[0], "shape", RESIDUAL, "-o", "a.svg", "--explain");
    assertThat(program.code()).isEqualTo(2);
    assertThat(program.err())
        .isEqualTo(
            "lamina shape: --explain does not go with svg, which is a picture of the network\n");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void marksUnknownLayers() {
    Program program =
        Program.run(
            "shape",
            "--input",
            "4",
            "Sequential(\n(0): Linear(4, 2)\n(1): Own()\n(2): ReLU()\n)",
            "-f",
            "dot");
    assertThat(program.out())
        .contains("\"1  Own\", style=dashed")
        .contains("n2 -> n3 [label=\"?\"]");
  }

  /** Places in an SVG: what is drawn where. */
  private record Area(String what, double left, double top, double right, double bottom) {
    boolean overlaps(Area other) {
      return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {RESIDUAL, BRANCHES})
  void drawsNoTextOverAnotherTextOrBoxOrLine(String net) throws Exception {
    Program program = Program.run("shape", net, "-f", "svg");
    assertThat(program.err()).isEmpty();
    assertThat(program.out()).contains("prefers-color-scheme: dark");
    Element svg =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(program.out().getBytes(StandardCharsets.UTF_8)))
            .getDocumentElement();
    List<Area> boxes = boxes(svg);
    List<Area> labels = new ArrayList<>();
    List<Area> texts = new ArrayList<>();
    NodeList found = svg.getElementsByTagName("text");
    for (int i = 0; i < found.getLength(); i++) {
      Element text = (Element) found.item(i);
      double width = text.getTextContent().length() * 7.23;
      double left = number(text, "x");
      left -= text.getAttribute("text-anchor").equals("middle") ? width / 2 : 0;
      double line = number(text, "y");
      Area area = new Area(text.getTextContent(), left, line - 10, left + width, line + 2);
      assertThat(area.right()).isLessThan(number(svg, "width"));
      texts.add(area);
      if (text.getAttribute("class").equals("shape")) {
        labels.add(area);
      }
    }
    assertThat(labels).hasSizeGreaterThan(5);
    for (Area text : texts) {
      assertThat(texts).filteredOn(text::overlaps).containsExactly(text);
    }
    List<Area> lines = lines(svg);
    for (Area label : labels) {
      assertThat(boxes).filteredOn(label::overlaps).isEmpty();
      assertThat(lines).as(label.what()).filteredOn(label::overlaps).isEmpty();
    }
    for (Area box : boxes) {
      Area inside = new Area("", box.left() + 1, box.top() + 1, box.right() - 1, box.bottom() - 1);
      assertThat(lines).as(box.toString()).filteredOn(inside::overlaps).isEmpty();
    }
  }

  private static List<Area> boxes(Element svg) {
    List<Area> boxes = new ArrayList<>();
    NodeList rectangles = svg.getElementsByTagName("rect");
    for (int i = 0; i < rectangles.getLength(); i++) {
      Element box = (Element) rectangles.item(i);
      if (box.getAttribute("class").startsWith("box ")) {
        double x = number(box, "x");
        double y = number(box, "y");
        boxes.add(new Area("box", x, y, x + number(box, "width"), y + number(box, "height")));
      }
    }
    return boxes;
  }

  /** The straight pieces of all arrows. */
  private static List<Area> lines(Element svg) {
    List<Area> lines = new ArrayList<>();
    NodeList paths = svg.getElementsByTagName("path");
    for (int i = 0; i < paths.getLength(); i++) {
      Element path = (Element) paths.item(i);
      if (!path.getAttribute("class").equals("arrow")) {
        continue;
      }
      double[] last = null;
      for (String piece : path.getAttribute("d").split("(?=[MLQ])", -1)) {
        String[] numbers = piece.substring(1).strip().split(" ", -1);
        double x = Double.parseDouble(numbers[numbers.length - 2]);
        double y = Double.parseDouble(numbers[numbers.length - 1]);
        if (last != null) {
          lines.add(
              new Area(
                  piece,
                  Math.min(x, last[0]),
                  Math.min(y, last[1]),
                  Math.max(x, last[0]) + 0.1,
                  Math.max(y, last[1]) + 0.1));
        }
        last = new double[] {x, y};
      }
    }
    return lines;
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  @Test
  void refusesAnExtensionThatContradictsTheFormatOrIsNotKnown(@TempDir Path folder) {
    Program dot =
        Program.runIn(
            folder,
            Map.of(),
            new byte[0],
            "shape",
            "ReLU()",
            "--input",
            "4",
            "-o",
            "net.svg",
            "-f",
            "dot");
    assertThat(dot)
        .isEqualTo(
            new Program(
                2,
                "",
                """
                lamina shape: --format dot contradicts the extension .svg of 'net.svg'
                leave --format out, or name the file otherwise
                """));
    assertThat(folder).isEmptyDirectory();
    Program png = Program.run("shape", "ReLU()", "--input", "4", "-o", "net.png");
    assertThat(png.err())
        .startsWith(
            "lamina shape: no format is known by the extension .png of 'net.png'\n"
                + "use .svg, .dot, .mmd, .json,");
    assertThat(png.code()).isEqualTo(2);
  }

  @Test
  void readsTheModeNearestExactAsPrinted() {
    assertThat(Program.run("run", "Upsample(scale_factor=1.5, mode=nearest-exact)", "[[[1,2,3]]]"))
        .isEqualTo(new Program(0, "{\"shape\":[1,1,4],\"data\":[[[1.0,2.0,2.0,3.0]]]}\n", ""));
  }

  @Test
  void refusesOtherChannelsThanAKerasModelHas() {
    String net =
        """
        {"class_name":"Sequential","config":[{"class_name":"Conv2D","config":{"name":"d",
        "batch_input_shape":[null,8,8,3],"filters":4,"kernel_size":3}}]}\
        """;
    assertThat(Program.run("shape", net, "--input", "3x8x8"))
        .isEqualTo(
            new Program(
                3,
                "",
                "lamina shape: --input 3x8x8 has 8 channels, the last axis, but the Keras model"
                    + " has 3: 8x8x3\n"));
    assertThat(Program.run("shape", net, "--input", "9x9x3", "--member", "output").out())
        .isEqualTo("{\"output\":[7,7,4]}\n");
  }

  private static final String SEQUENCES =
      """
      Net(
        (encoder): GRU(3, 4, num_layers=2, batch_first=True)
        (decoder): GRU(2, 4, num_layers=2, batch_first=True)
      )
      def forward(self, source, target):
          out, h = self.encoder(source)
          y, h = self.decoder(target, h)
          return torch.relu(y) * self.scale
      {'scale': (4,)}
      """;

  /** States are called so, no arrow shows a batch of one, and weights stand beside their use. */
  @Test
  void drawsStatesInputsAndWeights() {
    String[] sizes = {"shape", "-", "--input", "5x3", "--input", "3x2", "-f"};
    List<String> words = new ArrayList<>(List.of(sizes));
    words.add("mermaid");
    Program program = Program.runWithInput(SEQUENCES, words.toArray(new String[0]));
    assertThat(program.err()).isEmpty();
    assertThat(program.out())
        .contains("[\"encoder GRU\"]")
        .contains("[\"encoder GRU h\"]")
        .contains("n0 -->|\"5 x 3\"| n2")
        .contains("n1 -->|\"3 x 2\"| n4")
        .doesNotContain("1 x 3 x 2");
    words.set(words.size() - 1, "svg");
    String svg = Program.runWithInput(SEQUENCES, words.toArray(new String[0])).out();
    assertThat(height(svg, "scale  Parameter")).isEqualTo(height(svg, "decoder  GRU"));
    assertThat(height(svg, "scale  Parameter")).isLessThan(height(svg, "mul  Mul"));
  }

  private static double height(String svg, String text) {
    Matcher found =
        Pattern.compile("y=\"([0-9.]+)\"[^>]*>[^<]*" + Pattern.quote(text)).matcher(svg);
    assertThat(found.find()).as(text).isTrue();
    return Double.parseDouble(found.group(1));
  }
}
