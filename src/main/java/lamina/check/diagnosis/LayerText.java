package lamina.check.diagnosis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The calls of layers in a text, of which single arguments can be changed. */
final class LayerText {
  private static final Pattern WINDOW =
      Pattern.compile(
          "\\b((?:Lazy)?Conv(?:Transpose)?|MaxPool|AvgPool)([123])d\\(((?:[^()]|\\([^()]*\\))*)\\)");
  private static final List<String> CONV =
      List.of("in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation");
  private static final List<String> CONV_TRANSPOSE =
      List.of("in_channels", "out_channels", "kernel_size", "stride", "padding", "output_padding");
  private static final List<String> MAX_POOL =
      List.of("kernel_size", "stride", "padding", "dilation", "return_indices", "ceil_mode");
  private static final List<String> AVG_POOL =
      List.of("kernel_size", "stride", "padding", "ceil_mode", "count_include_pad");

  private final String text;
  private final List<Call> calls = new ArrayList<>();

  /** A call with its place in the text. */
  private record Call(int start, int end, String type, List<String> names, List<String> arguments) {
    int dims() {
      return type.charAt(type.length() - 2) - '0';
    }

    int indexOf(String name) {
      for (int i = 0; i < arguments.size(); i++) {
        String argument = arguments.get(i);
        int equals = argument.indexOf('=');
        String own =
            equals >= 0
                ? argument.substring(0, equals).strip()
                : i < names.size() ? names.get(i) : "";
        if (own.equals(name)) {
          return i;
        }
      }
      return -1;
    }

    String value(String name) {
      int at = indexOf(name);
      return at < 0
          ? null
          : arguments.get(at).substring(arguments.get(at).indexOf('=') + 1).strip();
    }

    String with(String name, String value) {
      List<String> changed = new ArrayList<>(arguments);
      int at = indexOf(name);
      String argument = name + "=" + value;
      if (at < 0) {
        changed.add(argument);
      } else {
        changed.set(at, arguments.get(at).indexOf('=') < 0 ? value : argument);
      }
      return type + "(" + String.join(", ", changed) + ")";
    }
  }

  LayerText(String text) {
    this.text = text;
    Matcher matcher = WINDOW.matcher(text);
    while (matcher.find()) {
      String family = matcher.group(1);
      boolean lazy = family.startsWith("Lazy");
      List<String> names =
          family.equals("MaxPool")
              ? MAX_POOL
              : family.equals("AvgPool")
                  ? AVG_POOL
                  : family.endsWith("Transpose") ? CONV_TRANSPOSE : CONV;
      calls.add(
          new Call(
              matcher.start(),
              matcher.end(),
              family + matcher.group(2) + "d",
              lazy ? names.subList(1, names.size()) : names,
              split(matcher.group(3))));
    }
  }

  private static List<String> split(String arguments) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i <= arguments.length(); i++) {
      char c = i < arguments.length() ? arguments.charAt(i) : ',';
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && depth == 0) {
        if (!arguments.substring(start, i).isBlank()) {
          parts.add(arguments.substring(start, i).strip());
        }
        start = i + 1;
      }
    }
    return parts;
  }

  /** How many convolutions and poolings there are. */
  int count() {
    return calls.size();
  }

  String type(int index) {
    return calls.get(index).type();
  }

  /** The value of an argument as it is written, or null. */
  String value(int index, String name) {
    return calls.get(index).value(name);
  }

  /** Whole numbers of an argument, one a spatial axis; null if it is written in another way. */
  int[] numbers(int index, String name, int otherwise) {
    String value = value(index, name);
    int[] numbers = new int[calls.get(index).dims()];
    if (value == null) {
      Arrays.fill(numbers, otherwise);
      return numbers;
    }
    String[] parts = value.replaceAll("[()\\[\\]\\s]", "").split(",", -1);
    for (int i = 0; i < numbers.length; i++) {
      String part = parts[parts.length == 1 ? 0 : Math.min(i, parts.length - 1)];
      if (!part.matches("\\d{1,6}") || (parts.length != 1 && parts.length != numbers.length)) {
        return null;
      }
      numbers[i] = Integer.parseInt(part);
    }
    return numbers;
  }

  /** The text with an argument of one call set, or of all calls for index -1. */
  String with(int index, String name, String value) {
    StringBuilder changed = new StringBuilder();
    int at = 0;
    for (int i = 0; i < calls.size(); i++) {
      Call call = calls.get(i);
      boolean all = index < 0 && call.indexOf(name) >= 0;
      if (i == index || all) {
        changed.append(text, at, call.start()).append(call.with(name, value));
        at = call.end();
      }
    }
    return changed.append(text, at, text.length()).toString();
  }
}
