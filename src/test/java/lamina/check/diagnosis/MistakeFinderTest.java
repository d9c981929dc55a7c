package lamina.check.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import lamina.check.Answer;
import lamina.check.CommandRunner;
import lamina.check.Mistake;
import lamina.check.ShellWords;
import lamina.cli.InProcess;
import lamina.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Mistakes are named where they were made, and no others. */
class MistakeFinderTest {
  private static final Path RESOURCES = Path.of("src/test/resources/lamina/check/diagnosis");
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

  /** Slips and other mistakes that a wide tolerance or few decimals do not tell from known ones. */
  @ParameterizedTest
  @CsvFileSource(resources = "no-mistakes.csv", delimiter = '|', quoteCharacter = '`')
  void namesNone(String command, String wrong, double atol) {
    Answer answer =
        wrong.startsWith("[")
            ? Answer.ofJson(wrong, "the answer")
            : run("activate identity " + wrong);
    assertThat(diagnosis(command).of(answer, 1e-5, atol)).isNull();
  }

  /** What a wide tolerance takes for one mistake may be another to the last decimal. */
  @Test
  void namesWhatIsNearest() {
    MistakeFinder finder = diagnosis("activate leaky-relu '[-2,-1,0,1,2]' --alpha 0.1");
    Answer answer = Answer.ofJson("[-0.02,-0.01,0,1,2]", "the answer");
    assertThat(finder.of(answer, 0, 0.05).id()).isEqualTo("default-alpha");
  }

  /** A bias of a half that is forgotten looks like decimals that are cut off. */
  @Test
  void namesAllThatFit() {
    MistakeFinder finder =
        diagnosis(
            "conv '[[1,2,0,3],[0,1,4,2],[2,2,1,0],[1,0,3,1]]'"
                + " -k '[[1,0,-1],[2,1,0],[0,-1,1]]' -b 0.5");
    Mistake mistake = finder.of(Answer.ofJson("[[1,4],[5,2]]", "the answer"), 1e-5, 1e-8);
    assertThat(mistake.text()).contains("without the bias", "cut off");
  }

  /** What is no size is not called one. */
  @Test
  void namesCountsAsResults() {
    MistakeFinder finder =
        diagnosis("shape 'Conv2d(3,16,5,stride=2,padding=1)' --input 3x32x32 --member macs");
    assertThat(finder.of(Answer.ofJson("1080000", "the answer"), 1e-5, 1e-8).text())
        .isEqualTo("this is the result with stride 1");
  }

  /** Numbers of few decimals may be divided by nine or by ten. */
  @Test
  void namesAFactorBesideWhatItMayBe() {
    MistakeFinder finder =
        diagnosis(
            "conv '[[1,1,1,0,0],[0,1,1,1,0],[0,0,1,1,1],[0,0,1,1,0],[0,1,1,0,0]]'"
                + " -k '[[1,0,1],[0,1,0],[1,0,1]]'");
    Answer answer = Answer.ofJson("[[0.4,0.3,0.4],[0.2,0.4,0.3],[0.2,0.3,0.4]]", "the answer");
    assertThat(finder.of(answer, 1e-5, 1e-8).text())
        .isEqualTo(
            "this is the result divided by the number of the kernel's elements,"
                + " or a tenth of the right result");
    answer = Answer.ofJson("[[8,6,8],[4,8,6],[4,6,8]]", "the answer");
    assertThat(finder.of(answer, 1e-5, 1e-8).text()).isEqualTo("this is twice the right result");
  }

  /** Whichever mistakes the commands of these cases know, each has two cases of its own. */
  @Test
  void everyMistakeHasTwoCases() throws Exception {
    Map<String, Integer> cases = new TreeMap<>();
    Set<String> commands = new LinkedHashSet<>();
    for (String file :
        List.of("mistakes.csv", "small-mistakes.csv", "commands-with-mistakes.csv")) {
      for (String line : Files.readAllLines(RESOURCES.resolve(file))) {
        String[] fields = line.split("\\|", -1);
        cases.merge(fields[0], 1, Integer::sum);
        commands.add(fields[1]);
      }
    }
    Set<String> known = new TreeSet<>();
    for (String command : commands) {
      diagnosis(command).predictions().keySet().forEach(mistake -> known.add(mistake.id()));
    }
    assertThat(known).hasSizeGreaterThan(120);
    assertThat(known)
        .allSatisfy(id -> assertThat(cases.getOrDefault(id, 0)).as(id).isGreaterThanOrEqualTo(2));
  }

