package lamina.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a command reads and writes: the process's own streams, or a test's.
 *
 * @param in standard input
 * @param out standard output; only results go there, and a failed write is an exception
 * @param err standard error
 * @param environment environment variables
 * @param directory what relative paths are relative to
 * @param inIsTerminal whether standard input is a terminal
 * @param outIsTerminal whether standard output is a terminal
 * @param errIsTerminal whether standard error is a terminal
 */
public record Io(
    InputStream in,
    OutputStream out,
    PrintStream err,
    Map<String, String> environment,
    Path directory,
    boolean inIsTerminal,
    boolean outIsTerminal,
    boolean errIsTerminal) {}
