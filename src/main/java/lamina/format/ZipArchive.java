package lamina.format;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import lamina.text.InputException;

/**
 * A zip file, read by the directory at its end: only that says how long entries are which were
 * written to a pipe. What comes from a pipe itself goes through a temporary file, which has no name
 * any more while it is read.
 */
final class ZipArchive implements AutoCloseable {
  private final String name;
  private final ZipFile zip;

  private ZipArchive(String name, ZipFile zip) {
    this.name = name;
    this.zip = zip;
  }

  /** Opens a file. */
  static ZipArchive open(Path file, String name) throws IOException {
    return open(file, ZipFile.OPEN_READ, name);
  }

  /** Takes everything that a stream has. */
  static ZipArchive copy(InputStream in, String name) throws IOException {
    Path file = Files.createTempFile("lamina", ".zip");
    try {
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      return open(file, ZipFile.OPEN_READ | ZipFile.OPEN_DELETE, name);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static ZipArchive open(Path file, int mode, String name) throws IOException {
    try {
      return new ZipArchive(name, new ZipFile(file.toFile(), mode));
    } catch (ZipException | EOFException e) {
      throw InputException.at(
          name,
          "damaged zip file: its directory at the end is missing or damaged; is the file"
              + " truncated?",
          e);
    } catch (IllegalArgumentException e) {
      // Thrown for names of entries that are no UTF-8 although the directory says so.
      throw InputException.at(name, "damaged zip file: its directory cannot be read", e);
    }
  }

  /** The entries in their order, without folders. */
  List<ZipEntry> files() {
    List<ZipEntry> files = new ArrayList<>();
    try {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        if (!entry.isDirectory()) {
          files.add(entry);
        }
      }
    } catch (IllegalArgumentException e) {
      throw InputException.at(name, "damaged zip file: its directory cannot be read", e);
    }
    return files;
  }

  /** An entry's bytes; at their end they are compared with their checksum. */
  InputStream read(ZipEntry entry) throws IOException {
    InputStream bytes = zip.getInputStream(entry);
    if (bytes == null) {
      throw new BadEntry("it has no data");
    }
    return new BufferedInputStream(new Verified(bytes, entry.getCrc()), 1 << 16);
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  /** What is wrong with an entry, in words for the user; the library's own are not. */
  static final class BadEntry extends ZipException {
    private static final long serialVersionUID = 1L;

    private BadEntry(String message) {
      super(message);
    }
  }

  /** Fails at its end if the bytes are not those that were stored. */
  private static final class Verified extends CheckedInputStream {
    private final long crc;

    Verified(InputStream in, long crc) {
      super(in, new CRC32());
      this.crc = crc;
    }

    @Override
    public int read() throws IOException {
      int next = super.read();
      if (next < 0) {
        verify();
      }
      return next;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      int read = super.read(bytes, from, count);
      if (read < 0) {
        verify();
      }
      return read;
    }

    private void verify() throws BadEntry {
      if (getChecksum().getValue() != crc) {
        throw new BadEntry("its checksum does not fit its bytes");
      }
    }
  }
}
