package lamina.network.read.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import lamina.Program;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Models that were changed at random: whatever they are, the program ends soon with words of its
 * own. {@code -Dlamina.mutants=5000 -Dlamina.seed=7} tries more of them.
 */
class MutatedOnnxTest {
  private static final int MUTANTS = Integer.getInteger("lamina.mutants", 250);
  private static final long SEED = Long.getLong("lamina.seed", 20_261_129);
  private static final long LONGEST_MILLISECONDS = 5_000;

  @TempDir static Path folder;

  private static final List<String> names = new ArrayList<>();

  @BeforeAll
  static void unpack() throws IOException {
    names.addAll(PackedModels.unpack("node_later.zip", folder));
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void everyMutantEndsInWords() throws IOException {
    List<Path> models = new ArrayList<>();
    for (String name : names) {
      models.add(folder.resolve(name));
    }
    Path more = Path.of(System.getProperty("lamina.models", "none"));
    if (Files.isDirectory(more)) {
      try (var found = Files.list(more)) {
        found.sorted().forEach(models::add);
      }
    }
    Random random = new Random(SEED);
    ProtoMutator mutator = new ProtoMutator(random);
    List<String> failures = new ArrayList<>();
    for (int i = 0; i < MUTANTS; i++) {
      Path original = models.get(random.nextInt(models.size()));
      Path model = folder.resolve("m.onnx");
      byte[] changed = mutator.changed(Files.readAllBytes(original.resolve("model.onnx")), "model");
      Files.write(model, changed);
      String[] arguments =
          switch (random.nextInt(4)) {
            case 0 -> new String[] {"shape", "m.onnx"};
            case 1 -> new String[] {"run", "m.onnx", "ones:2x3x4", "--all", "--grad=1"};
            default -> new String[] {"run", "m.onnx", "--test-data", original.toString()};
          };
      // The thread's own time: a machine that others use, too, takes longer.
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      long start = threads.getCurrentThreadCpuTime();
      Program result = Program.runIn(folder, Map.of(), new byte[0], arguments);
      long milliseconds = (threads.getCurrentThreadCpuTime() - start) / 1_000_000;
      String problem = problem(result, milliseconds);
      if (problem != null) {
        failures.add(
            "mutant " + i + " of " + original.getFileName() + ", " + arguments[0] + ": " + problem);
        keep(changed, i);
      }
    }
    assertThat(failures).as("seed " + SEED).isEmpty();
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void everyMutantOfTestDataEndsInWords() throws IOException {
    Random random = new Random(SEED);
    ProtoMutator mutator = new ProtoMutator(random);
    List<String> failures = new ArrayList<>();
    for (int i = 0; i < MUTANTS; i++) {
      Path original = folder.resolve(names.get(random.nextInt(names.size())));
      String file = random.nextBoolean() ? "input_0.pb" : "output_0.pb";
      if (!Files.exists(original.resolve(file))) {
        continue;
      }
      byte[] whole = Files.readAllBytes(original.resolve(file));
      Files.write(original.resolve(file), mutator.changed(whole, "tensor"));
      String data = original.toString();
      Program result =
          Program.runIn(
              folder, Map.of(), new byte[0], "run", data + "/model.onnx", "--test-data", data);
      String problem = problem(result, 0);
      if (problem != null) {
        failures.add("mutant " + i + " of " + original.getFileName() + " " + file + problem);
      }
      Files.write(original.resolve(file), whole);
    }
    assertThat(failures).as("seed " + SEED).isEmpty();
  }

  private static void keep(byte[] changed, int i) throws IOException {
    String kept = System.getProperty("lamina.keep");
    if (kept != null) {
      Files.write(Path.of(kept).resolve(SEED + "_" + i + ".onnx"), changed);
    }
  }

  private static String problem(Program result, long milliseconds) {
    String err = result.err();
    if (milliseconds > LONGEST_MILLISECONDS) {
      return milliseconds + " ms: " + err;
    }
    boolean isNamed =
        err.lines().allMatch(line -> line.matches("lamina (run|shape): .*|run: output .*"));
    boolean isMemory = err.contains("not enough memory");
    if (result.code() > 3 || !isNamed || isMemory || err.contains("Exception")) {
      return result.code() + ": " + err;
    }
    if (result.code() == 3 && !result.out().isEmpty() && !err.contains("--test-data")) {
      return "wrote " + result.out().length() + " characters and then " + err;
    }
    return null;
  }
}
