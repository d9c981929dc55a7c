package lamina.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lamina.format.Numbers;
import lamina.tensor.Tensor;
import lamina.text.NearSpelling;

/**
 * How a member of an answer fits what was expected of it.
 *
 * @param name the member's path
 * @param right how many of its elements are right
 * @param elements how many elements were expected
 * @param difference one line that says how it differs, null if it does not
 */
public record MemberCheck(String name, long right, long elements, String difference) {
  /** JSON has no numbers for these, so that they are written in quotes. */
  private static final String NOT_FINITE = "NaN|-?Infinity";

  /** Whether the member is right. */
  public boolean matches() {
    return difference == null;
  }

  /** Compares every member that is expected; an answer may have more. */
  public static List<MemberCheck> compare(
      Answer answer, Answer expected, double rtol, double atol) {
    List<MemberCheck> checks = new ArrayList<>();
    boolean one = expected.members().size() == 1;
    for (Map.Entry<String, Object> member : expected.members().entrySet()) {
      Object actual = answer.member(member.getKey());
      // What is asked for alone needs no name.
      actual = actual == null && one ? answer.member(Answer.MAIN) : actual;
      checks.add(of(member.getKey(), member.getValue(), actual, answer, rtol, atol));
    }
    return checks;
  }

  private static MemberCheck of(
      String name, Object expected, Object actual, Answer answer, double rtol, double atol) {
    long elements = expected instanceof Tensor tensor ? tensor.size() : 1;
    if (actual == null) {
      String problem = expected instanceof Tensor ? noNumber(name, answer) : null;
      if (problem != null) {
        return new MemberCheck(name, 0, elements, problem);
      }
      String there = String.join(", ", answer.members().keySet());
      return new MemberCheck(
          name, 0, elements, "there is no " + name + "; there is " + SizeList.shortened(there));
    }
    if (expected instanceof Tensor tensor && actual instanceof Tensor given) {
      Tensor shaped = answer.isTable() ? asExpected(given, tensor) : given;
      Comparison comparison = Comparison.of(shaped, tensor, rtol, atol);
      boolean sameShape = Arrays.equals(shaped.shape(), tensor.shape());
      long right = sameShape ? elements - comparison.differing() : 0;
      return new MemberCheck(name, right, elements, comparison.description());
    }
    boolean same =
        expected instanceof String text && actual instanceof String words && isSame(words, text);
    if (!same) {
      List<String> sizes = SizeList.of(expected);
      same = sizes != null && SizeList.areEqual(sizes, SizeList.of(actual), rtol, atol);
    }
    return same
        ? new MemberCheck(name, elements, elements, null)
        : new MemberCheck(
            name, 0, elements, SizeList.shown(actual) + ", expected " + SizeList.shown(expected));
  }

  /** What in lists is no number, or a number in quotes, where a tensor is expected; or null. */
  private static String noNumber(String name, Answer answer) {
    String prefix = name.equals(Answer.MAIN) ? "" : name + ".";
    String quoted = null;
    for (Map.Entry<String, Object> member : answer.members().entrySet()) {
      String path = member.getKey();
      String index = path.startsWith(prefix) ? path.substring(prefix.length()) : "";
      if (!index.matches("\\d+(\\.\\d+)*") || member.getValue() instanceof Tensor) {
        continue;
      }
      boolean list = member.getValue() instanceof List;
      List<?> elements = list ? (List<?>) member.getValue() : List.of(member.getValue());
      for (int i = 0; i < elements.size(); i++) {
        String element = (String) elements.get(i);
        if (Double.isNaN(Numbers.parse(element)) && !element.matches(NOT_FINITE)) {
          String place = index.replace(".", ", ") + (list ? ", " + i : "");
          boolean word = List.of("null", "true", "false").contains(element);
          String there = word ? element : SizeList.shown(element);
          return "a number is expected at [" + place + "]; there is " + there;
        }
        if (quoted == null && !element.matches(NOT_FINITE)) {
          String place = "[" + index.replace(".", ", ") + "]";
          quoted = list ? "numbers in " + place + " are" : "the number at " + place + " is";
          quoted += " in quotes; write " + element + ", not \"" + element + "\"";
        }
      }
    }
    return quoted;
  }

  /** Case, hyphens, blanks and a full stop make no other word. */
  private static boolean isSame(String words, String expected) {
    return plain(words).equals(plain(expected));
  }

  private static String plain(String words) {
    return NearSpelling.plain(words.replaceAll("\\s+", " ").replaceAll("(?<=\\p{L})\\.$", ""));
  }

  /** A table holds matrices only: whatever has its elements in its rows may be meant by it. */
  private static Tensor asExpected(Tensor table, Tensor expected) {
    int rank = expected.rank();
    boolean line = rank <= 1 && (table.dim(0) == 1 || table.dim(1) == 1);
    boolean rows = rank > 2 && table.dim(1) == expected.dim(-1);
    return (line || rows) && table.size() == expected.size()
        ? table.reshape(expected.shape())
        : table;
  }
}
