package lamina.layer;

import java.util.List;

/**
 * A constructor call as somebody wrote it: {@code nn.Conv2d(3, 96, 11, stride=4)}. Values are
 * {@code Long}, {@code Double}, {@code Boolean}, {@code String}, {@code null} for {@code None},
 * {@link #INFER} for {@code _}, a {@code List} for a tuple or list, or a {@code Call}.
 *
 * @param type the layer's name without {@code nn.}
 * @param arguments the arguments in the order written
 * @param children the modules within, as {@code print(model)} lists them
 * @param place where it was written, e.g. {@code line 3, column 5}, for messages
 * @param text the call as written, for reports and messages
 */
public record Call(
    String type, List<Argument> arguments, List<Child> children, String place, String text) {
  /** The value of an argument left out with {@code _}: the input decides. */
  public static final Object INFER =
      new Object() {
        @Override
        public String toString() {
          return "_";
        }
      };

  /**
   * One argument.
   *
   * @param name the keyword, or null for a positional argument
   * @param place where it was written
   */
  public record Argument(String name, Object value, String place) {}

  /**
   * A module within another.
   *
   * @param name the name that its container gives it
   * @param inputs the names of the layers that it takes; null if it takes the one before
   * @param isPrinted whether {@code print(model)} wrote it, which never misspells a class
   */
  public record Child(String name, Call call, List<String> inputs, boolean isPrinted) {
    public Child(String name, Call call, List<String> inputs) {
      this(name, call, inputs, false);
    }

    public Child(String name, Call call) {
      this(name, call, null);
    }

    /** A line {@code (name): Call(...)}. */
    public static Child printed(String name, Call call) {
      return new Child(name, call, null, true);
    }
  }

  /** Whether the number of inputs is left to the input: {@code LazyConv2d}. */
  boolean isLazy() {
    return type.startsWith("Lazy");
  }

  /** A value in Python's notation. */
  public static String show(Object value) {
    if (value == null) {
      return "None";
    }
    if (value instanceof Boolean flag) {
      return flag ? "True" : "False";
    }
    if (value instanceof String text) {
      return "'" + text + "'";
    }
    if (value instanceof Call nested) {
      return nested.text();
    }
    if (value instanceof List<?> list) {
      StringBuilder text = new StringBuilder("(");
      for (Object element : list) {
        text.append(text.length() > 1 ? ", " : "").append(show(element));
      }
      return text.append(list.size() == 1 ? ",)" : ")").toString();
    }
    return value.toString();
  }
}
