package lamina.format;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the JSON parser says of a mistake, in words that do not speak of the parser. It has types
 * for few mistakes and tells the others by words alone; a test makes each of them, so that a
 * version with other words fails there.
 */
final class JsonMistake {
  private static final Pattern CHARACTER =
      Pattern.compile("Unexpected character \\((?:'(.+?)' \\(code |\\(CTRL-CHAR, code (\\d+))");
  private static final Pattern CLOSE =
      Pattern.compile("Unexpected close marker '(.)': (?:expected '(.)'|no open)");
  private static final Pattern TOKEN = Pattern.compile("Unrecognized token '(.*?)'?(?:: |\\n|$)");
  private static final Pattern DUPLICATE =
      Pattern.compile("Duplicate Object property \"(.*)\"", Pattern.DOTALL);

  /** Beginnings of messages, and what is said for them. */
  private static final String[][] WORDS = {
    {"Unexpected end-of-input", "the input ends in the middle of a value: it is truncated"},
    {"Illegal unquoted character", "not JSON: a line break or control character in a string"},
    {"Illegal character", "not JSON: a control character; is it a binary file?"},
    {"Invalid UTF-8", "not JSON: bytes that are no UTF-8"},
    {"Invalid numeric value: Leading zeroes", "not JSON: a number with zeros in front"},
    {"Unrecognized character escape", "not JSON: an unknown escape in a string"},
    {"Document nesting depth", "is nested more than 1000 deep"},
    {"Number value length", "a number of too many digits"},
    {"String value length", "a string of too many characters"},
    {"Name length", "a name of too many characters"},
  };

  private JsonMistake() {}

  static String words(String said) {
    for (String[] word : WORDS) {
      if (said.startsWith(word[0])) {
        return word[1];
      }
    }
    Matcher character = CHARACTER.matcher(said);
    if (character.find()) {
      String found =
          character.group(1) == null
              ? "control character " + character.group(2)
              : "'" + Source.printable(character.group(1)) + "'";
      return "not JSON: found " + found + expected(said);
    }
    Matcher close = CLOSE.matcher(said);
    if (close.find()) {
      return "not JSON: found '"
          + close.group(1)
          + (close.group(2) == null
              ? "', which nothing opens"
              : "' where '" + close.group(2) + "' was expected");
    }
    Matcher token = TOKEN.matcher(said);
    if (token.find()) {
      return "not JSON: '" + token.group(1) + "' is no value";
    }
    Matcher duplicate = DUPLICATE.matcher(said);
    if (duplicate.find()) {
      return "not JSON: the name \"" + duplicate.group(1) + "\" stands twice";
    }
    return "not JSON";
  }

  private static String expected(String said) {
    if (said.contains("comma to separate Array")) {
      return " where ',' or ']' was expected";
    }
    if (said.contains("comma to separate Object")) {
      return " where ',' or '}' was expected";
    }
    if (said.contains("double-quote to start")) {
      return " where a name in double quotes was expected";
    }
    if (said.contains("a colon to separate")) {
      return " where ':' was expected";
    }
    if (said.contains("comment")) {
      return "; neither calculations nor comments are read";
    }
    if (said.contains("hexadecimal")) {
      return "; write the number in decimal";
    }
    if (said.contains("in numeric value")) {
      return " in a number";
    }
    return said.contains("escape sequence")
        ? " in an escape of a string"
        : " where a value was expected";
  }
}