  /** What is close to a mistake's answer and not it, is none. */
  @ParameterizedTest
  @CsvFileSource(resources = "commands.csv", delimiter = '|', quoteCharacter = '`')
  void namesNoNearMiss(String command) {
    Answer right = run(command);
    MistakeFinder finder = new MistakeFinder(ShellWords.of(command), right, COMMANDS, EXAMPLES);
    Map<Mistake, Answer> predictions = finder.predictions();
    Random random = new Random(command.hashCode());
    List<String> named = new ArrayList<>();
    int tried = 0;
    for (Map.Entry<Mistake, Answer> each : predictions.entrySet()) {
      for (int kind = 0; kind < 5; kind++) {
        Answer near = nearMiss(each.getValue(), right, random, kind);
        if (near == null || isOneOf(predictions, near)) {
          continue;
        }
        tried++;
        Mistake mistake = finder.of(near, 1e-5, 1e-8);
        if (isSure(mistake)) {
          named.add(mistake.id() + " for " + each.getKey().id() + " " + kind + near.members());
        }
      }
    }
    assertThat(named).isEmpty();
    assertThat(tried).isPositive();
  }

  /** Whether a mistake is named for sure; a lone size may be so many mistakes. */
  private static boolean isSure(Mistake mistake) {
    return mistake != null && !mistake.text().startsWith("this may be");
  }

  /** Whether chance hit the sizes or counts of another mistake. */
  private static boolean isOneOf(Map<Mistake, Answer> predictions, Answer answer) {
    return predictions.values().stream()
        .anyMatch(
            each ->
                answer.members().entrySet().stream()
                    .allMatch(member -> member.getValue().equals(each.member(member.getKey()))));
  }

  /** One element off, a factor, a shift, two elements exchanged, or noise; null if that is none. */
  private static Answer nearMiss(Answer answer, Answer right, Random random, int kind) {
    Map<String, Object> members = new LinkedHashMap<>();
    boolean differs = false;
    for (String name : right.members().keySet()) {
      Object value = answer.member(name);
      if (value instanceof Tensor tensor && tensor.size() > 0) {
        Tensor near = nearMiss(tensor, random, kind);
        for (int i = 0; i < near.size(); i++) {
          differs |= Math.abs(near.get(i) - tensor.get(i)) > 1e-3 * Math.abs(tensor.get(i)) + 1e-5;
        }
        value = near;
      }
      members.put(name, value);
    }
    return differs ? Answer.ofMembers(members) : null;
  }

  private static Tensor nearMiss(Tensor tensor, Random random, int kind) {
    double[] values = new double[tensor.size()];
    double largest = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.get(i);
      largest = Math.max(largest, Math.abs(values[i]));
    }
    int place = random.nextInt(values.length);
    double step = MatchEvidence.step(tensor);
    double off = Math.max(3 * step, Math.rint(largest / 20 / step) * step);
    switch (kind) {
      case 0 -> values[place] += off;
      case 1 -> Arrays.setAll(values, i -> values[i] * 1.03);
      case 2 -> Arrays.setAll(values, i -> values[i] - off);
      case 3 -> {
        // Of few elements an exchange may be a transposition.
        int other = values.length > 4 ? random.nextInt(values.length) : place;
        double first = values[place];
        values[place] = values[other];
        values[other] = first;
      }
      default ->
          Arrays.setAll(values, i -> values[i] + Math.rint(random.nextGaussian() * 2) * off / 3);
    }
    return Tensor.of(values, tensor.shape());
  }

  @ParameterizedTest
  @CsvFileSource(resources = "commands.csv", delimiter = '|', quoteCharacter = '`')
  void namesNothingElse(String command) {
    Answer right = run(command);
    MistakeFinder diagnosis = new MistakeFinder(ShellWords.of(command), right, COMMANDS, EXAMPLES);
    Map<Mistake, Answer> predictions = diagnosis.predictions();
    Random random = new Random(command.hashCode());
    List<String> named = new ArrayList<>();
    for (int i = 0; i < WRONG; i++) {
      Answer wrong = wrong(right, random, i);
      while (isOneOf(predictions, wrong)) {
        wrong = wrong(right, random, random.nextInt(16));
      }
      Mistake mistake = diagnosis.of(wrong, 1e-5, 1e-8);
      if (isSure(mistake)) {
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
