package lamina.check;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import lamina.text.InputException;
import lamina.text.NearSpelling;

/** What a folder of submissions holds: one submission, or a folder for each of a class. */
public final class Submissions {
  private Submissions() {}

  /**
   * The folders of the submissions by name; the folder itself if it has none, or if a file that the
   * suite asks for lies in it.
   *
   * @param name the folder's as the user gave it
   * @param one whether it is but one submission, whatever folders it has
   * @throws InputException if there is no such folder
   */
  public static List<Path> in(Path folder, String name, Suite suite, boolean one) {
    if (Files.isRegularFile(folder)) {
      throw new InputException(
          "--submissions: '" + name + "' is a file; unpack it, and give the folder");
    }
    if (!Files.isDirectory(folder)) {
      throw new InputException("--submissions: there is no folder '" + name + "'");
    }
    if (one) {
      return List.of(folder);
    }
    for (SuiteCase each : suite.cases()) {
      if (each.submission() != null && isIn(folder, each.submission())) {
        return List.of(folder);
      }
      if (each.exec() != null && each.exec().words().stream().anyMatch(w -> isIn(folder, w))) {
        return List.of(folder);
      }
    }
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String own = entry.getFileName().toString();
        if (Files.isDirectory(entry) && !own.startsWith(".") && !own.startsWith("__")) {
          folders.add(entry);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw new InputException("--submissions: " + name + " cannot be read: " + e.getMessage(), e);
    }
    // The order of a folder differs from machine to machine.
    Collections.sort(folders);
    return folders.isEmpty() ? List.of(folder) : folders;
  }

  /**
   * Checks that a file of a submission is no link to one elsewhere, such as the right answer.
   *
   * @param file its name as the suite has it
   * @throws InputException if it is
   */
  static void checkIsWithin(Path folder, String file) {
    try {
      Path home = folder.toRealPath();
      boolean isMeantToBe = home.resolve(file).normalize().startsWith(home);
      if (isMeantToBe && !home.resolve(file).toRealPath().startsWith(home)) {
        throw new InputException(file + ": is a link that leads out of the submission's folder");
      }
    } catch (IOException | java.nio.file.InvalidPathException e) {
      // It is missing, or something is that reading it will tell.
      return;
    }
  }

  /**
   * Checks that a file is there; of those that are, only what no other case asks for can be meant.
   *
   * @throws InputException if it is not
   */
  static void checkIsThere(Path folder, String file, Suite suite) {
    if (Files.exists(folder.resolve(file))) {
      return;
    }
    List<String> others = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      entries.forEach(entry -> others.add(entry.getFileName().toString()));
    } catch (IOException | DirectoryIteratorException e) {
      // There is nothing to be meant.
      others.clear();
    }
    suite.cases().forEach(each -> others.remove(each.submission()));
    Collections.sort(others);
    throw new InputException(file + ": no such file" + NearSpelling.hint(file, others));
  }

  private static boolean isIn(Path folder, String file) {
    try {
      return Files.isRegularFile(folder.resolve(file));
    } catch (java.nio.file.InvalidPathException e) {
      return false;
    }
  }
}
