package lamina.format;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.Charset;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import lamina.text.NearSpelling;

/** An open file or standard input, whatever format it has. */
public final class TensorInput implements AutoCloseable {
  private static final int HEAD = 4096;

  private final String name;
  private final InputStream in;

  /** The same bytes as {@link #in} if they are a regular file's, else null. */
  private final SeekableByteChannel file;

  /** The file that is read, or null. */
  private final Path path;

  private FileType type;
  private InputStream opened;

  /** The number of bytes, or -1 if that is unknown: piped or compressed. */
  private long length;

  private TensorInput(
      String name,
      InputStream in,
      SeekableByteChannel file,
      long length,
      FileType type,
      Path path) {
    this.name = name;
    this.in = in;
    this.file = file;
    this.length = length;
    this.type = type;
    this.path = path;
  }

  /** Standard input, which is not closed. */
  public static TensorInput standardInput(InputStream in) {
    return new TensorInput("standard input", in, null, -1, null, null);
  }

  /**
   * Opens a file.
   *
   * @param name its name as the user gave it
   * @param directory what a relative name is relative to, or null
   * @throws InputException if there is none
   */
  public static TensorInput file(String name, Path directory) throws IOException {
    Path path = directory == null ? Path.of(name) : directory.resolve(name);
    if (!Files.exists(path)) {
      throw new InputException(
          (TensorArgument.startsAsNumber(name)
                  ? "'" + name + "' is neither a number nor a file"
                  : name + ": no such file")
              + nearNames(path));
    }
    if (Files.isDirectory(path)) {
      throw InputException.at(name, "is a folder, not a file");
    }
    SeekableByteChannel channel = Files.newByteChannel(path);
    // Pipes and devices say 0, and cannot be read twice.
    boolean regular = Files.isRegularFile(path);
    return new TensorInput(
        name,
        Channels.newInputStream(channel),
        regular ? channel : null,
        regular ? channel.size() : -1,
        FileType.ofName(name),
        path);
  }

