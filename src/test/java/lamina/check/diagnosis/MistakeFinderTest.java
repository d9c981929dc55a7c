package lamina.check.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import lamina.check.Answer;
import lamina.check.CommandRunner;
import lamina.check.Mistake;
import lamina.check.ShellWords;
import lamina.cli.InProcess;
import lamina.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Mistakes are named where they were made, and no others. */
class MistakeFinderTest {
  private static final Path EXAMPLES = Path.of("src/examples");
  private static final CommandRunner COMMANDS = new InProcess();

  /** How many wrong answers of no known kind each command is tried on. */
  private static final int WRONG = 200;

  private static Answer run(String line) {
    return COMMANDS.run(ShellWords.of(line), EXAMPLES, Duration.ofSeconds(60)).answer(line);
  }

  private static MistakeFinder diagnosis(String command) {
    return new MistakeFinder(ShellWords.of(command), run(command), COMMANDS, EXAMPLES);
  }

  /**
   * @param wrong a command that makes the mistake, or the answer itself
   */
  @ParameterizedTest
  @CsvFileSource(
      resources = {"mistakes.csv", "small-mistakes.csv", "commands-with-mistakes.csv"},
      delimiter = '|',
      quoteCharacter = '`')
  void namesTheMistake(String id, String command, String wrong) {
    Answer answer =
        wrong.matches("(?s)[\\[{\\d-].*") ? Answer.ofJson(wrong, "the answer") : run(wrong);
    Mistake mistake = diagnosis(command).of(answer, 1e-5, 1e-8);
    assertThat(mistake).as("%s: %s", command, wrong).isNotNull();
    assertThat(mistake.id()).isEqualTo(id);
  }

  @ParameterizedTest
  @CsvFileSource(resources = "commands.csv", delimiter = '|', quoteCharacter = '`')
  void namesNothingElse(String command) {
    Answer right = run(command);
    MistakeFinder diagnosis = new MistakeFinder(ShellWords.of(command), right, COMMANDS, EXAMPLES);
    Random random = new Random(command.hashCode());
    List<String> named = new ArrayList<>();
    for (int i = 0; i < WRONG; i++) {
      Answer wrong = wrong(right, random, i);
      Mistake mistake = diagnosis.of(wrong, 1e-5, 1e-8);
      if (mistake != null) {
        named.add(mistake.id() + " for " + wrong.members());
      }
    }
    assertThat(named).isEmpty();
    assertThat(diagnosis.of(right, 1e-5, 1e-8)).as("the right answer").isNull();
  }

  /** A wrong answer of one of several kinds: noise, a slip, a wrong factor, a wrong place. */
  private static Answer wrong(Answer right, Random random, int kind) {
    Map<String, Object> members = new LinkedHashMap<>();
    for (Map.Entry<String, Object> member : right.members().entrySet()) {
      Object value = member.getValue();
      members.put(
          member.getKey(), value instanceof Tensor tensor ? wrong(tensor, random, kind) : value);
    }
    return Answer.ofMembers(members);
  }

  private static Tensor wrong(Tensor right, Random random, int kind) {
    int n = right.size();
    double[] values = new double[n];
    double largest = 0;
    for (int i = 0; i < n; i++) {
      values[i] = right.get(i);
      largest = Math.max(largest, Math.abs(values[i]));
    }
    double step = MatchEvidence.step(right);
    double scale = 0.3 + random.nextInt(20) / 7.0;
    int place = n == 0 ? 0 : random.nextInt(n);
    double constant = Math.rint(largest * random.nextDouble() / step) * step;
    for (int i = 0; i < n; i++) {
      double noise = Math.rint(2 * largest * (random.nextDouble() - 0.5) / step) * step;
      values[i] =
          switch (kind % 16) {
            case 0 -> noise;
            case 1 -> values[i] + (i == place ? 3 * step + Math.abs(noise) : 0);
            case 2 -> values[i] * scale;
            case 3 -> 0;
            case 4 -> constant;
            case 5 -> values[i] + 7 * step;
            case 6 -> i <= place ? values[i] : noise;
            case 7 -> right.get((i * 7 + place) % n) + 2 * step;
            case 8 -> right.get(i == 0 ? place : i == place ? 0 : i) + (i == n - 1 ? 3 * step : 0);
            case 9 -> Math.rint(values[i] * 5) / 5 + step;
            case 10 -> i == place ? -1.3 * values[i] - step : values[i];
            case 11 -> values[i] * values[i] + 3 * step;
            case 12 -> Math.abs(values[i]) + (i == place ? step : 0);
            case 13 -> random.nextInt(3) - 1;
            case 14 -> i + 1;
            default -> values[i] + (i >= place ? Math.max(step, largest / 8) : 0);
          };
    }
    return Tensor.of(values, right.shape());
  }
}
