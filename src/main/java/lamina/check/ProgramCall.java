package lamina.check;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A program that answers, and what it may use.
 *
 * @param words the program and its arguments; no shell reads them
 * @param stdin what it reads
 * @param environment its whole environment
 * @param timeout when its process tree ends at the latest
 * @param outputLimit the most bytes of standard output
 * @param memoryLimit the most bytes of memory of its process tree
 */
public record ProgramCall(
    List<String> words,
    String stdin,
    Map<String, String> environment,
    Duration timeout,
    long outputLimit,
    long memoryLimit) {}
