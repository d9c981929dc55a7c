package lamina.cli.option;

import java.util.Arrays;
import java.util.List;
import lamina.cli.process.Io;
import lamina.report.Format;

/** Where a result goes, in which format, and how much of it. */
public final class OutputOptions extends OptionGroup {
  /** The formats of every result. */
  public static final List<String> FORMATS =
      Arrays.asList("text", "json", "jsonl", "csv", "tsv", "npy", "latex", "markdown");

  private final FormatOption format;
  private final TextOption file;

  /** These two are null for results without members and numbers. */
  private final TextOption member;

  private final IntegerOption precision;

  private OutputOptions(
      List<String> formats, List<String> offered, String description, boolean hasMembers) {
    format = keep(new FormatOption(formats, offered, description));
    String[] fileNames = hasMembers ? new String[] {"-o", "--output"} : new String[] {"-o"};
    file = text("FILE", "write to FILE, in the format of its extension", fileNames);
    file.setNoAnswer("-o, " + PRINTS);
    member =
        hasMembers
            ? text(
                "NAME", "write this member of the result alone, e.g. h_n or grad_input", "--member")
            : null;
    precision =
        hasMembers
            ? integer(
                "N", 4, 0, "decimals in text, LaTeX and Markdown at most; default 4", "--precision")
            : null;
  }

  /** Those of a command whose results can be written in every format. */
  public static OutputOptions ofEveryFormat() {
    return of(FORMATS, "");
  }

  /**
   * The same for a command that has more formats.
   *
   * @param more how the help describes them
   */
  public static OutputOptions of(List<String> formats, String more) {
    return new OutputOptions(
        formats,
        formats,
        "text, json, jsonl, csv, tsv, npy, latex or markdown; default: text on a terminal, else"
            + " json (or LAMINA_FORMAT)"
            + more,
        true);
  }

  /**
   * Those of a command that gives sentences, for which two formats are of use, and whose {@code
   * --output} is something else.
   */
  public static OutputOptions ofSentences() {
    return new OutputOptions(
        FORMATS,
        Arrays.asList("text", "json"),
        "text or json; default: text on a terminal, else json (or LAMINA_FORMAT)",
        false);
  }

  /**
   * The format of a result: what was typed, what the file's extension says, what the environment
   * prefers, or text on a terminal and JSON elsewhere.
   *
   * @throws UsageException if there is no such format
   */
  public Format format(Io io) {
    if (format.word() != null) {
      return Format.of(format.word());
    }
    if (file.isGiven()) {
      Format byName = Format.ofFileName(file.text());
      if (byName != null) {
        return byName;
      }
      String extension = Format.extension(file.text());
      if (!extension.isEmpty()) {
        throw new UsageException(
            "no format is known by the extension ." + extension + " of '" + file.text() + "'",
            "use " + Format.EXTENSIONS + ", or say --format");
      }
    }
    String preferred = io.environment().get("LAMINA_FORMAT");
    if (preferred != null && !preferred.isEmpty()) {
      if (!FORMATS.contains(preferred)) {
        throw new UsageException(
            "LAMINA_FORMAT is '" + preferred + "', which is none of " + String.join(", ", FORMATS));
      }
      return Format.of(preferred);
    }
    return !file.isGiven() && io.outIsTerminal() ? Format.TEXT : Format.JSON;
  }

  /** The format that was typed, or null. */
  public String format() {
    return format.word();
  }

  /** Whether text was asked for. */
  public boolean isText() {
    return "text".equals(format.typed());
  }

  /** The name of the file to write, or null for standard output. */
  public String file() {
    return file.text();
  }

  /** The only member to write, or null for the whole result. */
  public String member() {
    return member == null ? null : member.text();
  }

  /** How many decimals are shown at most. */
  public int precision() {
    return precision == null ? 4 : precision.value();
  }

  /** The option of the format, for who refuses it. */
  public Option formatOption() {
    return format;
  }

  /** The option of the member, for who refuses it. */
  public Option memberOption() {
    return member;
  }

  /** The option of the format. Commands that check runs must answer in JSON, which it reads. */
  private static final class FormatOption extends ChoiceOption {
    FormatOption(List<String> formats, List<String> offered, String description) {
      super(
          withValue("FORMAT", description, "-f", "--format").completionCandidates(offered),
          formats,
          null);
    }

    @Override
    String noAnswer() {
      return isGiven() && !typed().equals("json") ? asTyped() + ", " + PRINTS : null;
    }
  }
}
