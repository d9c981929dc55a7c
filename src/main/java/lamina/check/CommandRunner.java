package lamina.check;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import lamina.text.InputException;

/** Runs lamina's commands for whoever checks answers; the program above implements it. */
public interface CommandRunner {
  /**
   * What a command printed.
   *
   * @param code its exit code
   * @param out standard output
   * @param err standard error
   */
  record Printed(int code, String out, String err) {
    /**
     * The answer in it.
     *
     * @throws InputException if the command failed or printed nothing
     */
    public Answer answer(String source) {
      if (code > 1) {
        String line =
            err.isBlank()
                ? "it ended with exit code " + code
                : err.lines().findFirst().orElseThrow();
        throw new InputException(source + ": " + line);
      }
      if (out.isBlank()) {
        throw new InputException(source + ": it printed nothing");
      }
      return AnswerFile.ofText(out, source);
    }
  }

  /**
   * Runs a command line of lamina without the program's name.
   *
   * @param directory what its paths are relative to
   * @throws InputException if it takes longer than the limit
   */
  Printed run(List<String> words, Path directory, Duration limit);

  /** Whether a word is an option of the command that takes no value, or only an attached one. */
  boolean isFlag(List<String> words, String option);

  /**
   * Why a command does not print its result as an answer is read, as {@code has --quiet, which
   * ...}; null if it does, or if running it will tell more.
   */
  String noAnswer(List<String> words);
}
