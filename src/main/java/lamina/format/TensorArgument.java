package lamina.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * A TENSOR argument of the command line: an inline literal, {@code -} for standard input, a file
 * (with {@code #entry} to pick one of several tensors), or a generator such as {@code rand:3x4}.
 */
public final class TensorArgument {
  private enum Kind {
    LITERAL,
    STANDARD_INPUT,
    GENERATOR,
    FILE
  }

  private static final String[] CONTAINERS = {
    ".npz#", ".safetensors#", ".json#", ".safetensors.gz#", ".json.gz#"
  };

  /** No file's name is longer. */
  private static final int MAX_NAME = 255;

  private final Kind kind;
  private final String text;
  private final String entry;

  private TensorArgument(Kind kind, String text, String entry) {
    this.kind = kind;
    this.text = text;
    this.entry = entry;
  }

  /** Tells what an argument is; reads nothing. */
  public static TensorArgument parse(String text) {
    if (text.equals("-")) {
      return new TensorArgument(Kind.STANDARD_INPUT, text, null);
    }
    if (startsLiteral(text)) {
      return new TensorArgument(Kind.LITERAL, text, null);
    }
    if (startsAsNumber(text) && !Double.isNaN(Numbers.parse(text.trim()))) {
      return new TensorArgument(Kind.LITERAL, text, null);
    }
    if (Generator.matches(text)) {
      return new TensorArgument(Kind.GENERATOR, text, null);
    }
    for (String container : CONTAINERS) {
      int at = text.toLowerCase(Locale.ROOT).indexOf(container);
      if (at >= 0) {
        int hash = at + container.length() - 1;
        return new TensorArgument(Kind.FILE, text.substring(0, hash), text.substring(hash + 1));
      }
    }
    return new TensorArgument(Kind.FILE, text, null);
  }

  /** Reads the tensor of a file, whatever its name looks like. */
  public static Tensor file(String name, ReadOptions options) {
    return new TensorArgument(Kind.FILE, name, null).read(options);
  }

  private static boolean startsLiteral(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isWhitespace(c)) {
        return c == '[' || c == '{' || PrintedTensor.isNamed(text);
      }
    }
    return false;
  }

  /** Whether a text starts as a number does, whatever follows. */
  static boolean startsAsNumber(String text) {
    String number = text.trim();
    int i = !number.isEmpty() && (number.charAt(0) == '-' || number.charAt(0) == '+') ? 1 : 0;
    if (i < number.length() && number.charAt(i) == '.') {
      i++;
    }
    return i < number.length() && number.charAt(i) >= '0' && number.charAt(i) <= '9';
  }

  public boolean isStandardInput() {
    return kind == Kind.STANDARD_INPUT;
  }

  public boolean isLiteral() {
    return kind == Kind.LITERAL;
  }

  /** Whether this is a file as a whole, not an entry of it. */
  public boolean isWholeFile() {
    return kind == Kind.FILE && entry == null;
  }

  /** Whether this is a file of JSON Lines by its name. */
  public boolean isJsonLines() {
    return kind == Kind.FILE && FileType.ofName(text) == FileType.JSON_LINES;
  }

  /** Whether this is a picture by its name. */
  public boolean isImage() {
    FileType type = kind == Kind.FILE ? FileType.ofName(text) : null;
    return type == FileType.IMAGE || type == FileType.NETPBM;
  }

  /** What messages call it: {@code standard input}, {@code the literal}, or the argument. */
  public String name() {
    return switch (kind) {
      case STANDARD_INPUT -> "standard input";
      case LITERAL -> "the literal";
      case GENERATOR -> text;
      case FILE -> entry == null ? text : text + "#" + entry;
    };
  }

  /**
   * Reads one tensor, in {@code options.dtype()}.
   *
   * @throws InputException if it is missing, unreadable, malformed or too large
   */
  public Tensor read(ReadOptions options) {
    TensorArgument resolved = resolved(options);
    if (resolved != this) {
      return resolved.read(options);
    }
    return switch (kind) {
      case LITERAL -> literal(options.dtype());
      case GENERATOR -> Generator.generate(text, options.dtype(), options.seed());
      case STANDARD_INPUT, FILE -> {
        try (TensorInput input = open(options)) {
          yield input.read(entry, options);
        } catch (IOException e) {
          throw ReadFailure.of(name(), e);
        }
      }
    };
  }

  /** This argument, or the file of that name if it looks like a literal but is there. */
  private TensorArgument resolved(ReadOptions options) {
    if (kind != Kind.LITERAL || text.length() > MAX_NAME || text.indexOf('\0') >= 0) {
      return this;
    }
    // What its own bracket closes is never a file's name: most literals need no look at the disk.
    if ("]})".indexOf(text.charAt(text.length() - 1)) >= 0) {
      return this;
    }
    Path path = options.directory() == null ? Path.of(text) : options.directory().resolve(text);
    if (!Files.isRegularFile(path)) {
      return this;
    }
    options.remarks().add("'" + text + "' is read as the file of this name");
    return new TensorArgument(Kind.FILE, text, null);
  }

  private Tensor literal(DType dtype) {
    String trimmed = text.trim();
    char first = trimmed.charAt(0);
    if (first == '[' || first == '{' || !startsAsNumber(trimmed)) {
      return JsonTensors.read(trimmed, dtype, new Source(name()));
    }
    double value = Numbers.parse(trimmed);
    if (Double.isInfinite(value)) {
      throw new InputException("'" + trimmed + "' is beyond the range of float64");
    }
    ElementBuffer element = new ElementBuffer(dtype);
    String problem = element.add(value);
    if (problem != null) {
      throw new InputException(problem);
    }
    return element.toTensor();
  }

  /**
   * Reads a set of named tensors: a JSON object, npz or safetensors.
   *
   * @throws InputException as {@link #read}, or if the input holds a single unnamed tensor
   */
  public Map<String, Tensor> readAll(ReadOptions options) {
    TensorArgument resolved = resolved(options);
    if (resolved != this) {
      return resolved.readAll(options);
    }
    switch (kind) {
      case LITERAL -> {
        return JsonTensors.readAll(text, options.dtype(), new Source(name()));
      }
      case GENERATOR ->
          throw new InputException(
              "'" + text + "' is a single tensor; an object of named tensors was expected");
      default -> {
        if (entry != null) {
          throw InputException.at(
              name(), "all tensors of the file are needed here; leave out '#" + entry + "'");
        }
        try (TensorInput input = open(options)) {
          return input.readAll(options);
        } catch (IOException e) {
          throw ReadFailure.of(name(), e);
        }
      }
    }
  }

  /** Reads JSON Lines, one tensor a line. A literal or a generator is a single line. */
  public TensorLines readLines(ReadOptions options) {
    try {
      return switch (kind) {
        case LITERAL, GENERATOR -> TensorLines.single(read(options), name());
        case STANDARD_INPUT, FILE -> open(options).lines(options);
      };
    } catch (IOException e) {
      throw ReadFailure.of(name(), e);
    }
  }

  private TensorInput open(ReadOptions options) throws IOException {
    return kind == Kind.STANDARD_INPUT
        ? TensorInput.standardInput(options.standardInput())
        : TensorInput.file(text, options.directory());
  }
}
