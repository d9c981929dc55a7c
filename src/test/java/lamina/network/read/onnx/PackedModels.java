package lamina.network.read.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Models with their inputs and outputs, a folder each, packed into one file of the resources. */
final class PackedModels {
  private PackedModels() {}

  /** Unpacks them all; gives their folders' names, in the order in which they were packed. */
  static Set<String> unpack(String file, Path folder) throws IOException {
    Set<String> names = new LinkedHashSet<>();
    Path packed = Path.of("src/test/resources/onnx", file);
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(packed))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path target = folder.resolve(entry.getName());
        Files.createDirectories(target.getParent());
        Files.copy(zip, target);
        names.add(entry.getName().substring(0, entry.getName().indexOf('/')));
      }
    }
    return names;
  }
}
