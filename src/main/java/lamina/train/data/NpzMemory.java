package lamina.train.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import lamina.tensor.DType;

/** What the arrays of an npz file will need, by the archive's directory and their headers. */
final class NpzMemory {
  private static final int HEADER = 128;

  private NpzMemory() {}

  /** The bytes of all arrays in a type; 0 if the file is damaged, which its reader says. */
  static long bytes(Path file, DType dtype) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      long elements = 0;
      for (ZipEntry entry : Collections.list(zip.entries())) {
        if (entry.getName().endsWith(".npy") && entry.getSize() > HEADER) {
          elements += (entry.getSize() - HEADER) / width(zip, entry);
        }
      }
      return elements * dtype.bytes();
    } catch (ZipException | IllegalArgumentException e) {
      return 0;
    }
  }

  /** The bytes of an element: the digit in {@code 'descr': '<f8'}; 8 where there is none. */
  private static int width(ZipFile zip, ZipEntry entry) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      String header = new String(in.readNBytes(HEADER), StandardCharsets.ISO_8859_1);
      int at = header.indexOf("'descr': '");
      int digit = at < 0 ? -1 : Character.digit(header.charAt(at + "'descr': '<f".length()), 10);
      return digit > 0 ? digit : 8;
    }
  }
}
