package lamina.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lamina.Golden;
import lamina.Program;
import lamina.format.JsonValues;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How {@code lamina train} says which classes it took for which. */
class TrainConfusionTest {
  @TempDir private Path folder;

  /** Each class has two samples, at the same place; a third is at that of the first class. */
  private void writeClasses(List<String> names) throws IOException {
    StringBuilder rows = new StringBuilder("x,y,class\n");
    for (int i = 0; i < names.size(); i++) {
      String row = i + "," + i * i % 7 + ",\"" + names.get(i) + "\"\n";
      rows.append(row).append(row).append("0,0,\"" + names.get(i) + "\"\n");
    }
    Files.writeString(folder.resolve("classes.csv"), rows);
  }

  private String textOf(String columns) {
    Map<String, String> environment = columns == null ? Map.of() : Map.of("COLUMNS", columns);
    String[] words = {
      "train",
      "Linear(_, 8), ReLU(), Linear(8, _)",
      "--data",
      "classes.csv",
      "--epochs",
      "1",
      "-f",
      "text"
    };
    Program program = Program.runIn(folder, environment, new byte[0], words);
    assertThat(program.code()).isZero();
    String out = program.out();
    int from = Math.max(out.indexOf("given for each class:"), out.indexOf("the classes least"));
    return out.substring(from);
  }

  /** A matrix of letters at the width of a usual terminal: several tables of some columns each. */
  @Test
  void aWideConfusionFitsTheTerminal() throws IOException {
    List<String> names = new ArrayList<>();
    for (char letter = 'a'; letter <= 'z'; letter++) {
      names.add(Character.toString(letter));
    }
    writeClasses(names);
    String table = textOf("80").split("\nmost wrong", 2)[0];
    assertThat(table.lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(81));
    List<String> headers = table.lines().filter(line -> line.startsWith("class ")).toList();
    assertThat(headers).hasSize(2);
    assertThat(headers.stream().flatMap(line -> Stream.of(line.split(" +")).skip(1)))
        .containsExactlyElementsOf(Stream.concat(names.stream(), Stream.of("right")).toList());
    // A file has one table.
    assertThat(textOf(null).lines().filter(line -> line.startsWith("class "))).hasSize(1);
  }

  @Test
  void columnsAreThoseOfATerminal() throws IOException {
    writeClasses(
        List.of(
            "猫", "e\u0301", "a\u001b[31m name that is very long, and goes on for ever and ever"));
    List<String> lines = textOf("60").lines().skip(1).limit(4).toList();
    assertThat(lines.get(0)).startsWith("class      ").contains("  a [31m name…  e\u0301  猫  ");
    assertThat(lines.get(1)).startsWith("a [31m name that is…  ");
    assertThat(lines.get(2)).startsWith("e\u0301" + " ".repeat(19) + " ");
    assertThat(lines.get(3)).startsWith("猫" + " ".repeat(18) + " ");
    assertThat(textOf(null)).doesNotContain("\u001b");
  }

  @Test
  void manyClassesAreToldByTheWorst() throws IOException {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      names.add("k" + i);
    }
    writeClasses(names);
    List<String> lines = textOf(null).lines().toList();
    assertThat(lines.get(0)).isEqualTo("the classes least right, of 60:");
    assertThat(lines.get(1)).startsWith("class  samples  right  otherwise mostly");
    assertThat(lines.get(2)).matches("k\\d+ +3 +0\\.0% +k\\d+ \\(\\d\\)");
    assertThat(lines.indexOf("most wrong about:")).isEqualTo(23);
  }

  /** JSON tells what text tells. */
  @Test
  void jsonHasTheConfusionAndTheMistakes() throws IOException {
    writeClasses(List.of("p", "q", "r"));
    String[] words = {
      "train", "Linear(_, _)", "--data", "classes.csv", "--epochs", "1", "-f", "json"
    };
    Map<String, Object> result =
        Golden.object(
            JsonValues.read(Program.runIn(folder, Map.of(), new byte[0], words).out(), "out"));
    assertThat(result.keySet()).containsExactly("epochs", "confusion", "most_wrong", "diagnosis");
    Map<String, Object> confusion = Golden.object(result.get("confusion"));
    assertThat(confusion.get("classes")).isEqualTo(List.of("p", "q", "r"));
    words[words.length - 1] = "text";
    String text = Program.runIn(folder, Map.of(), new byte[0], words).out();
    List<?> counts = (List<?>) Golden.object(confusion.get("counts")).get("data");
    List<?> right = (List<?>) confusion.get("right");
    for (int i = 0; i < 3; i++) {
      List<?> row = (List<?>) counts.get(i);
      assertThat(row.stream().mapToLong(each -> (Long) each).sum()).isEqualTo(3);
      double share = ((Number) right.get(i)).doubleValue();
      assertThat(share).isEqualTo(((Long) row.get(i)) / 3.0);
      String line = "pqr".charAt(i) + " ";
      assertThat(text.lines().filter(each -> each.startsWith(line)).toList().get(0).split(" +"))
          .contains(row.get(0).toString(), row.get(1).toString(), row.get(2).toString());
    }
    List<?> wrong = (List<?>) result.get("most_wrong");
    assertThat(wrong).isNotEmpty();
    for (Object each : wrong) {
      Map<String, Object> example = Golden.object(each);
      assertThat(example.keySet()).containsExactly("sample", "is", "given", "margin");
      assertThat(text)
          .contains(
              "  "
                  + example.get("sample")
                  + ": is "
                  + example.get("is")
                  + ", given "
                  + example.get("given"));
      assertThat(((Number) example.get("margin")).doubleValue()).isPositive();
    }
  }
}
