package lamina.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path folder;

  @Test
  void appearsOnlyWhenCommitted() throws IOException {
    Path file = Files.writeString(folder.resolve("a.json"), "old");

    try (AtomicFile atomic = AtomicFile.create(file)) {
      atomic.stream().write('n');
      assertThat(file).hasContent("old");
      atomic.commit();
    }

    assertThat(file).hasContent("n");
    assertThat(folder.toFile().list()).containsExactly("a.json");
  }

  @Test
  void leavesNothingWithoutACommit() throws IOException {
    Path file = Files.writeString(folder.resolve("a.json"), "old");

    try (AtomicFile atomic = AtomicFile.create(file)) {
      atomic.stream().write('n');
    }

    assertThat(file).hasContent("old");
    assertThat(folder.toFile().list()).containsExactly("a.json");
  }

  @Test
  void replacesWhatALinkPointsTo() throws IOException {
    Path file = Files.writeString(folder.resolve("a.json"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link.json"), file);

    try (AtomicFile atomic = AtomicFile.create(link)) {
      atomic.stream().write('n');
      atomic.commit();
    }

    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(file).hasContent("n");
  }

  @Test
  void namesAMissingFolder() {
    Path file = folder.resolve("missing/a.json");

    assertThatThrownBy(() -> AtomicFile.create(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("there is no folder");
  }
}
