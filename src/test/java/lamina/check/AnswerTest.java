package lamina.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerTest {
  @TempDir Path folder;

  private static boolean matches(String answer, String expected) {
    return MemberCheck.compare(
            AnswerFile.ofText(answer, "the answer"), Answer.ofJson(expected, "x"), 1e-5, 1e-8)
        .stream()
        .allMatch(MemberCheck::matches);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[[1, 2], [3, 4]]                          | [[1, 2], [3, 4]]",
        "{\"shape\":[2,2],\"data\":[1,2,3,4]}      | [[1, 2], [3, 4]]",
        "{\"data\":[[1,2],[3,4]],\"h_n\":[9]}      | [[1, 2], [3, 4]]",
        "tensor([[1., 2.], [3., 4.]])              | [[1, 2], [3, 4]]",
        "{\"a\":{\"data\":[1]},\"b\":2}            | {\"b\":2,\"a\":[1]}",
        "{\"layers\":[{\"output\":[1,2]}]}         | {\"layers\":[{\"output\":[1,2]}]}",
        "{\"data\":[[1,2],[3,4]]}                  | {\"shape\":[2,2]}",
        "[1, \"NaN\"]                              | [1, \"NaN\"]",
        "54x54x96                                  | [54, 54, 96]",
        "(54, 54, 96)                              | [54, 54, 96]",
        "54 × 54 × 96                              | {\"output\":[54, 54, 96]}",
        "B x 54 x 54 x 96                          | [\"B\", 54, 54, 96]",
        "[B, 54, 54, 96]                           | [\"B\", 54, 54, 96]",
        "[\"(H-11)//4 + 1\", 3]                    | [\"⌊(H − 11) / 4⌋ + 1\", 3]",
        "[\"floor((H-7)/4)\", 3]                   | [\"⌊(H − 11) / 4⌋ + 1\", 3]",
        "One to Many                               | \"one-to-many\"",
        "54                                        | 54",
      })
  void equalHoweverItIsWritten(String answer, String expected) {
    assertThat(matches(answer, expected)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[[1, 2], [3, 5]]        | [[1, 2], [3, 4]]",
        "[1, 2, 3, 4]            | [[1, 2], [3, 4]]",
        "[[1, 2]]                | [1, 2]",
        "54x54x95                | [54, 54, 96]",
        "54x54                   | [54, 54, 96]",
        "B x 54 x 54 x 96        | [\"N\", 54, 54, 96]",
        "[\"(H-11)//4\", 3]      | [\"⌊(H − 11) / 4⌋ + 1\", 3]",
        "[\"ceil((H-11)/4)+1\",3]| [\"⌊(H − 11) / 4⌋ + 1\", 3]",
        "many-to-one             | \"one-to-many\"",
        "{\"h_n\":[1]}           | [1]",
        "2 x 3;1 2.5;3 4         | [[1, 2.5], [3, 4]]",
        "1                       | \"one-to-many\"",
        "words                   | [[1, 2], [3, 4]]",
      })
  void differs(String answer, String expected) {
    assertThat(matches(answer.replace(';', '\n'), expected)).isFalse();
  }

  /** As it stands on a terminal, in percent, with a full stop. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2 x 2;1 2.5;3 4                 | [[1, 2.5], [3, 4]]",
        "65.9%, 24%,   9.90 %            | [0.659, 0.24, 0.099]",
        "[-5%, 120%]                     | [-0.05, 1.2]",
        "many to one.                    | \"many-to-one\"",
      })
  void asPeopleWrite(String answer, String expected) {
    assertThat(matches(answer.replace(';', '\n'), expected)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[[1, 2], [3]]                   | ragged",
        "{\"shape\":[3],\"data\":[[1]]}  | says it has 3",
        "[[1, 2], [3, 4]                 | truncated",
        "{\"a\": 1                       | truncated",
        "' '                             | is empty",
      })
  void malformedIsSaid(String text, String message) {
    assertThatThrownBy(() -> AnswerFile.ofText(text, "the answer"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message)
        .hasMessageStartingWith("the answer");
  }

  @Test
  void aTableHoldsTensorsOfAnyRank() throws Exception {
    Files.writeString(folder.resolve("a.csv"), "1,2\n3,4\n5,6\n7,8\n");
    Answer table = AnswerFile.read("a.csv", folder);
    Answer cube = Answer.of(Tensor.of(new double[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 2, 2));
    assertThat(MemberCheck.compare(table, cube, 0, 0)).allMatch(MemberCheck::matches);
    Answer matrix = Answer.of(Tensor.of(new double[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 4));
    assertThat(MemberCheck.compare(table, matrix, 0, 0).get(0).difference())
        .isEqualTo("shape 4x2, expected 2x4");
  }

  @Test
  void bytesThatAreNoTextAreSaid() throws Exception {
    Files.write(folder.resolve("a.json"), "[1, \u00e9]".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> AnswerFile.read("a.json", folder))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("a.json: ");
  }

  /** PowerShell writes what a program printed so. */
  @Test
  void textsInUtf16AreRead() throws Exception {
    Files.write(folder.resolve("a.json"), "\ufeff[1.5, 2]\r\n".getBytes(StandardCharsets.UTF_16LE));
    Answer numbers = Answer.ofJson("[1.5, 2]", "x");
    assertThat(MemberCheck.compare(AnswerFile.read("a.json", folder), numbers, 0, 0))
        .allMatch(MemberCheck::matches);
    Files.write(folder.resolve("a.txt"), "größe".getBytes(StandardCharsets.UTF_16));
    assertThat(AnswerFile.read("a.txt", folder).member(Answer.MAIN)).isEqualTo("größe");
  }

  @Test
  void rightElementsAreCounted() {
    Answer answer = Answer.ofJson("{\"data\":[1,2,3],\"b\":[1]}", "x");
    Answer expected = Answer.ofJson("{\"data\":[1,0,3],\"b\":[1,2],\"c\":1}", "x");
    List<MemberCheck> checks = MemberCheck.compare(answer, expected, 0, 0);
    assertThat(checks).extracting(MemberCheck::right).containsExactly(2L, 0L, 0L);
    assertThat(checks.get(2).difference()).isEqualTo("there is no c; there is data, b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "conv a.csv -k '[[1, 2]]'        | conv,a.csv,-k,[[1, 2]]",
        "lamina shape \"Conv2d(3, 8)\"   | shape,Conv2d(3, 8)",
        "conv a\\ b.csv --expect=''      | conv,a b.csv,--expect=",
      })
  void commandLinesAreTakenApart(String line, String words) {
    assertThat(String.join(",", ShellWords.of(line))).isEqualTo(words);
  }
}
