package lamina.cli.option;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What the user typed: the values of options as text, and conversions of them that fail with a
 * message naming the option and the value.
 */
public final class Arguments {
  /**
   * Put before an argument such as {@code -0.5} or {@code -}, which the parser would take for an
   * option, and taken off again when it is read.
   */
  private static final char LITERAL = '\u0001';

  private final CommandSpec spec;
  private final GeneralOptions general;
  private final ParseResult result;
  private final List<String> positionals = new ArrayList<>();

  private Arguments(CommandSpec spec, GeneralOptions general, ParseResult result) {
    this.spec = spec;
    this.general = general;
    this.result = result;
    List<String> matched =
        spec.positionalParameters().isEmpty()
            ? null
            : result.matchedPositionalValue(0, (List<String>) null);
    if (matched != null) {
      for (String value : matched) {
        positionals.add(plain(value));
      }
    }
  }

  /**
   * Defines the positional arguments, all in one list. A label of several words is shown as it is.
   *
   * @param arity such as {@code 0..1} or {@code 1..*}
   */
  public static void define(CommandSpec spec, String label, String arity, String description) {
    define(spec, label, arity, description, null);
  }

  /**
   * The same.
   *
   * @param words those that are offered as completions
   */
  public static void define(
      CommandSpec spec, String label, String arity, String description, Iterable<String> words) {
    String shown = label;
    if (label.indexOf(' ') < 0) {
      shown = arity.startsWith("0") ? "[" + label + "]" : label;
      shown += arity.endsWith("*") ? "..." : "";
    }
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0..*")
            .arity(arity)
            .type(List.class)
            .auxiliaryTypes(String.class)
            .paramLabel(shown)
            .hideParamSyntax(true)
            .description(description)
            .completionCandidates(words)
            .build());
  }

  /**
   * Parses the words after the command's name.
   *
   * @throws UsageException if an option is unknown, lacks its value or is given twice
   */
  public static Arguments parse(CommandSpec spec, GeneralOptions general, String[] words) {
    try {
      return new Arguments(spec, general, parser(spec).parseArgs(protect(spec, words)));
    } catch (ParameterException e) {
      throw usage(spec, e);
    }
  }

  /** A parser that takes arguments as they are. */
  public static CommandLine parser(CommandSpec spec) {
    CommandLine parser = new CommandLine(spec);
    parser.setExpandAtFiles(false);
    parser.setInterpolateVariables(false);
    return parser;
  }

  private static String[] protect(CommandSpec spec, String[] words) {
    String[] guarded = words.clone();
    for (int i = 0; i < words.length && !words[i].equals("--"); i++) {
      String word = words[i];
      boolean looksNegative =
          word.length() > 1
              && word.charAt(0) == '-'
              && (Character.isDigit(word.charAt(1)) || word.charAt(1) == '.');
      if (looksNegative || word.equals("-")) {
        guarded[i] = LITERAL + word;
      } else if (word.startsWith("-")) {
        // An optional value is attached (--grad=DY), as in other tools: a word that follows is
        // the next argument.
        OptionSpec option = spec.findOption(word);
        if (option != null && option.arity().min() == 0 && option.arity().max() == 1) {
          guarded[i] = word + "=";
        }
      }
    }
    return guarded;
  }

  private static UsageException usage(CommandSpec spec, ParameterException e) {
    String help = "'" + spec.name() + " --help' lists the options";
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
      String word = plain(unmatched.getUnmatched().get(0));
      if (word.startsWith("-") && word.length() > 1) {
        int end = word.indexOf('=');
        String option = end < 0 ? word : word.substring(0, end);
        List<String> known = new ArrayList<>();
        for (OptionSpec candidate : spec.options()) {
          known.addAll(Arrays.asList(candidate.names()));
        }
        return new UsageException(
            "unknown option '" + option + "'", Suggestions.didYouMean(option, known, help));
      }
      return new UsageException("unexpected argument '" + word + "'", help);
    }
    if (e instanceof OverwrittenOptionException overwritten) {
      return new UsageException(
          ((OptionSpec) overwritten.getOverwritten()).longestName() + " is given twice", help);
    }
    if (e instanceof CommandLine.MissingParameterException missing
        && !missing.getMissing().isEmpty()) {
      ArgSpec wanted = missing.getMissing().get(0);
      return new UsageException(
          wanted instanceof OptionSpec option
              ? option.longestName() + " needs a value: " + option.paramLabel()
              : "missing argument " + wanted.paramLabel(),
          help);
    }
    return new UsageException(plain(e.getMessage()), help);
  }

  static String plain(String text) {
    return text.indexOf(LITERAL) < 0 ? text : text.replace(String.valueOf(LITERAL), "");
  }

  /** The program and command as called, {@code lamina conv}: how messages begin. */
  public String command() {
    return spec.name();
  }

  /** The options that every command has. */
  public GeneralOptions general() {
    return general;
  }

  /** The arguments that are no options, in order. */
  public List<String> positionals() {
    return positionals;
  }

  /** The positional argument at an index, or null. */
  public String positional(int index) {
    return index < positionals.size() ? positionals.get(index) : null;
  }

  /** Whether an option was given. */
  public boolean has(String option) {
    return result.hasMatchedOption(option);
  }

  /** The value of an option, or null. An optional value that was left out is empty. */
  public String text(String option) {
    String value = result.matchedOptionValue(option, (String) null);
    return value == null ? null : plain(value);
  }

  /** The value of an option, or another. */
  public String text(String option, String otherwise) {
    String value = text(option);
    return value == null ? otherwise : value;
  }

  /** All values of an option that may be repeated. */
  public List<String> texts(String option) {
    List<String> values = new ArrayList<>();
    String[] given = result.matchedOptionValue(option, (String[]) null);
    if (given != null) {
      for (String value : given) {
        values.add(plain(value));
      }
    }
    return values;
  }

  /** The value of an option as one of some words, or {@code otherwise} if it was not given. */
  public String choice(String option, String otherwise, List<String> choices) {
    String value = text(option);
    if (value == null) {
      return otherwise;
    }
    if (!choices.contains(value)) {
      String known = String.join(", ", choices);
      throw new UsageException(
          option + " takes one of " + known + ", not '" + value + "'",
          Suggestions.didYouMean(value, choices, null));
    }
    return value;
  }

  /** The value of an option as a whole number of at least {@code minimum}. */
  public int integer(String option, int otherwise, int minimum) {
    return (int) wholeNumber(option, otherwise, minimum, Integer.MAX_VALUE);
  }

  /** The value of an option as a whole number of 64 bits. */
  long longInteger(String option, long otherwise) {
    return wholeNumber(option, otherwise, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  private long wholeNumber(String option, long otherwise, long minimum, long maximum) {
    String value = text(option);
    if (value == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(value);
      if (number >= minimum && number <= maximum) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Reported below, with the range.
    }
    String range = "";
    if (minimum != Long.MIN_VALUE) {
      range = " from " + minimum + (maximum == Integer.MAX_VALUE ? " on" : " to " + maximum);
    }
    throw new UsageException(option + " takes a whole number" + range + ", not '" + value + "'");
  }

  /** The value of an option as a finite number. */
  public double number(String option, double otherwise) {
    String value = text(option);
    if (value == null) {
      return otherwise;
    }
    try {
      double number = Double.parseDouble(value);
      if (!Double.isNaN(number) && !Double.isInfinite(number) && isPlainNumber(value)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw new UsageException(option + " takes a number, not '" + value + "'");
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

  /** The command's short usage, for a terminal that would otherwise hang. */
  public String usage() {
    StringBuilder synopsis = new StringBuilder(spec.name()).append(" [OPTIONS]");
    for (PositionalParamSpec positional : spec.positionalParameters()) {
      synopsis.append(' ').append(positional.paramLabel());
    }
    return "usage: " + synopsis + "; '" + spec.name() + " --help' tells more";
  }
}
