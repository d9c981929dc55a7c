package lamina.format;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipOutputStream;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/** NumPy's archive of named arrays: a zip file of npy files, stored or deflated. */
public final class Npz {
  /** What zip can say at the earliest; a fixed time makes the same tensors the same bytes. */
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  /** The name of a result's main tensor among the others, as in JSON. */
  public static final String MAIN = "data";

  private Npz() {}

  /** Reads all arrays of a stream, in the file's order. */
  public static Map<String, Tensor> readAll(InputStream in, DType dtype, String sourceName)
      throws IOException {
    try (ZipArchive zip = ZipArchive.copy(in, sourceName)) {
      return readAll(zip, dtype, Remarks.NONE, sourceName);
    }
  }

  /** Reads all arrays, in the file's order; names what is none. */
  static Map<String, Tensor> readAll(
      ZipArchive zip, DType dtype, Remarks remarks, String sourceName) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    List<String> others = new ArrayList<>();
    for (ZipEntry file : zip.files()) {
      Tensor tensor = array(zip, file, dtype, sourceName);
      if (tensor == null) {
        others.add(file.getName());
      } else if (tensors.put(arrayName(file), tensor) != null) {
        throw InputException.at(sourceName, "has two entries '" + arrayName(file) + "'");
      }
    }
    if (tensors.isEmpty()) {
      throw InputException.at(sourceName, ForeignFile.ofEntries(others));
    }
    if (!others.isEmpty()) {
      remarks.add(
          sourceName
              + ": "
              + Source.printable(String.join(", ", others))
              + (others.size() == 1
                  ? " is no array and is skipped"
                  : " are no arrays and are skipped"));
    }
    return tensors;
  }

  /**
   * Reads one array.
   *
   * @param wanted its name, or null for the only one
   */
  static Tensor read(ZipArchive zip, String wanted, DType dtype, Remarks remarks, String sourceName)
      throws IOException {
    if (wanted == null) {
      return only(readAll(zip, dtype, remarks, sourceName), sourceName);
    }
    List<String> names = new ArrayList<>();
    ZipEntry found = null;
    for (ZipEntry file : zip.files()) {
      String name = arrayName(file);
      names.add(name);
      if (name.equals(wanted)) {
        if (found != null) {
          throw InputException.at(sourceName, "has two entries '" + name + "'");
        }
        found = file;
      }
    }
    if (found == null) {
      throw InputException.at(
          sourceName, "has no entry '" + wanted + "'; its entries are " + String.join(", ", names));
    }
    Tensor tensor = array(zip, found, dtype, sourceName);
    if (tensor == null) {
      throw InputException.at(sourceName + "#" + wanted, "is no array in NumPy's format");
    }
    return tensor;
  }

  private static String arrayName(ZipEntry file) {
    String name = file.getName();
    return name.endsWith(".npy") ? name.substring(0, name.length() - 4) : name;
  }

  /** The array in a file of the archive, or null if the file is something else. */
  private static Tensor array(ZipArchive zip, ZipEntry file, DType dtype, String sourceName)
      throws IOException {
    String place = sourceName + "#" + arrayName(file);
    // macOS puts such files beside those that it archives.
    String path = file.getName();
    boolean byName =
        path.endsWith(".npy") && !path.substring(path.lastIndexOf('/') + 1).startsWith("._");
    try (InputStream bytes = zip.read(file)) {
      bytes.mark(8);
      boolean byContent = Npy.matches(bytes.readNBytes(8));
      bytes.reset();
      // What the archive says of an entry's length proves nothing: let memory grow with the data.
      return byName || byContent ? Npy.read(bytes, -1, dtype, place) : null;
    } catch (ZipException e) {
      String why =
          e instanceof ZipArchive.BadEntry ? e.getMessage() : "its bytes cannot be unpacked";
      throw InputException.at(place, "damaged: " + why, e);
    } catch (EOFException e) {
      throw InputException.at(place, "damaged: its bytes end too early", e);
    }
  }

  /** The tensor that stands for a set: its only one, or the main one of a result. */
  static Tensor only(Map<String, Tensor> tensors, String sourceName) {
    if (tensors.size() == 1) {
      return tensors.values().iterator().next();
    }
    if (tensors.containsKey(MAIN)) {
      return tensors.get(MAIN);
    }
    throw InputException.at(
        sourceName,
        "holds "
            + tensors.size()
            + " tensors"
            + (tensors.isEmpty()
                ? ""
                : " (" + String.join(", ", tensors.keySet()) + "); pick one with #name"));
  }

  /** Writes named arrays, stored without compression, as {@code numpy.savez} does. */
  public static void write(Map<String, Tensor> tensors, OutputStream out) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    zip.setMethod(ZipOutputStream.STORED);
    for (Map.Entry<String, Tensor> named : tensors.entrySet()) {
      Measure measure = new Measure();
      Npy.write(named.getValue(), measure);
      ZipEntry entry = new ZipEntry(named.getKey() + ".npy");
      entry.setTimeLocal(NO_TIME);
      entry.setSize(measure.length);
      entry.setCompressedSize(measure.length);
      entry.setCrc(measure.getChecksum().getValue());
      zip.putNextEntry(entry);
      Npy.write(named.getValue(), zip);
      zip.closeEntry();
    }
    zip.finish();
  }

  /** Counts bytes and sums them up: zip wants both before a stored entry. */
  private static final class Measure extends CheckedOutputStream {
    private long length;

    Measure() {
      super(OutputStream.nullOutputStream(), new CRC32());
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      super.write(bytes, from, count);
      length += count;
    }

    @Override
    public void write(int b) throws IOException {
      super.write(b);
      length++;
    }
  }
}
