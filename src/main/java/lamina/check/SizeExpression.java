package lamina.check;

import java.util.function.ToDoubleFunction;
import lamina.format.Numbers;

/**
 * A formula of a size, {@code ⌊(H − 11) / 4⌋ + 1} or {@code (H-11)//4+1}. Two are taken for equal
 * if they have the same value for many sizes; that needs no algebra of floors.
 */
final class SizeExpression {
  private static final int TRIALS = 24;
  private static final String POWERS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  private final String text;
  private final ToDoubleFunction<String> symbols;
  private int at;

  private SizeExpression(String text, ToDoubleFunction<String> symbols) {
    this.text = text;
    this.symbols = symbols;
  }

  /** Whether two texts are formulas of equal value. */
  static boolean areEqual(String a, String b, double rtol, double atol) {
    for (int trial = 0; trial < TRIALS; trial++) {
      int round = trial;
      // Sizes from 64 on, another for each name, the same in both formulas.
      ToDoubleFunction<String> sizes =
          name -> 64 + Math.floorMod((name.hashCode() + 1) * 7919L + round * 104_729L, 997);
      double x = new SizeExpression(a, sizes).value();
      double y = new SizeExpression(b, sizes).value();
      if (!(Math.abs(x - y) <= atol + rtol * Math.abs(y))) {
        return false;
      }
    }
    return true;
  }

  /** The value, or NaN if the text is no formula. */
  private double value() {
    double value = sum();
    skipBlanks();
    return at == text.length() ? value : Double.NaN;
  }

  private double sum() {
    double value = product();
    while (true) {
      if (take("+")) {
        value += product();
      } else if (take("-") || take("−")) {
        value -= product();
      } else {
        return value;
      }
    }
  }

  private double product() {
    double value = power();
    while (true) {
      if (take("**")) {
        value = Math.pow(value, power());
      } else if (take("*") || take("·")) {
        value *= power();
      } else if (take("//")) {
        value = Math.floor(value / power());
      } else if (take("/") || take("÷")) {
        value /= power();
      } else if (startsFactor()) {
        value *= power();
      } else {
        return value;
      }
    }
  }

  /** Whether a factor follows without a sign between, as in {@code 2H} or {@code 2(H + 1)}. */
  private boolean startsFactor() {
    skipBlanks();
    char c = at < text.length() ? text.charAt(at) : ' ';
    return Character.isLetter(c) || c == '(' || c == '⌊' || c == '⌈';
  }

  private double power() {
    double value = factor();
    if (at < text.length() && POWERS.indexOf(text.charAt(at)) >= 0) {
      value = Math.pow(value, POWERS.indexOf(text.charAt(at++)));
    }
    return take("^") ? Math.pow(value, factor()) : value;
  }

  private double factor() {
    if (take("-") || take("−")) {
      return -factor();
    }
    if (take("(")) {
      return closed(sum(), ")");
    }
    if (take("⌊")) {
      return Math.floor(closed(sum(), "⌋"));
    }
    if (take("⌈")) {
      return Math.ceil(closed(sum(), "⌉"));
    }
    skipBlanks();
    int start = at;
    while (at < text.length() && (isWord(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
      // 2H is a number and a symbol.
      if (Character.isDigit(text.charAt(start))
          && at < text.length()
          && Character.isLetter(text.charAt(at))) {
        break;
      }
    }
    String word = text.substring(start, at);
    return switch (word) {
      case "floor", "math.floor" -> take("(") ? Math.floor(closed(sum(), ")")) : Double.NaN;
      case "ceil", "math.ceil" -> take("(") ? Math.ceil(closed(sum(), ")")) : Double.NaN;
      case "" -> Double.NaN;
      default ->
          Character.isLetter(word.charAt(0)) ? symbols.applyAsDouble(word) : Numbers.parse(word);
    };
  }

  private static boolean isWord(char c) {
    return (Character.isLetterOrDigit(c) && POWERS.indexOf(c) < 0) || c == '_';
  }

  private double closed(double value, String bracket) {
    return take(bracket) ? value : Double.NaN;
  }

  private boolean take(String token) {
    skipBlanks();
    boolean there = text.startsWith(token, at);
    // Not the first half of // or **.
    boolean half = there && "*/".contains(token) && text.startsWith(token, at + 1);
    if (!there || half) {
      return false;
    }
    at += token.length();
    return true;
  }

  private void skipBlanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }
}
