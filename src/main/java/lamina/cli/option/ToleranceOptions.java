package lamina.cli.option;

/** How far a number may be from the expected one. */
public final class ToleranceOptions extends OptionGroup {
  private final NumberOption relative = number("R", "relative tolerance; default 1e-5", "--rtol");

  private final NumberOption absolute = number("A", "absolute tolerance; default 1e-8", "--atol");

  /** The option of the relative tolerance. */
  Option relativeOption() {
    return relative;
  }

  /** The option of the absolute tolerance. */
  Option absoluteOption() {
    return absolute;
  }

  /** The relative tolerance. */
  public double relative() {
    return relative(1e-5);
  }

  /** The absolute tolerance. */
  public double absolute() {
    return absolute(1e-8);
  }

  /** The relative tolerance, with another default. */
  public double relative(double otherwise) {
    return fromZero(relative, otherwise);
  }

  /** The absolute tolerance, with another default. */
  public double absolute(double otherwise) {
    return fromZero(absolute, otherwise);
  }

  private static double fromZero(NumberOption option, double otherwise) {
    double value = option.value(otherwise);
    if (value < 0) {
      throw new UsageException(option.name() + " takes a number from 0 on, not '" + value + "'");
    }
    return value;
  }
}
