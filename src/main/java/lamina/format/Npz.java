package lamina.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
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

  /** Reads all arrays, in the file's order. */
  public static Map<String, Tensor> readAll(InputStream in, DType dtype, String sourceName)
      throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    scan(in, null, dtype, sourceName, tensors);
    return tensors;
  }

  /**
   * Reads one array.
   *
   * @param entry its name, or null for the only one
   */
  public static Tensor read(InputStream in, String entry, DType dtype, String sourceName)
      throws IOException {
    if (entry == null) {
      return only(readAll(in, dtype, sourceName), sourceName);
    }
    Map<String, Tensor> found = new LinkedHashMap<>();
    String names = scan(in, entry, dtype, sourceName, found);
    if (found.isEmpty()) {
      throw new InputException(
          sourceName + ": has no entry '" + entry + "'; its entries are " + names);
    }
    return found.get(entry);
  }

  /** The tensor that stands for a set: its only one, or the main one of a result. */
  static Tensor only(Map<String, Tensor> tensors, String sourceName) {
    if (tensors.size() == 1) {
      return tensors.values().iterator().next();
    }
    if (tensors.containsKey(MAIN)) {
      return tensors.get(MAIN);
    }
    throw new InputException(
        sourceName
            + ": holds "
            + tensors.size()
            + " tensors"
            + (tensors.isEmpty()
                ? ""
                : " (" + String.join(", ", tensors.keySet()) + "); pick one with #name"));
  }

  /** Reads the wanted array, or all if none is named; returns the names of all. */
  private static String scan(
      InputStream in, String wanted, DType dtype, String sourceName, Map<String, Tensor> found)
      throws IOException {
    StringBuilder names = new StringBuilder();
    try {
      ZipInputStream zip = new ZipInputStream(in);
      for (ZipEntry file = zip.getNextEntry(); file != null; file = zip.getNextEntry()) {
        String name = file.getName();
        if (name.endsWith("data.pkl")) {
          throw new InputException(
              sourceName + ": a PyTorch checkpoint, not npz; save the weights as safetensors");
        }
        if (name.endsWith(".npy")) {
          name = name.substring(0, name.length() - 4);
        }
        names.append(names.length() == 0 ? "" : ", ").append(name);
        if (wanted != null && !wanted.equals(name)) {
          continue;
        }
        // What the archive says of an entry's length proves nothing: let memory grow with the data.
        Tensor tensor = Npy.read(zip, -1, dtype, sourceName + "#" + name);
        if (found.put(name, tensor) != null) {
          throw new InputException(sourceName + ": has two entries '" + name + "'");
        }
      }
    } catch (ZipException e) {
      throw new InputException(sourceName + ": damaged npz: " + e.getMessage(), e);
    }
    if (names.length() == 0) {
      throw new InputException(sourceName + ": not an npz file, or an empty one");
    }
    return names.toString();
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
