package lamina.format;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import lamina.tensor.InputException;
import lamina.tensor.Tensor;

/** An open file or standard input, whatever format it has. */
final class TensorInput implements AutoCloseable {
  private static final int HEAD = 4096;

  private final String name;
  private final InputStream in;
  private final boolean owned;
  private FileType type;

  private TensorInput(String name, InputStream in, FileType type, boolean owned) {
    this.name = name;
    this.in = in;
    this.type = type;
    this.owned = owned;
  }

  static TensorInput standardInput(InputStream in) {
    return new TensorInput("standard input", in, null, false);
  }

  static TensorInput file(String name, Path directory) throws IOException {
    Path path = directory == null ? Path.of(name) : directory.resolve(name);
    if (!Files.exists(path)) {
      throw new InputException(
          name + ": no such file" + nearNames(path) + "; inline tensors start with [ or a digit");
    }
    if (Files.isDirectory(path)) {
      throw new InputException(name + ": is a folder, not a file");
    }
    return new TensorInput(name, Files.newInputStream(path), FileType.ofName(name), true);
  }

  /** Names in the same folder that differ in case, ending or few letters. */
  private static String nearNames(Path path) {
    Path folder = path.toAbsolutePath().getParent();
    Path wanted = path.getFileName();
    if (folder == null || wanted == null || !Files.isDirectory(folder)) {
      return "";
    }
    StringBuilder near = new StringBuilder();
    int found = 0;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String candidate = entry.getFileName().toString();
        if (isNear(wanted.toString(), candidate) && found < 3) {
          near.append(found++ == 0 ? "; did you mean " : ", ").append(candidate);
        }
      }
    } catch (IOException e) {
      return "";
    }
    return near.append(found == 0 ? "" : "?").toString();
  }

  private static boolean isNear(String wanted, String candidate) {
    String a = stem(wanted);
    String b = stem(candidate);
    return !a.isEmpty() && (a.equals(b) || distance(wanted, candidate) <= 2);
  }

  private static String stem(String name) {
    int dot = name.lastIndexOf('.');
    return (dot <= 0 ? name : name.substring(0, dot)).toLowerCase(Locale.ROOT);
  }

  /** Edit distance (Levenshtein). */
  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replace, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }

  Tensor read(String entry, ReadOptions options) throws IOException {
    InputStream content = content();
    return switch (type) {
      case JSON, JSON_LINES ->
          entry == null
              ? JsonTensors.read(content, options.dtype(), name)
              : JsonTensors.readEntry(content, entry, options.dtype(), name);
      default -> throw new InputException(name + ": cannot be read yet");
    };
  }

  Map<String, Tensor> readAll(ReadOptions options) throws IOException {
    InputStream content = content();
    return switch (type) {
      case JSON, JSON_LINES -> JsonTensors.readAll(content, options.dtype(), name);
      default -> throw new InputException(name + ": an object of named tensors was expected");
    };
  }

  TensorLines lines(ReadOptions options) throws IOException {
    InputStream lines =
        name.toLowerCase(Locale.ROOT).endsWith(".gz") ? new GZIPInputStream(in) : in;
    return new TensorLines(lines, options.dtype(), name, owned);
  }

  /** The bytes, uncompressed, after {@code type} was found out. */
  private InputStream content() throws IOException {
    if (type == FileType.JSON && !name.toLowerCase(Locale.ROOT).endsWith(".gz")) {
      return in;
    }
    InputStream content = new BufferedInputStream(in, 1 << 16);
    content.mark(HEAD);
    byte[] head = new byte[HEAD];
    int length = content.readNBytes(head, 0, HEAD);
    content.reset();
    if (length >= 2 && head[0] == 0x1f && head[1] == (byte) 0x8b) {
      content = new BufferedInputStream(new GZIPInputStream(content, 1 << 16), 1 << 16);
      content.mark(HEAD);
      length = content.readNBytes(head, 0, HEAD);
      content.reset();
    }
    if (type == null) {
      type = FileType.ofContent(head, length);
    }
    return content;
  }

  @Override
  public void close() throws IOException {
    if (owned) {
      in.close();
    }
  }
}
