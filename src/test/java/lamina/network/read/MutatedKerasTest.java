package lamina.network.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import lamina.Golden;
import lamina.Program;
import lamina.format.JsonValues;
import org.junit.jupiter.api.Test;

/**
 * Keras models whose JSON was changed at random, in their own form and in that of TensorFlow.js:
 * the program ends with words of its own. {@code -Dlamina.mutants=5000 -Dlamina.seed=7} tries more.
 */
class MutatedKerasTest {
  private static final int MUTANTS = Integer.getInteger("lamina.mutants", 300);
  private static final long SEED = Long.getLong("lamina.seed", 20_261_130);

  private static final List<Object> VALUES =
      Arrays.asList(
          null,
          true,
          false,
          0L,
          1L,
          -1L,
          3L,
          1e300,
          0.5,
          Double.valueOf(1e-300),
          2147483648L,
          1L << 62,
          "",
          "x",
          "same",
          "valid",
          "relu",
          "Dense",
          "Conv2D",
          "Add",
          "LSTM",
          "Functional",
          "channels_first",
          List.of(),
          List.of(1L),
          List.of(1L, 2L, 3L),
          List.of("x", 0L, 0L),
          Map.of(),
          Map.of("class_name", "Dense"),
          "None",
          "float32",
          List.of(List.of(List.of("x", 0L, 0L))));

  private static final String SEQUENTIAL =
      """
      {"class_name":"Sequential","config":{"name":"s","layers":[
      {"class_name":"Embedding","config":{"name":"e","batch_input_shape":[null,7],"input_dim":9,"output_dim":4,"mask_zero":true}},
      {"class_name":"Bidirectional","config":{"name":"b","merge_mode":"concat","layer":{"class_name":"LSTM","config":{"name":"l","units":3,"return_sequences":true}}}},
      {"class_name":"Conv1D","config":{"name":"c","filters":4,"kernel_size":[3],"strides":[1],"padding":"causal"}},
      {"class_name":"TimeDistributed","config":{"name":"t","layer":{"class_name":"Dense","config":{"name":"d","units":2}}}},
      {"class_name":"GRU","config":{"name":"g","units":3,"reset_after":true}},
      {"class_name":"Dropout","config":{"name":"o","rate":0.5}},
      {"class_name":"Dense","config":{"name":"p","units":1,"activation":"sigmoid"}}]},"keras_version":"2.4.0"}
      """;

  /** Two inputs, a shared layer, a model within the model, and two outputs. */
  private static final String THIRD =
      """
      {"class_name":"Functional","config":{"name":"m","layers":[
      {"class_name":"InputLayer","name":"a","config":{"name":"a","batch_shape":[null,4,5]},"inbound_nodes":[]},
      {"class_name":"InputLayer","name":"b","config":{"name":"b","batch_shape":[null,4,5]},"inbound_nodes":[]},
      {"class_name":"Dense","name":"d","config":{"name":"d","units":5},"inbound_nodes":[
      {"args":[{"class_name":"__keras_tensor__","config":{"shape":[null,4,5],"dtype":"float32","keras_history":["a",0,0]}}],"kwargs":{}},
      {"args":[{"class_name":"__keras_tensor__","config":{"shape":[null,4,5],"dtype":"float32","keras_history":["b",0,0]}}],"kwargs":{}}]},
      {"class_name":"Functional","name":"n","config":{"name":"n","layers":[
      {"class_name":"InputLayer","name":"i","config":{"name":"i","batch_shape":[null,4,5]},"inbound_nodes":[]},
      {"class_name":"ReLU","name":"r","config":{"name":"r"},"inbound_nodes":[{"args":[{"class_name":"__keras_tensor__","config":{"keras_history":["i",0,0]}}],"kwargs":{}}]}],
      "input_layers":["i",0,0],"output_layers":["r",0,0]},"inbound_nodes":[{"args":[{"class_name":"__keras_tensor__","config":{"keras_history":["d",0,0]}}],"kwargs":{}}]},
      {"class_name":"Concatenate","name":"c","config":{"name":"c","axis":-1},"inbound_nodes":[{"args":[[
      {"class_name":"__keras_tensor__","config":{"keras_history":["n",1,0]}},{"class_name":"__keras_tensor__","config":{"keras_history":["d",1,0]}}]],"kwargs":{}}]},
      {"class_name":"GlobalAveragePooling1D","name":"g","config":{"name":"g"},"inbound_nodes":[{"args":[{"class_name":"__keras_tensor__","config":{"keras_history":["c",0,0]}}],"kwargs":{}}]}],
      "input_layers":[["a",0,0],["b",0,0]],"output_layers":[["g",0,0],["c",0,0]]},"keras_version":"3.3.3"}
      """;

