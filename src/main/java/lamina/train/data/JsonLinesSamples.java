package lamina.train.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.format.ElementBuffer;
import lamina.format.JsonSample;
import lamina.format.TensorInput;
import lamina.format.TensorLines;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/** JSON Lines as samples: {@code {"x": [1, 2], "y": "spam"}}, or a text as x. */
final class JsonLinesSamples {
  private final String name;
  private final ReadingMemory memory;
  private final int elementBytes;
  private final ElementBuffer inputs;
  private final ElementBuffer targets;
  private final List<String> texts = new ArrayList<>();
  private final Labels labels = new Labels();
  private int[] lines = new int[16];
  private int count;
  private final List<String> names;
  private int[][] inputShapes;
  private int[] targetShape;

  private JsonLinesSamples(String name, DataOptions options, long length) {
    this.memory = new ReadingMemory(name, length);
    this.elementBytes = options.readType().bytes();
    this.name = name;
    String x = options.text() == null ? "x" : options.text();
    this.names = options.inputNames() == null ? List.of(x) : options.inputNames();
    this.inputs = new ElementBuffer(options.readType());
    this.targets = new ElementBuffer(options.readType());
  }

  static Samples read(TensorInput file, String name, DataOptions options) throws IOException {
    JsonLinesSamples samples = new JsonLinesSamples(name, options, file.length());
    String y = options.label() == null ? "y" : options.label();
    try (TensorLines lines = file.lines(options.reading())) {
      while (lines.next()) {
        JsonSample sample = lines.sample(samples.names, y);
        samples.add(sample, (int) lines.lineNumber());
        samples.count(sample, lines.lineBytes());
      }
    }
    return samples.samples();
  }

  private void add(JsonSample sample, int line) {
    String place = name + ", line " + line + ": ";
    if (count == lines.length) {
      lines = Arrays.copyOf(lines, 2 * count);
    }
    lines[count] = line;
    boolean isText = sample.text() != null;
    if (count > 0 && isText != (inputShapes == null)) {
      throw new InputException(
          place + "x is " + (isText ? "a text" : "an array") + ", unlike on line " + lines[0]);
    }
    if (isText) {
      texts.add(sample.text());
    } else {
      boolean isFirst = inputShapes == null;
      inputShapes = isFirst ? new int[names.size()][] : inputShapes;
      for (int i = 0; i < names.size(); i++) {
        inputShapes[i] =
            append(sample.inputs().get(i), inputShapes[i], inputs, place, names.get(i));
      }
    }
    boolean isLabel = sample.label() != null;
    if (count > 0 && isLabel != (targetShape == null)) {
      throw new InputException(
          place + "y is " + (isLabel ? "one label" : "an array") + ", unlike on line " + lines[0]);
    }
    if (!isLabel) {
      targetShape = append(sample.target(), targetShape, targets, place, "y");
    } else if (sample.label().isEmpty()) {
      throw new InputException(place + "y is empty; every sample needs a label");
    } else {
      labels.add(sample.label());
    }
    count++;
  }

  private void count(JsonSample sample, int bytesRead) {
    long bytes = 0;
    List<Tensor> tensors = new ArrayList<>(sample.inputs());
    if (sample.target() != null) {
      tensors.add(sample.target());
    }
    for (Tensor tensor : tensors) {
      bytes += (long) tensor.size() * elementBytes;
    }
    bytes += sample.text() == null ? 0 : sample.text().length() + ReadingMemory.TEXT_OVERHEAD;
    memory.add(bytes, bytesRead);
  }

  private int[] append(Tensor tensor, int[] shape, ElementBuffer into, String place, String what) {
    if (shape != null && !Arrays.equals(shape, tensor.shape())) {
      throw new InputException(
          place
              + what
              + " has shape "
              + Tensor.text(tensor.shape())
              + " but on line "
              + lines[0]
              + " it has "
              + Tensor.text(shape));
    }
    for (int i = 0; i < tensor.size(); i++) {
      String problem = into.add(tensor.get(i));
      if (problem != null) {
        throw new InputException(place + problem);
      }
    }
    return tensor.shape();
  }

  private Samples samples() {
    if (count == 0) {
      throw new InputException(
          name + ": is empty; lines such as {\"x\":[1,2],\"y\":0} were expected");
    }
    int[] places = lines;
    boolean areTexts = inputShapes == null;
    int total = 0;
    for (int i = 0; !areTexts && i < names.size(); i++) {
      total += Tensor.elements(inputShapes[i]);
    }
    boolean isOne = names.size() == 1;
    return new Samples(
        name,
        areTexts ? Preparation.Kind.TEXTS : Preparation.Kind.NUMBERS,
        areTexts ? null : inputs.toTensor(batch(isOne ? inputShapes[0] : new int[] {total})),
        areTexts ? texts : null,
        targetShape == null ? labels : null,
        targetShape == null ? null : targets.toTensor(batch(targetShape)),
        sample -> "line " + places[sample],
        1,
        isOne ? null : List.of(inputShapes));
  }

  private int[] batch(int[] shape) {
    int[] batch = new int[shape.length + 1];
    batch[0] = count;
    System.arraycopy(shape, 0, batch, 1, shape.length);
    return batch;
  }
}
