package lamina.cli.process;

/** The exit codes of the program. */
public final class ExitCode {
  /** Done. */
  public static final int OK = 0;

  /** A check failed. */
  public static final int CHECK_FAILED = 1;

  /** Wrong usage. */
  public static final int USAGE = 2;

  /** Bad input. */
  public static final int BAD_INPUT = 3;

  /** A fault of the program itself. */
  public static final int INTERNAL = 4;

  private ExitCode() {}
}
