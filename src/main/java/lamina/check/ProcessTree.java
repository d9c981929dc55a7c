package lamina.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A process and whatever it starts, which all ends when this is closed. Where Linux allows it the
 * tree has a namespace of its own, which the kernel ends as a whole. Elsewhere it is a session of
 * its own, whose processes bear a mark in their environment, so that those that left their parents
 * and the session are found too.
 */
final class ProcessTree implements AutoCloseable {
  private static final String TOOLS = "/usr/bin:/bin:/usr/sbin:/sbin";
  private static final String MARK = "LAMINA_CHECK";
  private static final long PAGE = 4096;
  private static final int SWEEPS = 40;

  private static final AtomicLong STARTED = new AtomicLong();
  private static final Set<ProcessTree> ALIVE = ConcurrentHashMap.newKeySet();

  /** Once for the program: an interrupt ends the trees too. */
  private static final class Hook {
    static {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> ALIVE.forEach(ProcessTree::close)));
    }

    static void add(ProcessTree tree) {
      ALIVE.add(tree);
    }
  }

  /** What comes before the words so that the tree can be ended, found out once. */
  private static final class Frame {
    static final List<String> NAMESPACE = namespace();
    static final Path SETSID = onPath("setsid", TOOLS);
    static final Path PRLIMIT = onPath("prlimit", TOOLS);

    /** The words that give a process a namespace; empty if the system does not allow it. */
    private static List<String> namespace() {
      Path unshare = onPath("unshare", TOOLS);
      if (unshare == null) {
        return List.of();
      }
      List<String> asRoot =
          List.of(unshare.toString(), "--pid", "--fork", "--kill-child=SIGKILL", "--");
      List<String> asUser =
          List.of(
              unshare.toString(),
              "--user",
              "--map-current-user",
              "--pid",
              "--fork",
              "--kill-child=SIGKILL",
              "--");
      for (List<String> words : List.of(asRoot, asUser)) {
        List<String> all = new ArrayList<>(words);
        // The namespace ends with its first process, which treats signals in ways of its own: let
        // that be one that waits for the program. The words reach it as they are.
        all.addAll(List.of("/bin/sh", "-c", "\"$@\"; exit \"$?\"", "sh"));
        List<String> tried = new ArrayList<>(all);
        tried.addAll(List.of("/bin/sh", "-c", ":"));
        if (succeeds(tried)) {
          return all;
        }
      }
      return List.of();
    }
  }

  private final Process process;
  private final String mark;

  /** All processes of the tree that were ever seen. */
  private final Set<ProcessHandle> seen = ConcurrentHashMap.newKeySet();

  private ProcessTree(Process process, String mark) {
    this.process = process;
    this.mark = mark;
  }

  /**
   * Starts a program.
   *
   * @param environment its whole environment, but for the mark
   * @param memory the bytes that a single process may have, where the system can hold it to that
   * @param namespace whether the tree gets a namespace of its own where the system allows one
   */
  static ProcessTree start(
      List<String> words,
      Path folder,
      Map<String, String> environment,
      long memory,
      boolean namespace)
      throws IOException {
    List<String> frame = namespace ? Frame.NAMESPACE : List.of();
    List<String> all = new ArrayList<>();
    if (Frame.SETSID != null) {
      // Away from the terminal, and a group that one signal reaches.
      all.add(Frame.SETSID.toString());
    }
    all.addAll(frame);
    if (Frame.PRLIMIT != null) {
      all.addAll(List.of(Frame.PRLIMIT.toString(), "--core=0", "--data=" + memory, "--"));
    }
    all.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(all).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    String mark = null;
    if (frame.isEmpty()) {
      mark = ProcessHandle.current().pid() + "-" + STARTED.incrementAndGet();
      builder.environment().put(MARK, mark);
    }
    ProcessTree tree = new ProcessTree(builder.start(), mark);
    Hook.add(tree);
    return tree;
  }

  Process process() {
    return process;
  }

  /** The bytes in memory that the tree takes, as far as the system tells. */
  long memory() {
    look();
    long pages = 0;
    for (ProcessHandle each : seen) {
      pages += pages(each);
    }
    return pages * PAGE;
  }

  /** The pages of memory of a process; 0 if it has ended. */
  private static long pages(ProcessHandle of) {
    try {
      String[] sizes = Files.readString(Path.of("/proc/" + of.pid() + "/statm")).split(" ", 3);
      return Long.parseLong(sizes[1]);
    } catch (IOException e) {
      return 0;
    }
  }

  private void look() {
    process.descendants().forEach(seen::add);
    seen.removeIf(each -> !each.isAlive());
  }

  /** Ends all that is left of the tree. */
  @Override
  public void close() {
    if (!ALIVE.remove(this)) {
      return;
    }
    look();
    // Not the process itself: that would close its streams before all was read.
    process.toHandle().destroyForcibly();
    if (mark != null) {
      // Those in the session at once, before they can start others.
      succeeds(List.of("/bin/sh", "-c", "kill -9 -\"$0\"", Long.toString(process.pid())));
    }
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      Set<ProcessHandle> left = new LinkedHashSet<>(seen);
      left.addAll(marked());
      left.removeIf(each -> !each.isAlive());
      if (left.isEmpty()) {
        return;
      }
      for (ProcessHandle each : left) {
        each.descendants().forEach(ProcessHandle::destroyForcibly);
        each.destroyForcibly();
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(5);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The processes that bear the tree's mark, wherever they went. */
  private List<ProcessHandle> marked() {
    List<ProcessHandle> found = new ArrayList<>();
    if (mark == null) {
      return found;
    }
    String variable = MARK + "=" + mark + "\0";
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path each : processes) {
        if (hasVariable(each.resolve("environ"), variable)) {
          ProcessHandle.of(Long.parseLong(each.getFileName().toString())).ifPresent(found::add);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // No /proc: the session and the descendants are all that can be known.
      return found;
    }
    return found;
  }

  private static boolean hasVariable(Path environment, String variable) {
    try {
      byte[] bytes = Files.readAllBytes(environment);
      return new String(bytes, StandardCharsets.ISO_8859_1).contains(variable);
    } catch (IOException e) {
      // Another user's, or ended.
      return false;
    }
  }

  private static boolean succeeds(List<String> words) {
    try {
      Process process =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return false;
      }
      return process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The file of a program in the folders of a PATH, or null. */
  static Path onPath(String name, String path) {
    for (String folder : path.split(":", -1)) {
      Path file = Path.of(folder, name);
      if (Files.isExecutable(file) && Files.isRegularFile(file)) {
        return file.toAbsolutePath();
      }
    }
    return null;
  }
}
