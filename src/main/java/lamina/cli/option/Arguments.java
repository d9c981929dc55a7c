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
  private final List<String> positionals = new ArrayList<>();

  private Arguments(CommandSpec spec, GeneralOptions general, ParseResult result) {
    this.spec = spec;
    this.general = general;
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
   * Defines the positional arguments, with words to complete.
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

  /** The command's short usage, for a terminal that would otherwise hang. */
  public String usage() {
    StringBuilder synopsis = new StringBuilder(spec.name()).append(" [OPTIONS]");
    for (PositionalParamSpec positional : spec.positionalParameters()) {
      synopsis.append(' ').append(positional.paramLabel());
    }
    return "usage: " + synopsis + "; '" + spec.name() + " --help' tells more";
  }
}
