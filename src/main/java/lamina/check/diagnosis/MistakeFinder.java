package lamina.check.diagnosis;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lamina.check.Answer;
import lamina.check.CommandRunner;
import lamina.check.Mistake;
import lamina.text.InputException;

/**
 * Finds the well-known mistake that explains a wrong answer. A mistake is named only if the answer
 * is what it gives and that is unlikely by chance; of several the first, which is the simplest. The
 * answers of mistakes are computed once, when they are first needed.
 */
public final class MistakeFinder {
  /** Large commands take long to be run again and again; then the simplest mistakes must do. */
  private static final long MOST_NANOS = 20_000_000_000L;

  private final List<Candidate> candidates = new ArrayList<>();
  private final Map<Candidate, Optional<Answer>> answers = new HashMap<>();
  private final Answer right;

  /** Nanoseconds that the answers of mistakes took so far. */
  private long spent;

  /**
   * Prepares for answers to one question.
   *
   * @param command what gives the right answer, or null if it is only known
   * @param right the right answer
   * @param directory what the command's paths are relative to
   */
  public MistakeFinder(List<String> command, Answer right, CommandRunner commands, Path directory) {
    this.right = right;
    String layout = null;
    if (command != null) {
      CommandWords words = new CommandWords(command, commands, directory);
      candidates.addAll(ofCommand(words));
      layout = words.value("--layout");
    }
    boolean sizes =
        command == null
            ? right.member("output") != null || right.members().containsKey("shape")
            : command.get(0).equals("shape");
    candidates.addAll(GeneralMistakes.of(right, sizes, layout != null && layout.endsWith("c")));
  }

  private static List<Candidate> ofCommand(CommandWords words) {
    try {
      return switch (words.name()) {
        case "conv" -> ConvMistakes.of(words);
        case "pool" -> PoolMistakes.of(words);
        case "activate" -> ActivateMistakes.of(words);
        case "rnn" -> RnnMistakes.of(words);
        case "shape" -> ShapeMistakes.of(words);
        case "tokenize" -> TokenizeMistakes.of(words);
        case "run" -> RunMistakes.of(words);
        default -> List.of();
      };
    } catch (InputException e) {
      // Something of the command cannot be read here; the general mistakes are left.
      return List.of();
    }
  }

  /** The mistake that explains a wrong answer, or null. */
  public synchronized Mistake of(Answer wrong, double rtol, double atol) {
    for (Candidate candidate : candidates) {
      if (spent > MOST_NANOS && !answers.containsKey(candidate)) {
        continue;
      }
      Answer mistaken = answers.computeIfAbsent(candidate, this::compute).orElse(null);
      if (mistaken != null
          && MatchEvidence.bits(mistaken, right, wrong, rtol, atol) >= candidate.bits()) {
        return candidate.mistake();
      }
    }
    return null;
  }

  private Optional<Answer> compute(Candidate candidate) {
    long start = System.nanoTime();
    try {
      return Optional.ofNullable(candidate.answer().get());
    } catch (RuntimeException e) {
      // The mistake cannot be made here: shapes do not fit, or there is nothing to leave out.
      return Optional.empty();
    } finally {
      spent += System.nanoTime() - start;
    }
  }
}
