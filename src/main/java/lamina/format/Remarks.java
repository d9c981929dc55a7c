package lamina.format;

/**
 * Takes what a user should know of how an input was read although nothing is wrong with it: a row
 * that was taken for a header, a member that was skipped. One line each, for standard error.
 */
public interface Remarks {
  /** Takes remarks that nobody will read. */
  Remarks NONE =
      new Remarks() {
        @Override
        public void add(String remark) {}
      };

  /** Takes a remark, which begins with the input's name. */
  void add(String remark);
}
