package lamina.check;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lamina.text.InputException;
import lamina.text.NearSpelling;

/** The members of an object of a suite, read as what they have to be. */
final class Fields {
  private static final Pattern BYTES =
      Pattern.compile("(\\d{1,12}) ?(B|KiB|MiB|GiB)?", Pattern.CASE_INSENSITIVE);

  private final Map<?, ?> object;
  private final String place;

  private Fields(Map<?, ?> object, String place) {
    this.object = object;
    this.place = place;
  }

  /**
   * The members of a value that has to be an object.
   *
   * @param known the names that it may have; others that start with {@code $} are comments
   */
  static Fields of(Object value, String place, List<String> known) {
    if (!(value instanceof Map<?, ?> object)) {
      throw new InputException(
          place + ": an object with " + String.join(", ", known) + " is needed");
    }
    for (Object key : object.keySet()) {
      String name = String.valueOf(key);
      if (!known.contains(name) && !name.startsWith("$")) {
        String hint = NearSpelling.hint(name, known);
        throw new InputException(
            place
                + ": \""
                + name
                + "\" is unknown"
                + (hint.isEmpty() ? "; known are " + String.join(", ", known) : hint));
      }
    }
    return new Fields(object, place);
  }

  String place() {
    return place;
  }

  InputException error(String member, String message) {
    return new InputException(place + ": \"" + member + "\" " + message);
  }

  private InputException kind(String member, String wanted) {
    return error(member, "is " + shown(object.get(member)) + ", but " + wanted + " is needed");
  }

  private static String shown(Object value) {
    String text = value instanceof String ? "'" + value + "'" : String.valueOf(value);
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }

  boolean has(String member) {
    return object.containsKey(member);
  }

  Object get(String member) {
    return object.get(member);
  }

  Object required(String member) {
    if (!has(member)) {
      throw error(member, "is missing");
    }
    return get(member);
  }

  /** All names, without comments. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    for (Object key : object.keySet()) {
      names.add((String) key);
    }
    return names;
  }

  /** A member that is an object of its own, with any names. */
  Fields object(String member) {
    if (get(member) instanceof Map<?, ?> inner) {
      return new Fields(inner, place + ": \"" + member + "\"");
    }
    throw kind(member, "an object");
  }

  String text(String member, String otherwise) {
    return has(member) ? requiredText(member) : otherwise;
  }

  String requiredText(String member) {
    if (required(member) instanceof String text && !text.isEmpty()) {
      return text;
    }
    throw kind(member, object.get(member) instanceof Number ? "a text, in quotes," : "a text");
  }

  boolean truth(String member, boolean otherwise) {
    if (!has(member)) {
      return otherwise;
    }
    if (get(member) instanceof Boolean truth) {
      return truth;
    }
    throw kind(member, "true or false");
  }

  /** A number from 0 on. */
  double number(String member, double otherwise) {
    if (!has(member)) {
      return otherwise;
    }
    if (get(member) instanceof Number number
        && number.doubleValue() >= 0
        && number.doubleValue() <= Double.MAX_VALUE) {
      return number.doubleValue();
    }
    throw kind(member, "a number from 0 on");
  }

  /** Points as they are typed: in decimals, without what binary numbers add. */
  BigDecimal points(String member) {
    if (!has(member)) {
      return BigDecimal.ONE;
    }
    number(member, 1);
    BigDecimal points = new BigDecimal(get(member).toString()).stripTrailingZeros();
    if (points.scale() > 2) {
      throw kind(member, "a number with two decimals at most");
    }
    return points.scale() < 0 ? points.setScale(0) : points;
  }

  /** A text or a list of texts; empty if there is none. */
  List<String> texts(String member) {
    List<String> texts = new ArrayList<>();
    Object value = has(member) ? get(member) : List.of();
    for (Object element : value instanceof List<?> list ? list : List.of(value)) {
      if (!(element instanceof String text)) {
        throw kind(member, "a text or a list of texts");
      }
      texts.add(text);
    }
    return texts;
  }

  /**
   * The words of a command line: a list of texts and numbers, or one text; null if there is none.
   */
  List<String> words(String member) {
    if (!has(member)) {
      return null;
    }
    List<String> words = new ArrayList<>();
    if (get(member) instanceof String line) {
      try {
        words = ShellWords.of(line);
      } catch (InputException e) {
        throw error(member, "cannot be taken apart: " + e.getMessage());
      }
    } else if (get(member) instanceof List<?> list) {
      for (Object element : list) {
        if (!(element instanceof String) && !(element instanceof Number)) {
          throw kind(member, "a list of texts");
        }
        words.add(element.toString());
      }
    } else {
      throw kind(member, "a list of texts");
    }
    if (words.isEmpty()) {
      throw error(member, "is empty");
    }
    return words;
  }

  /** A number of bytes: {@code 65536} or {@code "64 KiB"}. */
  long bytes(String member, long otherwise) {
    if (!has(member)) {
      return otherwise;
    }
    Matcher matcher = BYTES.matcher(String.valueOf(get(member)));
    if (!matcher.matches()) {
      throw kind(member, "a number of bytes such as 65536 or \"64 KiB\"");
    }
    String unit = matcher.group(2) == null ? "b" : matcher.group(2).toLowerCase(Locale.ROOT);
    int shift = "bkmg".indexOf(unit.charAt(0)) * 10;
    return Long.parseLong(matcher.group(1)) << shift;
  }
}