  @Test
  void everyMutantEndsInWords() {
    List<Object> models = new ArrayList<>();
    for (String family : new String[] {"keras_graph", "keras_recurrent"}) {
      for (Golden golden : Golden.read(family)) {
        if (golden.json().get("text") instanceof String text && text.startsWith("{")) {
          models.add(JsonValues.read(text, golden.name()));
        }
      }
    }
    models.add(JsonValues.read(SEQUENTIAL, "sequential"));
    models.add(JsonValues.read(THIRD, "keras 3"));
    assertThat(models).hasSizeGreaterThan(4);
    Random random = new Random(SEED);
    List<String> failures = new ArrayList<>();
    for (int i = 0; i < MUTANTS; i++) {
      Object model = models.get(random.nextInt(models.size()));
      if (random.nextInt(3) == 0) {
        model = new LinkedHashMap<>(Map.of("modelTopology", Map.of("model_config", model)));
      }
      Object changed = copy(model);
      for (int times = 1 + random.nextInt(3); times > 0; times--) {
        change(changed, random);
      }
      String text = written(changed);
      String[] arguments =
          random.nextBoolean()
              ? new String[] {"shape", "-", "-f", "json"}
              : new String[] {"run", "-", "ones:2x4x5", "--grad=1"};
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      long start = threads.getCurrentThreadCpuTime();
      Program result = Program.runWithInput(text, arguments);
      long milliseconds = (threads.getCurrentThreadCpuTime() - start) / 1_000_000;
      String err = result.err();
      boolean isNamed =
          err.lines().allMatch(line -> line.matches("lamina (run|shape): .*|e\\.g\\. --input .*"));
      if (result.code() > 3 || milliseconds > 5_000 || !isNamed || err.contains("not enough")) {
        failures.add(i + " " + milliseconds + " ms " + result.code() + ": " + err + text);
      }
    }
    assertThat(failures).as("seed " + SEED).isEmpty();
  }

  private static Object copy(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> copy = new LinkedHashMap<>();
      map.forEach((key, part) -> copy.put(key, copy(part)));
      return copy;
    }
    if (value instanceof List<?> list) {
      List<Object> copy = new ArrayList<>();
      list.forEach(part -> copy.add(copy(part)));
      return copy;
    }
    return value;
  }

  private static void collect(Object value, List<Object> holders) {
    if (value instanceof Map<?, ?> map) {
      holders.add(map);
      map.values().forEach(part -> collect(part, holders));
    } else if (value instanceof List<?> list) {
      holders.add(list);
      list.forEach(part -> collect(part, holders));
    }
  }

  @SuppressWarnings("unchecked")
  private static void change(Object model, Random random) {
    List<Object> holders = new ArrayList<>();
    collect(model, holders);
    Object holder = holders.get(random.nextInt(holders.size()));
    Object other = holders.get(random.nextInt(holders.size()));
    // A part of the model within another, or a value of any kind.
    Object any = VALUES.get(random.nextInt(VALUES.size()));
    Object value = copy(random.nextInt(4) == 0 ? other : any);
    if (holder instanceof List<?> list) {
      List<Object> parts = (List<Object>) list;
      int place = parts.isEmpty() ? 0 : random.nextInt(parts.size());
      switch (random.nextInt(parts.isEmpty() ? 1 : 5)) {
        case 0 -> parts.add(place, value);
        case 1 -> parts.set(place, value);
        case 2 -> parts.remove(place);
        case 3 -> parts.add(copy(parts.get(place)));
        default -> Collections.shuffle(parts, random);
      }
      return;
    }
    Map<Object, Object> members = (Map<Object, Object>) holder;
    List<Object> keys = new ArrayList<>(members.keySet());
    if (keys.isEmpty()) {
      members.put("name", value);
      return;
    }
    Object key = keys.get(random.nextInt(keys.size()));
    if (random.nextInt(4) == 0) {
      members.remove(key);
    } else {
      members.put(key, value);
    }
  }

  private static String written(Object value) {
    if (value instanceof Map<?, ?> map) {
      List<String> members = new ArrayList<>();
      map.forEach((key, part) -> members.add(written(key) + ":" + written(part)));
      return "{" + String.join(",", members) + "}";
    }
    if (value instanceof List<?> list) {
      List<String> parts = new ArrayList<>();
      list.forEach(part -> parts.add(written(part)));
      return "[" + String.join(",", parts) + "]";
    }
    return value instanceof String text
        ? '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"'
        : String.valueOf(value);
  }
}
