package lamina.cli.option;

import picocli.CommandLine.Model.OptionSpec;

/** An option that takes a whole number. */
public final class IntegerOption extends Option {
  private final long otherwise;
  private final long least;
  private final long most;

  /**
   * @param otherwise the number without the option
   * @param least the smallest that can be given
   * @param most the largest that can be given
   */
  IntegerOption(
      String label, long otherwise, long least, long most, String description, String... names) {
    this(withValue(label, description, names), otherwise, least, most);
  }

  IntegerOption(OptionSpec.Builder definition, long otherwise, long least, long most) {
    super(definition);
    this.otherwise = otherwise;
    this.least = least;
    this.most = most;
  }

  /**
   * The number of an option whose numbers fit into 32 bits.
   *
   * @throws UsageException if something else was typed, or a number out of range
   */
  public int value() {
    return Math.toIntExact(longValue());
  }

  /** The same in 64 bits. */
  public long longValue() {
    String typed = typed();
    if (typed == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(typed);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Reported below, with the range.
    }
    String range = "";
    if (least != Long.MIN_VALUE) {
      range = " from " + least + (most == Integer.MAX_VALUE ? " on" : " to " + most);
    }
    throw new UsageException(name() + " takes a whole number" + range + ", not '" + typed + "'");
  }
}
