package lamina.format;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import lamina.text.InputException;

/**
 * A file that appears complete or not at all: written beside its place under another name, and
 * moved there by {@link #commit}. Closed without it, nothing is left and an older file stays.
 */
public final class AtomicFile implements AutoCloseable {
  private final Path target;
  private final Path temporary;
  private final OutputStream stream;
  private boolean committed;

  private AtomicFile(Path target, Path temporary, String name, boolean deleteAtExit) {
    this.target = target;
    this.temporary = temporary;
    this.stream =
        new BufferedOutputStream(
            temporary == null
                ? NamedOutput.open(target, name, StandardOpenOption.WRITE)
                : NamedOutput.open(temporary, name, StandardOpenOption.CREATE_NEW),
            1 << 16);
    if (temporary != null && deleteAtExit) {
      // An interrupted run leaves nothing either.
      Runtime.getRuntime().addShutdownHook(new Thread(this::deleteTemporary));
    }
  }

  private void deleteTemporary() {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // The process is going down; the file's name tells what it was.
      return;
    }
  }

  /**
   * Starts a file. A device or a pipe, such as {@code /dev/null}, is written directly.
   *
   * @throws InputException if the folder is missing or cannot be written
   */
  public static AtomicFile create(Path file) {
    return create(file, true);
  }

  /**
   * Starts a file that the caller completes even if the process is interrupted: nothing is deleted
   * at its end, and nothing is kept in memory until then.
   */
  public static AtomicFile createToFinish(Path file) {
    return create(file, false);
  }

  private static AtomicFile create(Path file, boolean deleteAtExit) {
    try {
      // A symbolic link stays one: what it points to is replaced.
      Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
      if (Files.isDirectory(target)) {
        throw new InputException("cannot write " + file + ": it is a folder");
      }
      if (Files.exists(target) && !Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
        return new AtomicFile(target, null, file.toString(), false);
      }
      Path folder = target.getParent();
      if (folder == null || !Files.isDirectory(folder)) {
        throw new InputException("cannot write " + file + ": there is no folder " + folder);
      }
      String name = "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp";
      return new AtomicFile(target, folder.resolve(name), file.toString(), deleteAtExit);
    } catch (IOException e) {
      throw NamedOutput.failed(file.toString(), e);
    }
  }

  /** Where the content goes. */
  public OutputStream stream() {
    return stream;
  }

  /** Puts the file in its place. */
  public void commit() throws IOException {
    stream.close();
    if (temporary != null) {
      try {
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    committed = true;
  }

  @Override
  public void close() throws IOException {
    if (committed) {
      return;
    }
    try {
      stream.close();
    } finally {
      if (temporary != null) {
        Files.deleteIfExists(temporary);
      }
    }
  }
}
