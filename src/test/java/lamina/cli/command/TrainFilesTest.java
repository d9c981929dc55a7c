package lamina.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import lamina.Golden;
import lamina.Program;
import lamina.format.JsonValues;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code lamina train} writes beside its result. */
class TrainFilesTest {
  private static final Path DIGITS = Path.of("src/examples/digits/digits.csv.gz").toAbsolutePath();
  private static final String NET = "Linear(2, 6), ReLU(), Linear(6, 2)";

  @TempDir private Path folder;

  @BeforeEach
  void writeTwoClouds() throws IOException {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      double x = (i % 2 == 0 ? -1 : 1) * (1 + (i * 7 % 10) / 10.0);
      rows.append(x).append(',').append((i * 3 % 7) / 7.0).append(',').append(i % 2).append('\n');
    }
    Files.writeString(folder.resolve("data.csv"), rows);
  }

  private Program train(String net, String options) {
    List<String> words = new ArrayList<>(List.of("train", net));
    words.addAll(Arrays.asList(options.replace("DIGITS", DIGITS.toString()).split(" ", -1)));
    return Program.runIn(folder, Map.of(), new byte[0], words.toArray(String[]::new));
  }

  private String read(String name) throws IOException {
    return Files.readString(folder.resolve(name), StandardCharsets.UTF_8);
  }

  private List<Map<String, Object>> log() throws IOException {
    List<Map<String, Object>> lines = new ArrayList<>();
    for (String line : read("log.jsonl").lines().toList()) {
      lines.add(Golden.object(JsonValues.read(line, "log")));
    }
    return lines;
  }

  /** Every value is a number under a name of its own: a column of a table. */
  @Test
  void theLogHasOnlyNumbers() throws IOException {
    assertThat(train(NET, "--data data.csv --epochs 2 --split 0.25 --log log.jsonl").err())
        .isEmpty();
    assertThat(log()).hasSize(2);
    for (Map<String, Object> line : log()) {
      assertThat(line.keySet())
          .containsExactly(
              "epoch", "loss", "accuracy", "test_loss", "test_accuracy", "lr", "layers");
      Map<String, Object> layers = Golden.object(line.get("layers"));
      assertThat(layers.keySet())
          .containsExactlyInAnyOrder("0.weight", "0.bias", "1", "2.weight", "2.bias");
      assertThat(Golden.object(layers.get("1")).keySet()).containsExactly("dead");
      assertThat(Golden.object(layers.get("0.weight")).values())
          .hasSize(6)
          .allSatisfy(value -> assertThat(value).isInstanceOf(Number.class));
    }
  }

  @ParameterizedTest
  @CsvSource({"every, 10", "2, 6", "5, 2", "epoch, 0"})
  void statisticsAreStatedAsOftenAsAskedFor(String stats, int lines) throws IOException {
    Program program =
        train(NET, "--data data.csv --batch-size 8 --epochs 2 --log log.jsonl --stats " + stats);
    assertThat(program.err()).isEmpty();
    assertThat(log().stream().filter(line -> line.containsKey("step"))).hasSize(lines);
    assertThat(log().stream().filter(line -> !line.containsKey("step"))).hasSize(2);
    Object steps = Golden.object(JsonValues.read(program.out(), "output")).get("steps");
    if (stats.equals("epoch")) {
      assertThat(steps).isNull();
    } else {
      assertThat((List<?>) steps).hasSize(lines);
      Map<String, Object> last = Golden.object(((List<?>) steps).get(lines - 1));
      assertThat(last).containsEntry("step", 10L).containsEntry("epoch", 2L);
      assertThat((List<?>) last.get("layers")).hasSize(5);
    }
  }

  /** The mean of an epoch's steps is what the epoch says. */
  @Test
  void theStepsOfAnEpochAgreeWithIt() throws IOException {
    train(NET, "--data data.csv --batch-size 8 --epochs 1 --log log.jsonl --stats every");
    double loss = 0;
    double norm = 0;
    for (Map<String, Object> line : log().subList(0, 5)) {
      loss += ((Number) line.get("loss")).doubleValue() / 5;
      norm += norm(line) / 5;
    }
    Map<String, Object> epoch = log().get(5);
    assertThat(loss).isCloseTo(((Number) epoch.get("loss")).doubleValue(), within(1e-12));
    assertThat(norm).isCloseTo(norm(epoch), within(1e-12));
  }

  private static double norm(Map<String, Object> line) {
    Map<String, Object> weight = Golden.object(Golden.object(line.get("layers")).get("0.weight"));
    return ((Number) weight.get("grad_l2")).doubleValue();
  }

  /** One page, whose pictures are in it, with a table for every chart. */
  @Test
  void theReportNeedsNothingElse() throws IOException {
    Program program =
        train(
            "Conv2d(1, 4, 3), ReLU(), MaxPool2d(2), Flatten(), Linear(36, 10)",
            "--data DIGITS --input 1x8x8 --epochs 2 --split 0.2 --report out.html");
    assertThat(program.err()).isEmpty();
    String page = read("out.html");
    assertThat(page)
        .startsWith("<!DOCTYPE html>\n<html lang=\"en\">")
        .contains("<meta name=\"viewport\"", "prefers-color-scheme: dark", "@media print")
        .contains("Nothing is wrong.", "Loss and accuracy", "L2 norm of the gradient")
        .contains("Update ratio", "Histograms", "type=\"range\"", "Dead units", "Confusion matrix")
        .contains("Wrong answers", "Filters of the first layer", "Feature maps", "Network");
    Matcher sources = Pattern.compile("(?:src|href)=\"([^\"]*)\"").matcher(page);
    int count = 0;
    while (sources.find()) {
      count++;
      assertThat(sources.group(1)).matches("(?s)(data:image/.*|#main)");
    }
    assertThat(count).isGreaterThan(20);
    assertThat(page.replace("http://www.w3.org/2000/svg", "")).doesNotContain("http", "url(");
    assertThat(page.split("<img ", -1)).hasSameSizeAs(page.split(" alt=\"", -1));
    for (String tag : List.of("figure", "svg", "table", "details", "section", "div", "ul", "tr")) {
      assertThat(page.split("<" + tag + "[ >]", -1))
          .hasSameSizeAs(page.split("</" + tag + ">", -1));
    }
    assertThat(Stream.of(page.split("<figure class=\"chart\">", -1)).skip(1))
        .allSatisfy(
            chart ->
                assertThat(chart.substring(0, chart.indexOf("</figure>")))
                    .contains("role=\"img\"", "aria-label=\"", "<summary>As a table</summary>"));
  }

  @Test
  void alarmsAndOtherRunsAreInTheReport() throws IOException {
    train(NET, "--data data.csv --epochs 3 --log slow.jsonl --lr 1e-7");
    Program program =
        train(NET, "--data data.csv --epochs 5 --report out.html --compare slow.jsonl --lr 1e-7");
    assertThat(program.err()).isEmpty();
    assertThat(read("out.html"))
        .contains("<strong>rate-too-low</strong> all steps moved no weight", "Cure: ten times --lr")
        .contains("this run, training", "slow, training");
  }

  /** A run that goes on counts its epochs on, and does not forget that its weights had moved. */
  @Test
  void aRunThatGoesOnShowsWhereItBegan() throws IOException {
    train(NET, "--data data.csv --epochs 6 --save net.safetensors --lr 0.02");
    Program program =
        train(
            NET, "--data data.csv --epochs 7 --resume net.safetensors --lr 0.02 --report out.html");
    assertThat(program.err()).isEmpty();
    assertThat(program.out()).contains("\"diagnosis\":[]");
    assertThat(read("out.html"))
        .contains("<dt>epochs</dt><dd>7</dd>", "aria-valuetext=\"epoch 7\"")
        .contains("Loss over 7 epochs. training: from 0.");
  }

  /** 1,000 epochs of 100 layers: thinned curves, charts of colours, no more than a picture. */
  @Test
  void aLongTrainingOfADeepNetworkStaysSmall() throws IOException {
    StringBuilder net = new StringBuilder("Linear(2, 2)");
    for (int i = 1; i < 100; i++) {
      net.append(", LeakyReLU(0.9), Linear(2, 2)");
    }
    Files.writeString(folder.resolve("four.csv"), "0,1,0\n1,0,1\n0,2,0\n2,0,1\n");
    Program program = train(net.toString(), "--data four.csv --epochs 1000 --report out.html");
    assertThat(program.err()).isEmpty();
    assertThat(Files.size(folder.resolve("out.html"))).isLessThan(1_500_000);
  }

  @Test
  void tensorBoardReadsTheEvents() throws IOException {
    train(NET, "--data data.csv --epochs 3 --tensorboard runs/a --log log.jsonl");
    List<Path> files;
    try (Stream<Path> all = Files.list(folder.resolve("runs/a"))) {
      files = all.toList();
    }
    assertThat(files).hasSize(1);
    assertThat(files.get(0).getFileName().toString())
        .matches("events\\.out\\.tfevents\\.\\d{10}\\.lamina\\.\\d+");
    List<byte[]> records = records(ByteBuffer.wrap(Files.readAllBytes(files.get(0))));
    assertThat(records).hasSize(4);
    assertThat(new String(records.get(0), StandardCharsets.ISO_8859_1)).endsWith("brain.Event:2");
    Map<String, Float> scalars = scalars(records.get(3));
    assertThat(scalars.get("loss/training"))
        .isEqualTo(((Number) log().get(2).get("loss")).floatValue());
    assertThat(scalars)
        .containsKeys("accuracy/training", "learning rate", "grad_l2/0.weight", "dead/1");
  }

  /** The records of a file, each after its length and before its checksum, both checked. */
  private static List<byte[]> records(ByteBuffer file) {
    file.order(ByteOrder.LITTLE_ENDIAN);
    List<byte[]> records = new ArrayList<>();
    while (file.hasRemaining()) {
      byte[] length = new byte[8];
      file.get(length);
      assertThat(file.getInt()).isEqualTo(masked(length));
      byte[] content =
          new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
      file.get(content);
      assertThat(file.getInt()).isEqualTo(masked(content));
      records.add(content);
    }
    return records;
  }

  private static int masked(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    long value = crc.getValue();
    return (int) (((value >>> 15) | (value << 17 & 0xffffffffL)) + 0xa282ead8L);
  }

  /** Of an event, the values of its summary that have a tag and a simple_value. */
  private static Map<String, Float> scalars(byte[] event) {
    Map<String, Float> scalars = new LinkedHashMap<>();
    for (byte[] summary : messages(event, 5)) {
      for (byte[] value : messages(summary, 1)) {
        ByteBuffer rest = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(rest.get()).isEqualTo((byte) (1 << 3 | 2));
        byte[] tag = new byte[rest.get()];
        rest.get(tag);
        if (rest.get() == (2 << 3 | 5)) {
          scalars.put(new String(tag, StandardCharsets.UTF_8), rest.getFloat());
        }
      }
    }
    return scalars;
  }

  /** The messages that are a field of a message. */
  private static List<byte[]> messages(byte[] message, int field) {
    List<byte[]> found = new ArrayList<>();
    ByteBuffer rest = ByteBuffer.wrap(message);
    while (rest.hasRemaining()) {
      int key = rest.get();
      int type = key & 7;
      if (type == 2) {
        byte[] content = new byte[(int) varint(rest)];
        rest.get(content);
        if (key >> 3 == field) {
          found.add(content);
        }
      } else if (type == 0) {
        varint(rest);
      } else {
        rest.position(rest.position() + (type == 1 ? 8 : 4));
      }
    }
    return found;
  }

  private static long varint(ByteBuffer rest) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte part = rest.get();
      value |= (part & 0x7fL) << shift;
      if (part >= 0) {
        return value;
      }
    }
  }

  /** The figures are those of JSON, to the digits. */
  @ParameterizedTest
  @CsvSource({"csv, ','", "tsv, '\t'"})
  void aTableHasARowAnEpoch(String extension, String separator) throws IOException {
    String options = "--data data.csv --epochs 3 --split 0.25";
    Program program = train(NET, options + " -o ok." + extension);
    assertThat(program).isEqualTo(new Program(0, "", ""));
    List<String> rows = read("ok." + extension).lines().toList();
    assertThat(rows).hasSize(4);
    List<String> names = List.of("epoch", "loss", "accuracy", "test_loss", "test_accuracy");
    assertThat(rows.get(0)).isEqualTo(String.join(separator, names));
    List<?> epochs =
        (List<?>) Golden.object(JsonValues.read(train(NET, options).out(), "output")).get("epochs");
    for (int i = 0; i < 3; i++) {
      String[] cells = rows.get(i + 1).split(separator, -1);
      Map<String, Object> epoch = Golden.object(epochs.get(i));
      for (int j = 0; j < names.size(); j++) {
        double value = ((Number) epoch.get(names.get(j))).doubleValue();
        assertThat(Double.parseDouble(cells[j])).isCloseTo(value, within(1e-6));
      }
    }
  }

  /** Not after the first epoch, whose work would be lost. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--save w.npz | 2 | --save writes safetensors; 'w.npz' must end with .safetensors",
        "-f npy | 2 | npy holds one tensor, but a training has many figures; use .npz",
        "--save w | 2 | --save writes safetensors; 'w' must end with .safetensors",
        "--save no/dir/w.safetensors | 3 | --save: there is no folder 'no/dir' for"
            + " 'no/dir/w.safetensors'; make it first",
        "--save f.safetensors | 3 | --save: 'f.safetensors' is a folder",
        "--log nodir/l.jsonl | 3 | --log: there is no folder 'nodir' for 'nodir/l.jsonl'; make it"
            + " first",
        "--log f.safetensors | 3 | --log: 'f.safetensors' is a folder",
        "-o nodir/o.json | 3 | -o: there is no folder 'nodir' for 'nodir/o.json'; make it first",
        "--report f.safetensors | 3 | --report: 'f.safetensors' is a folder",
        "--tensorboard data.csv | 3 | --tensorboard: 'data.csv' is no folder",
        "--log x --report ./x | 2 | --log and --report both write './x'; name two files",
        "--log w.safetensors --save w.safetensors | 2 | --log and --save both write"
            + " 'w.safetensors'; name two files",
        "--init a --resume b.safetensors | 2 | either --init or --resume, not both: --resume goes"
            + " on with the weights that were saved",
        // What is read is never written over.
        "--log data.csv | 2 | --log would write over 'data.csv', which --data reads; name another"
            + " file",
        "-o f.safetensors/../data.csv | 2 | -o would write over 'f.safetensors/../data.csv', which"
            + " --data reads; name another file",
        "--report t.csv --test t.csv | 2 | --report would write over 't.csv', which --test reads;"
            + " name another file",
        "--log i.json --init i.json | 2 | --log would write over 'i.json', which --init reads; name"
            + " another file",
      })
  void filesThatCannotBeWrittenAreFoundFirst(String options, int code, String message)
      throws IOException {
    Files.createDirectory(folder.resolve("f.safetensors"));
    Program program = train(NET, "--data data.csv --epochs 1 " + options);
    assertThat(program).isEqualTo(new Program(code, "", "lamina train: " + message + "\n"));
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("data.csv", "f.safetensors");
    }
  }

  /** Weights may take the place of those that a training began with, but not of its data. */
  @Test
  void dataIsNeverWrittenOver() throws IOException {
    byte[] data = "[[1,2,0],[3,4,1]]".getBytes(StandardCharsets.UTF_8);
    String[] words = {"activate", "relu", "-", "-o", "d.safetensors"};
    assertThat(Program.runIn(folder, Map.of(), data, words).err()).isEmpty();
    byte[] before = Files.readAllBytes(folder.resolve("d.safetensors"));
    Program program = train(NET, "--data d.safetensors --save d.safetensors");
    assertThat(program)
        .isEqualTo(
            new Program(
                2,
                "",
                "lamina train: --save would write over 'd.safetensors', which --data reads; name"
                    + " another file\n"));
    assertThat(Files.readAllBytes(folder.resolve("d.safetensors"))).isEqualTo(before);
    Files.writeString(folder.resolve("net.txt"), NET);
    program = train("net.txt", "--data data.csv --log net.txt");
    assertThat(program.err())
        .isEqualTo(
            "lamina train: --log would write over 'net.txt', which NET reads; name another file\n");
    assertThat(read("net.txt")).isEqualTo(NET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--log", "--report", "-o"})
  void aFullDiskIsNamed(String option) {
    Program program = train(NET, "--data data.csv --epochs 1 " + option + " /dev/full");
    assertThat(program.err())
        .isEqualTo("lamina train: cannot write /dev/full: No space left on device\n");
    assertThat(program.code()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--stats 0 | 2 | --stats takes 'every', 'epoch' or a number of steps, not '0'",
        "--stats often | 2 | --stats takes 'every', 'epoch' or a number of steps, not 'often'",
        "--compare a.jsonl | 2 | --compare goes with --report",
        "--report out.html --compare none.jsonl | 3 | there is no file 'none.jsonl'",
        "--report out.html --compare data.csv | 3 | data.csv, line 1",
        "--report none/out.html | 3 | none",
      })
  void optionsThatCannotBeAreOneLine(String options, int code, String message) throws IOException {
    Program program = train(NET, "--data data.csv --epochs 1 " + options);
    assertThat(program.err()).startsWith("lamina train: ").contains(message);
    assertThat(program.code()).isEqualTo(code);
    assertThat(program.out()).isEmpty();
    assertThat(folder.resolve("out.html")).doesNotExist();
  }

  /** What was saved is a network: its sizes are those that it found in the data. */
  @Test
  void whatWasSavedIsANetwork() {
    assertThat(train("Linear(_, 6), ReLU(), Linear(_, _)", "--data data.csv --save n.safetensors"))
        .returns(0, Program::code);
    Program shape =
        Program.runIn(folder, Map.of(), new byte[0], "shape", "n.safetensors", "-f", "csv");
    assertThat(shape.err()).isEmpty();
    assertThat(shape.out())
        .startsWith("name,type,output,params")
        .contains("\n0,Linear,B x 6,18,12,")
        .contains("\n2,Linear,B x 2,14,12,");
    String[] bench = {"bench", "n.safetensors", "--min-time", "0.01"};
    assertThat(Program.runIn(folder, Map.of(), new byte[0], bench).err()).isEmpty();
    Program again = train("n.safetensors", "--data data.csv --epochs 1 --init n.safetensors -q");
    assertThat(again.err()).isEmpty();
    assertThat(again.code()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "w.safetensors | w.safetensors: has weights but no network; give its layers, or what"
            + " print(model) shows",
        "none.safetensors | there is no file 'none.safetensors'; a layer is written with"
            + " parentheses, e.g. ReLU()",
        "data.safetensors | data.safetensors: the header's length needs 8 bytes but only 1"
            + " follow: the file is truncated"
      })
  void weightsAloneAreNoNetwork(String name, String message) throws IOException {
    byte[] input = "[[1,2]]".getBytes(StandardCharsets.UTF_8);
    String[] words = {"activate", "relu", "-", "-o", "w.safetensors"};
    assertThat(Program.runIn(folder, Map.of(), input, words).err()).isEmpty();
    Files.writeString(folder.resolve("data.safetensors"), "x");
    Program shape = Program.runIn(folder, Map.of(), new byte[0], "shape", name);
    assertThat(shape.err().strip()).isEqualTo("lamina shape: " + message);
    assertThat(shape.code()).isEqualTo(3);
  }
}
