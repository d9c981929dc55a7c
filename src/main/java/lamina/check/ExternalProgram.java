package lamina.check;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lamina.format.Utf16;

/**
 * A program that somebody submitted, run without a shell, within limits of time, output and memory.
 * Whatever it started ends with it.
 */
final class ExternalProgram {
  private static final int KEPT_STDERR = 1 << 14;
  private static final long POLL_MILLIS = 20;
  private static final long MEMORY_EVERY_MILLIS = 100;
  private static final long DRAIN_MILLIS = 1000;

  /**
   * How a program ended.
   *
   * @param problem why its output is no answer, or null
   */
  record Outcome(String out, String err, String problem) {}

  private final ProgramCall call;
  private final Path folder;
  private final boolean namespace;

  private ExternalProgram(ProgramCall call, Path folder, boolean namespace) {
    this.call = call;
    this.folder = folder;
    this.namespace = namespace;
  }

  /** Runs a program in a folder and waits for its end, which comes at its limits at the latest. */
  static Outcome run(ProgramCall call, Path folder) {
    return run(call, folder, true);
  }

  /** The same, with a namespace of its own for the program if the system allows one, or without. */
  static Outcome run(ProgramCall call, Path folder, boolean namespace) {
    return new ExternalProgram(call, folder, namespace).run();
  }

  private Outcome run() {
    String name = call.words().get(0);
    Path program = found(name);
    if (program == null) {
      boolean there = name.indexOf('/') >= 0 && Files.isRegularFile(folder.resolve(name));
      String problem =
          there
              ? "'" + name + "' is not executable: chmod +x it, or name what runs it before it"
              : "there is no program '" + name + "'";
      return new Outcome("", "", problem);
    }
    List<String> words = new ArrayList<>();
    words.add(program.toString());
    words.addAll(call.words().subList(1, call.words().size()));
    ProcessTree tree;
    try {
      tree = ProcessTree.start(words, folder, call.environment(), call.memoryLimit(), namespace);
    } catch (IOException e) {
      return new Outcome("", "", name + " cannot be started: " + e.getMessage());
    }
    try (tree) {
      return watched(name, tree);
    }
  }

  private Outcome watched(String name, ProcessTree tree) {
    Process process = tree.process();
    Reader out = new Reader(process.getInputStream(), call.outputLimit(), true);
    Reader err = new Reader(process.getErrorStream(), KEPT_STDERR, false);
    Thread stdin = new Thread(() -> feed(process.getOutputStream()), "lamina-stdin");
    stdin.setDaemon(true);
    stdin.start();
    String problem = await(name, tree, out);
    tree.close();
    out.finish();
    err.finish();
    if (problem == null && out.overflowed) {
      problem = name + " printed more than " + shown(call.outputLimit()) + " and was ended";
    }
    if (problem == null && process.exitValue() != 0) {
      int code = process.exitValue();
      problem =
          name
              + (code > 128
                  ? " was ended by signal " + (code - 128)
                  : " ended with exit code " + code);
    }
    return new Outcome(out.text(), err.text(), problem);
  }

  /** Waits until the program ends by itself; else says which of its limits it hit. */
  private String await(String name, ProcessTree tree, Reader out) {
    long start = System.nanoTime();
    long nextLook = MEMORY_EVERY_MILLIS;
    try {
      while (!tree.process().waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        long millis = (System.nanoTime() - start) / 1_000_000;
        if (out.overflowed) {
          return null;
        }
        if (millis >= call.timeout().toMillis()) {
          String seconds = Double.toString(call.timeout().toMillis() / 1e3).replaceAll("\\.0$", "");
          return name + " was not done within " + seconds + " s and was ended";
        }
        if (millis >= nextLook) {
          nextLook = millis + MEMORY_EVERY_MILLIS;
          if (tree.memory() > call.memoryLimit()) {
            return name + " took more than " + shown(call.memoryLimit()) + " and was ended";
          }
        }
      }
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return name + " was interrupted";
    }
  }

  private void feed(OutputStream stdin) {
    try (stdin) {
      stdin.write(call.stdin().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // A program need not read its input.
      return;
    }
  }

  /** The program's file: one in the folder if the name has a slash, else one on the PATH. */
  private Path found(String name) {
    if (name.indexOf('/') >= 0) {
      Path file = folder.resolve(name).toAbsolutePath().normalize();
      return Files.isExecutable(file) && Files.isRegularFile(file) ? file : null;
    }
    String path = System.getenv("PATH");
    return ProcessTree.onPath(name, path == null ? "/usr/local/bin:/usr/bin:/bin" : path);
  }

  private static String shown(long bytes) {
    String[] units = {"bytes", "KiB", "MiB", "GiB"};
    int unit = 0;
    long size = bytes;
    while (unit < 3 && size >= 1024 && size % 1024 == 0) {
      size /= 1024;
      unit++;
    }
    return size + " " + units[unit];
  }

  /** Reads a stream to its end on a thread of its own and keeps its beginning. */
  private static final class Reader extends Thread {
    private final InputStream stream;
    private final long limit;
    private final boolean stops;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private volatile boolean overflowed;

    /**
     * @param stops whether nothing is read beyond the limit; else it is read and forgotten
     */
    Reader(InputStream stream, long limit, boolean stops) {
      super("lamina-reader");
      this.stream = stream;
      this.limit = limit;
      this.stops = stops;
      setDaemon(true);
      start();
    }

    @Override
    public void run() {
      byte[] buffer = new byte[1 << 13];
      try {
        for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
          synchronized (kept) {
            kept.write(buffer, 0, (int) Math.min(count, limit - kept.size()));
            overflowed |= stops && kept.size() == limit && !ended();
          }
          if (overflowed) {
            return;
          }
        }
      } catch (IOException e) {
        // The process was ended, and its pipe with it.
        return;
      }
    }

    /** Whether exactly the limit was printed, which is allowed. */
    private boolean ended() {
      try {
        return stream.read() < 0;
      } catch (IOException e) {
        return true;
      }
    }

    void finish() {
      try {
        join(DRAIN_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    String text() {
      synchronized (kept) {
        byte[] bytes = kept.toByteArray();
        try {
          return Utf16.text(bytes);
        } catch (CharacterCodingException e) {
          // Something is to be shown of it all the same.
          return new String(bytes, StandardCharsets.UTF_8);
        }
      }
    }
  }
}
