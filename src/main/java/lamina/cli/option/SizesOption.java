package lamina.cli.option;

/** An option that takes sizes: {@code 2}, or {@code 2,3} and {@code 2x3}. */
public final class SizesOption extends Option {
  private final int least;

  /**
   * @param least the smallest size that can be given
   */
  SizesOption(String label, int least, String description, String... names) {
    super(withValue(label, description, names));
    this.least = least;
  }

  /**
   * The sizes; null if the option was not given.
   *
   * @throws UsageException if something else was typed, or a size out of range
   */
  public int[] sizes() {
    String typed = typed();
    if (typed == null) {
      return null;
    }
    int[] sizes = Sizes.parse(name(), typed);
    for (int size : sizes) {
      if (size < least) {
        throw new UsageException(
            name() + " takes whole numbers from " + least + " on, not '" + typed + "'");
      }
    }
    return sizes;
  }

  /**
   * One size for each axis, a single one being for all; null if the option was not given.
   *
   * @throws UsageException as {@link #sizes}, or if there are as many sizes as neither one nor axes
   */
  public int[] perAxis(int axes) {
    int[] sizes = sizes();
    return sizes == null ? null : WindowOptions.perAxis(name(), sizes, axes);
  }
}