  /** What was probably meant among the names in the same folder. */
  private static String nearNames(Path path) {
    Path folder = path.toAbsolutePath().getParent();
    Path wanted = path.getFileName();
    if (folder == null || wanted == null || !Files.isDirectory(folder)) {
      return "";
    }
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        names.add(entry.getFileName().toString());
      }
    } catch (IOException | DirectoryIteratorException e) {
      return "";
    }
    // The order of a folder differs from machine to machine.
    Collections.sort(names);
    return NearSpelling.hint(wanted.toString(), names);
  }

  /** The format, by the name or else by the content. */
  public FileType type() throws IOException {
    content();
    return type;
  }

  /** The number of bytes, or -1 if that is unknown: piped or compressed. */
  public long length() throws IOException {
    content();
    return length;
  }

  /**
   * Hands over the fields of a CSV or TSV file, one by one.
   *
   * @param hasComments whether what follows {@code #} is a comment, as in tables of numbers
   */
  public void readFields(boolean hasComments, CsvScanner.Fields fields) throws IOException {
    InputStream content = content();
    Csv.readFields(content, type == FileType.TSV ? '\t' : ',', name, hasComments, fields);
  }

  /**
   * Reads an IDX file.
   *
   * @param beforehand is told the sizes and whether elements are bytes, before memory is taken
   */
  public Tensor readIdx(DType dtype, Idx.Header beforehand) throws IOException {
    InputStream content = content();
    return Idx.read(content, length, dtype, name, beforehand);
  }

  /**
   * Reads a tensor.
   *
   * @param entry which of several, or null for the only one
   */
  public Tensor read(String entry, ReadOptions options) throws IOException {
    try {
      return tensor(entry, options);
    } catch (InputException e) {
      // Of sizes and of memory, the readers speak without the file's name.
      throw e.placed(name);
    }
  }

  private Tensor tensor(String entry, ReadOptions options) throws IOException {
    InputStream content = content();
    return switch (type) {
      case JSON, JSON_LINES -> {
        if (entry != null) {
          yield JsonTensors.readEntry(content, entry, options.dtype(), name);
        }
        yield content == in && file != null
            ? JsonTensors.read(file, length, options.dtype(), name)
            : JsonTensors.read(content, options.dtype(), name);
      }
      case NPZ -> {
        try (ZipArchive zip = archive(content)) {
          yield Npz.read(zip, entry, options.dtype(), options.remarks(), name);
        }
      }
      case SAFETENSORS -> Safetensors.read(content, length, entry, options.dtype(), name);
      default -> {
        if (entry != null) {
          throw InputException.at(name, "holds a single tensor; leave out '#" + entry + "'");
        }
        yield single(content, options);
      }
    };
  }

  private Tensor single(InputStream content, ReadOptions options) throws IOException {
    return switch (type) {
      case CSV -> Csv.read(content, ',', options, name);
      case TSV -> Csv.read(content, '\t', options, name);
      case NPY -> Npy.read(content, length, options.dtype(), name);
      case IDX -> Idx.read(content, length, options.dtype(), name);
      case PROTOBUF -> OnnxTensor.read(content, options.dtype(), name);
      case NETPBM -> Netpbm.read(content, options.dtype(), options.integerPixels(), name);
      default -> Images.read(content, options, name);
    };
  }

  /** Reads named tensors: JSON, npz or safetensors. */
  public Map<String, Tensor> readAll(ReadOptions options) throws IOException {
    try {
      return tensors(options);
    } catch (InputException e) {
      // Of sizes and of memory, the readers speak without the file's name.
      throw e.placed(name);
    }
  }

  private Map<String, Tensor> tensors(ReadOptions options) throws IOException {
    InputStream content = content();
    return switch (type) {
      case JSON, JSON_LINES -> JsonTensors.readAll(content, options.dtype(), name);
      case NPZ -> {
        try (ZipArchive zip = archive(content)) {
          yield Npz.readAll(zip, options.dtype(), options.remarks(), name);
        }
      }
      case SAFETENSORS -> Safetensors.readAll(content, length, options.dtype(), name);
      default -> throw InputException.at(name, "an object of named tensors was expected");
    };
  }

  private ZipArchive archive(InputStream content) throws IOException {
    return length >= 0 ? ZipArchive.open(path, name) : ZipArchive.copy(content, name);
  }

  /** Reads JSON Lines as they come. */
  public TensorLines lines(ReadOptions options) throws IOException {
    if (type != null && type != FileType.JSON_LINES && type != FileType.JSON) {
      // Not a stream of tensors but one: a stream of a single line.
      try (this) {
        return TensorLines.single(read(null, options), name);
      }
    }
    InputStream lines =
        opened != null
            ? opened
            : name.toLowerCase(Locale.ROOT).endsWith(".gz") ? new GZIPInputStream(in) : in;
    return new TensorLines(lines, options.dtype(), name, path != null);
  }

  /** The bytes, uncompressed, after {@code type} was found out. */
  private InputStream content() throws IOException {
    if (opened == null) {
      opened = open();
    }
    return opened;
  }

  private InputStream open() throws IOException {
    if (type == FileType.JSON && file != null && startsAsJson()) {
      return in;
    }
    InputStream content = new BufferedInputStream(in, 1 << 16);
    byte[] head = head(content);
    if (head.length >= 2 && head[0] == 0x1f && head[1] == (byte) 0x8b) {
      content = new BufferedInputStream(new GZIPInputStream(content, 1 << 16), 1 << 16);
      head = head(content);
      length = -1;
    }
    Charset utf16 = Utf16.of(head);
    if (utf16 != null && (type == null || type == FileType.CSV || type == FileType.TSV)) {
      content = new BufferedInputStream(new Utf16(content, utf16), 1 << 16);
      head = head(content);
      length = -1;
    }
    FileType certain = FileType.ofSignature(head);
    String foreign = certain == null ? ForeignFile.of(head) : null;
    if (foreign != null) {
      throw InputException.at(name, "is " + foreign);
    }
    if (certain != null) {
      type = certain;
    } else if (type == null) {
      type = FileType.ofContent(head);
      boolean text = type == FileType.JSON || type == FileType.CSV;
      if (text && ForeignFile.isBinary(head)) {
        throw InputException.at(
            name,
            "is a binary file of a format that is not known; save it as npy, npz or"
                + " safetensors");
      }
    }
    if (head.length == 0 && type.isBinary()) {
      throw InputException.at(name, "is empty");
    }
    return content;
  }

  /** Whether the file's first byte shows JSON; the file is where it was then. */
  private boolean startsAsJson() throws IOException {
    ByteBuffer first = ByteBuffer.allocate(1);
    int count = file.read(first);
    file.position(0);
    return count == 1 && (first.get(0) == '[' || first.get(0) == '{');
  }

  private static byte[] head(InputStream content) throws IOException {
    content.mark(HEAD);
    byte[] head = content.readNBytes(HEAD);
    content.reset();
    return head;
  }

  @Override
  public void close() throws IOException {
    if (path != null) {
      in.close();
    }
  }
}
