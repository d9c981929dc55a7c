package lamina;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import lamina.cli.process.Io;

/**
 * Runs lamina as a user does, and keeps what it prints.
 *
 * @param code the exit code
 * @param out what came on standard output
 * @param err what came on standard error
 */
public record Program(int code, String out, String err) {

  /** The version that pom.xml states. */
  public static String version() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    return pom.substring(pom.indexOf("<version>") + 9, pom.indexOf("</version>"));
  }

  /** Runs it in this process, with nothing on standard input. */
  public static Program run(String... args) {
    return runWithInput("", args);
  }

  /** Runs it in this process, in the project's folder. */
  public static Program runWithInput(String input, String... args) {
    return runIn(Path.of(""), Map.of(), input.getBytes(StandardCharsets.UTF_8), args);
  }

  /** Runs it in this process, in a folder and an environment. */
  public static Program runIn(
      Path directory, Map<String, String> environment, byte[] input, String... args) {
    return run(directory, environment, input, false, args);
  }

  private static Program run(
      Path directory,
      Map<String, String> environment,
      byte[] input,
      boolean onTerminal,
      String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Io io =
        new Io(
            new ByteArrayInputStream(input),
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment,
            directory,
            onTerminal,
            onTerminal,
            onTerminal);
    int code = lamina.cli.Program.run(args, io);
    return new Program(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Runs it in this process with a terminal on standard input and output. */
  public static Program runOnTerminal(String... args) {
    return run(Path.of(""), Map.of(), new byte[0], true, args);
  }

  /** Runs it as a process of its own, in a folder. */
  public static Program process(Path directory, byte[] input, String... args)
      throws IOException, InterruptedException {
    return process(directory, input, List.of(), args);
  }

  /** Runs it as a process of its own, in a folder, with options of the JVM. */
  public static Program process(
      Path directory, byte[] input, List<String> jvmOptions, String... args)
      throws IOException, InterruptedException {
    ProcessBuilder builder = processBuilder(directory, args);
    builder.command().addAll(1, jvmOptions);
    Process process = builder.start();
    Drain out = new Drain(process.getInputStream());
    Drain err = new Drain(process.getErrorStream());
    try (var stdin = process.getOutputStream()) {
      stdin.write(input);
    } catch (IOException e) {
      // A program that does not read its input may be gone before it is written.
    }
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("no end within 60 s: " + builder.command());
    }
    return new Program(process.exitValue(), out.text(), err.text());
  }

  /** A process of its own in a folder, not started yet. */
  public static ProcessBuilder processBuilder(Path directory, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    command.add(absoluteClassPath());
    command.add("lamina.Main");
    command.addAll(Arrays.asList(args));
    return new ProcessBuilder(command).directory(directory.toAbsolutePath().toFile());
  }

  private static String absoluteClassPath() {
    StringBuilder path = new StringBuilder();
    for (String entry :
        System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1)) {
      path.append(path.length() == 0 ? "" : java.io.File.pathSeparator)
          .append(Path.of(entry).toAbsolutePath());
    }
    return path.toString();
  }

  /** Reads a stream to its end on a thread of its own, so that neither stream can block. */
  private static final class Drain extends Thread {
    private final InputStream stream;
    private byte[] bytes = {};

    Drain(InputStream stream) {
      this.stream = stream;
      setDaemon(true);
      start();
    }

    @Override
    public void run() {
      try {
        bytes = stream.readAllBytes();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    String text() throws InterruptedException {
      join();
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
