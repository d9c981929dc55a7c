package lamina.check;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lamina.format.FileType;
import lamina.format.JsonTensors;
import lamina.format.ReadOptions;
import lamina.format.TensorArgument;
import lamina.format.TensorInput;
import lamina.format.Utf16;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/** Reads answers from files of every format that tensors have, and from texts. */
public final class AnswerFile {
  /** Longer JSON is read as a tensor alone, which takes no more memory than its elements. */
  private static final long LARGE = 1 << 24;

  /** Longer texts are no words of an answer. */
  private static final int LONG_TEXT = 10_000;

  /** A word that is neither a number's exponent nor what programs write for missing numbers. */
  private static final Pattern NAME = Pattern.compile("(?i)(?<![\\d.])(?!nan|inf|e\\d)\\p{L}");

  private static final String NO_TEXT = ": is neither UTF-8 text nor a file of tensors";

  private static final Pattern SHAPE_LINE =
      Pattern.compile("^\\s*(\\d{1,6}) x (\\d{1,6})[ \\t]*\\R");

  private static final Pattern PERCENT = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,20})?) ?%");

  /** Sizes as an argument of their own. */
  private static final Pattern SIZES =
      Pattern.compile("\\(?\\d+(\\.\\d+)?( ?[x×,] ?\\d+(\\.\\d+)?)+,?\\)?");

  private AnswerFile() {}

  /**
   * The answer in a file.
   *
   * @param name the file's, relative to the folder
   * @throws InputException if it is missing or cannot be read
   */
  public static Answer read(String name, Path directory) {
    try (TensorInput input = TensorInput.file(name, directory)) {
      Path file = directory.resolve(name);
      FileType type = isText(name) ? FileType.JSON : input.type();
      boolean packed = name.toLowerCase(Locale.ROOT).endsWith(".gz");
      if (type == FileType.JSON && !packed && Files.size(file) < LARGE) {
        return ofText(Utf16.text(Files.readAllBytes(file)), name);
      }
      ReadOptions options = options(directory, new byte[0]);
      return switch (type) {
        case NPZ, SAFETENSORS -> Answer.of(input.readAll(options));
        case CSV, TSV -> Answer.ofTable(input.read(null, options));
        default -> Answer.of(input.read(null, options));
      };
    } catch (java.nio.charset.CharacterCodingException e) {
      throw new InputException(name + NO_TEXT, e);
    } catch (IOException e) {
      throw new InputException(name + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static boolean isText(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".txt") || lower.endsWith(".md");
  }

  /** The answer in what a program printed: JSON, a print of Python, CSV, or words. */
  public static Answer ofText(String given, String sourceName) {
    if (given.isBlank()) {
      throw new InputException(sourceName + ": is empty");
    }
    String text = withoutPercents(withoutShape(given));
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    char first = text.stripLeading().charAt(0);
    try {
      if (bytes.length >= LARGE && (first == '[' || first == '{')) {
        return Answer.of(
            JsonTensors.read(new ByteArrayInputStream(bytes), DType.FLOAT64, sourceName));
      }
      return Answer.ofJson(text, sourceName);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InputException e) {
      // It may be a print of Python, a table or words.
      if (first == '{') {
        throw e;
      }
    }
    try {
      if (first == '[') {
        return Answer.of(
            JsonTensors.read(new ByteArrayInputStream(bytes), DType.FLOAT64, sourceName));
      }
      Tensor tensor = TensorArgument.parse("-").read(options(Path.of(""), bytes));
      return tensor.rank() == 2 ? Answer.ofTable(tensor) : Answer.of(tensor);
    } catch (InputException e) {
      boolean words = first == '[' ? hasNames(text) : text.length() <= LONG_TEXT;
      if (!words) {
        throw e;
      }
      return Answer.of(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A matrix as commands print it on a terminal, without its shape in the first line. */
  private static String withoutShape(String text) {
    Matcher shape = SHAPE_LINE.matcher(text);
    if (!shape.find()) {
      return text;
    }
    String[] rows = text.substring(shape.end()).strip().split("\\R", -1);
    boolean isMatrix = rows.length == Integer.parseInt(shape.group(1));
    int columns = Integer.parseInt(shape.group(2));
    for (String row : rows) {
      isMatrix &= row.strip().split("\\s+", -1).length == columns;
    }
    return isMatrix ? text.substring(shape.end()) : text;
  }

  /** Numbers in percent are hundredths. */
  private static String withoutPercents(String text) {
    boolean numbers = text.indexOf('%') >= 0 && !NAME.matcher(text).find();
    return numbers
        ? PERCENT
            .matcher(text)
            .replaceAll(each -> new BigDecimal(each.group(1)).movePointLeft(2).toPlainString())
        : text;
  }

  /** Whether a list on one line holds names of sizes, such as {@code [B, 54, 54, 96]}. */
  private static boolean hasNames(String text) {
    return text.strip().indexOf('\n') < 0 && NAME.matcher(text).find();
  }

  /**
   * The answer that an argument of the command line names: a literal, a file, a generator.
   *
   * @param options how tensors are read
   */
  public static Answer ofArgument(String argument, ReadOptions options) {
    if (argument.isBlank()) {
      throw new InputException("the answer is empty");
    }
    TensorArgument parsed = TensorArgument.parse(argument);
    if (parsed.isStandardInput()) {
      try {
        byte[] bytes = options.standardInput().readAllBytes();
        if (isTextual(bytes)) {
          return ofText(Utf16.text(bytes), parsed.name());
        }
        return Answer.of(parsed.read(options(options.directory(), bytes)));
      } catch (java.nio.charset.CharacterCodingException e) {
        throw new InputException(parsed.name() + NO_TEXT, e);
      } catch (IOException e) {
        throw new InputException("standard input cannot be read: " + e.getMessage(), e);
      }
    }
    if (parsed.isLiteral() || argument.startsWith("\"")) {
      return ofText(argument, "the literal");
    }
    if (SIZES.matcher(argument).matches() && !Files.exists(options.directory().resolve(argument))) {
      return Answer.of(argument);
    }
    return parsed.isWholeFile()
        ? read(argument, options.directory())
        : Answer.of(parsed.read(options));
  }

  private static boolean isTextual(byte[] bytes) {
    if (Utf16.isIn(bytes)) {
      return true;
    }
    for (int i = 0; i < Math.min(bytes.length, 4096); i++) {
      if (bytes[i] == 0 || bytes[i] == (byte) 0x93) {
        return false;
      }
    }
    return bytes.length < 4 || bytes[0] != 'P' || bytes[1] != 'K';
  }

  private static ReadOptions options(Path directory, byte[] standardInput) {
    return new ReadOptions(
        DType.FLOAT64, null, false, 0, new ByteArrayInputStream(standardInput), directory);
  }
}
