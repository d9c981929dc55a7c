package lamina.network.read;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a text says and is not read.
 *
 * @param unread parts of printed modules that were not understood
 * @param remarks statements that were left out
 */
record Omissions(Set<String> unread, Set<String> remarks) {
  Omissions() {
    this(new LinkedHashSet<>(), new LinkedHashSet<>());
  }
}
