package lamina.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lamina.format.JsonValues;
import lamina.text.InputException;

/**
 * The curves of a run, from what {@code train --log} wrote. NaN where the log says nothing.
 *
 * @param name the file's name without its ending
 */
public record RunLog(
    String name, double[] loss, double[] accuracy, double[] testLoss, double[] testAccuracy) {

  /**
   * Reads a log.
   *
   * @throws InputException if it is none
   */
  public static RunLog read(Path file, String name) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new InputException("there is no file '" + name + "'");
    }
    List<Map<?, ?>> epochs = new ArrayList<>();
    int number = 0;
    for (String line : Files.readString(file, StandardCharsets.UTF_8).split("\n", -1)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      String place = name + ", line " + number;
      if (!(JsonValues.read(line, place) instanceof Map<?, ?> row)
          || !(row.get("epoch") instanceof Number)) {
        throw new InputException(
            place + ": is no line of a log of train --log, which has \"epoch\" and \"loss\"");
      }
      // Lines of single steps lie between those of epochs.
      if (!row.containsKey("step")) {
        epochs.add(row);
      }
    }
    if (epochs.isEmpty()) {
      throw new InputException(name + ": has no epoch");
    }
    String base = Path.of(name).getFileName().toString().replaceAll("\\.jsonl?$", "");
    return new RunLog(
        base,
        column(epochs, "loss"),
        column(epochs, "accuracy"),
        column(epochs, "test_loss"),
        column(epochs, "test_accuracy"));
  }

  private static double[] column(List<Map<?, ?>> rows, String name) {
    return rows.stream()
        .mapToDouble(row -> row.get(name) instanceof Number n ? n.doubleValue() : Double.NaN)
        .toArray();
  }

  /** Whether something was held out. */
  public boolean hasTest() {
    for (double each : testLoss) {
      if (!Double.isNaN(each)) {
        return true;
      }
    }
    return false;
  }
}
