package lamina.cli.option;

/** An option that takes a finite number. */
public final class NumberOption extends Option {
  NumberOption(String label, String description, String... names) {
    super(withValue(label, description, names));
  }

  /**
   * The number that was typed, or another.
   *
   * @throws UsageException if something else was typed
   */
  public double value(double otherwise) {
    return isGiven() ? parse(name(), typed()) : otherwise;
  }

  /** The number that was typed for an option. */
  static double parse(String option, String typed) {
    try {
      double number = Double.parseDouble(typed);
      if (!Double.isNaN(number) && !Double.isInfinite(number) && isPlainNumber(typed)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw new UsageException(option + " takes a number, not '" + typed + "'");
  }

  /** The same, which must be above 0. */
  public double positive(double otherwise) {
    double value = value(otherwise);
    if (!(value > 0)) {
      throw notA("number above 0");
    }
    return value;
  }

  /** The same, from 0 to 1. */
  public double share(double otherwise) {
    double value = value(otherwise);
    if (isGiven() && !(value >= 0 && value <= 1)) {
      throw notA("share from 0 to 1");
    }
    return value;
  }

  private UsageException notA(String wanted) {
    return new UsageException(name() + " takes a " + wanted + ", not '" + typed() + "'");
  }

  /** Java would also read {@code 1f}, {@code 0x1p3} and surrounding blanks. */
  private static boolean isPlainNumber(String text) {
    for (int i = 0; i < text.length(); i++) {
      if ("0123456789+-.eE".indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }
}
