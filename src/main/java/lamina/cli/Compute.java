package lamina.cli;

import lamina.kernel.Backends;
import lamina.kernel.Parallel;

/** What the options say of how to compute: {@code --backend}, {@code --threads}, and telling it. */
final class Compute {
  private Compute() {}

  /** Sets the backend and the number of threads for all that follows. */
  static void configure(Arguments arguments) {
    Backends.use(arguments.choice("--backend", "auto", CommonOptions.BACKENDS));
    Parallel.use(arguments.integer("--threads", Runtime.getRuntime().availableProcessors(), 1));
  }

  /** With {@code --verbose}: which backend ran, and why. */
  static void report(Arguments arguments, Io io) {
    if (arguments.has("--verbose")) {
      io.err()
          .print(
              arguments.command()
                  + ": backend "
                  + Backends.reason()
                  + "; threads "
                  + Parallel.threads()
                  + "\n");
    }
  }
}
