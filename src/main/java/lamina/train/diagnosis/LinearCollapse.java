package lamina.train.diagnosis;

import static lamina.train.diagnosis.Evidence.figure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.layer.MergeLayer;
import lamina.layer.Pass;
import lamina.layer.Weights;
import lamina.network.LayerAnalysis;
import lamina.network.RunnableNetwork;
import lamina.op.activation.Activations;
import lamina.tensor.DType;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.train.diagnosis.Finding.AffineMap;
import lamina.train.diagnosis.Finding.Kind;

/**
 * Stretches of a network that equal one affine map, because every activation in them is linear: by
 * its kind, as Identity, by its slope, as LeakyReLU(1), or by what it learned, as PReLU. Whether a
 * layer is affine is tried out, in evaluation mode and float64, so that no list of layers is
 * needed.
 */
final class LinearCollapse {
  private static final double TOLERANCE = 1e-9;

  /** Larger inputs have a matrix that nobody reads. */
  private static final int LARGEST = 4096;

  private static final long MOST_ELEMENTS = 4_000_000;
  private static final int SAMPLES = 256;

  /** A layer is tried out on about so many elements, of 2 to 16 samples: large ones on few. */
  private static final int TRIED = 1024;

  private final Evidence evidence;

  /** How many samples a layer is tried out on. */
  private final int trials;

  private final Map<String, Tensor> exact = new LinkedHashMap<>();

  private LinearCollapse(Evidence evidence) {
    this.evidence = evidence;
    trials = trials(evidence);
    evidence
        .weights()
        .forEach((name, w) -> exact.put(name, w.dtype() == DType.INT64 ? w : w.as(DType.FLOAT64)));
  }

  private static int trials(Evidence evidence) {
    long least = TRIED;
    for (LayerAnalysis layer : evidence.analysis().layers()) {
      for (Shape shape : layer.takenShapes()) {
        least = Math.min(least, Math.max(1, shape.elements().value()));
      }
    }
    return (int) Math.max(2, Math.min(16, TRIED / least));
  }

  /** A finding for each stretch, and one that all is well if there is none. */
  static List<Finding> of(Evidence evidence) {
    return new LinearCollapse(evidence).findings();
  }

  private List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    RunnableNetwork network = evidence.networkFor(trials);
    List<LayerAnalysis> layers = network.report().layers();
    boolean[] isAffine = new boolean[layers.size()];
    for (int i = 0; i < isAffine.length; i++) {
      isAffine[i] = isAffine(layers.get(i));
    }
    for (int from = 0; from < isAffine.length; from++) {
      if (!isAffine[from]) {
        continue;
      }
      int to = from + 1;
      while (to < isAffine.length && isAffine[to] && takesFrom(layers.get(to), from)) {
        to++;
      }
      boolean isWhole = from == 0 && isOutputOnly(layers.subList(to, layers.size()));
      if (isClosed(layers, from, to) && isCollapse(layers.subList(from, to), isWhole)) {
        findings.add(collapse(layers, from, to, isWhole));
      }
      from = to;
    }
    if (findings.isEmpty()) {
      int count = 0;
      for (boolean each : isAffine) {
        count += each ? 0 : 1;
      }
      findings.add(
          new Finding(
              Kind.LINEAR_COLLAPSE,
              null,
              count,
              0,
              false,
              count + (count == 1 ? " layer is" : " layers are") + " not affine",
              ""));
    }
    return findings;
  }

  /** Whether a layer takes only outputs of a stretch; its first layer takes what it likes. */
  private static boolean takesFrom(LayerAnalysis layer, int from) {
    return layer.inputs().stream().allMatch(input -> input >= from || (from == 0 && input < 0));
  }

  /** Whether later layers take only the last output of a stretch. */
  private static boolean isClosed(List<LayerAnalysis> layers, int from, int to) {
    for (LayerAnalysis later : layers.subList(to, layers.size())) {
      if (later.inputs().stream().anyMatch(input -> input >= from && input < to - 1)) {
        return false;
      }
    }
    return layers.get(from).inputs().size() == 1;
  }

  /** Whether nothing is left but functions of the output, such as a softmax. */
  private static boolean isOutputOnly(List<LayerAnalysis> rest) {
    return rest.stream().allMatch(layer -> layer.weights().isEmpty());
  }

  /** Several matrices and, unless the whole network is meant, an activation between two of them. */
  private static boolean isCollapse(List<LayerAnalysis> stretch, boolean isWhole) {
    int first = -1;
    int last = -1;
    for (int i = 0; i < stretch.size(); i++) {
      if (stretch.get(i).weights().stream().anyMatch(p -> p.trained() && p.shape().rank() > 1)) {
        first = first < 0 ? i : first;
        last = i;
      }
    }
    if (first == last) {
      return false;
    }
    return isWhole
        || stretch.subList(first, last).stream()
            .anyMatch(layer -> Activations.find(layer.type()) != null);
  }

  private boolean isAffine(LayerAnalysis layer) {
    if (layer.layer().indices() > 0) {
      return false;
    }
    // Of both signs and of several sizes, so that each piece of a function is met.
    for (double size : new double[] {0.1, 1, 100}) {
      RandomNumbers random = new RandomNumbers(7);
      List<Tensor> a = new ArrayList<>();
      List<Tensor> b = new ArrayList<>();
      List<Tensor> middle = new ArrayList<>();
      for (Shape shape : layer.takenShapes()) {
        a.add(random(shape, size, random));
        b.add(random(shape, size, random));
        middle.add(between(a.get(a.size() - 1), b.get(b.size() - 1)));
      }
      Tensor expected = between(run(layer, a), run(layer, b));
      Tensor given = run(layer, middle);
      double scale = 0;
      double difference = 0;
      for (int i = 0; i < given.size(); i++) {
        scale = Math.max(scale, Math.abs(expected.get(i)));
        double gap = Math.abs(given.get(i) - expected.get(i));
        // NaN is no affine map either.
        difference = gap <= difference ? difference : gap;
      }
      if (!(difference <= TOLERANCE * Math.max(scale, size))) {
        return false;
      }
    }
    return true;
  }

  private static Tensor random(Shape shape, double size, RandomNumbers random) {
    Tensor values = Tensor.zeros(DType.FLOAT64, shape.sizes());
    for (int i = 0; i < values.size(); i++) {
      values.doubles()[i] = size * random.nextGaussian();
    }
    return values;
  }

  private static Tensor between(Tensor a, Tensor b) {
    Tensor middle = Tensor.zeros(DType.FLOAT64, a.shape());
    for (int i = 0; i < middle.size(); i++) {
      middle.doubles()[i] = (a.get(i) + b.get(i)) / 2;
    }
    return middle;
  }

  private Tensor run(LayerAnalysis layer, List<Tensor> taken) {
    Weights weights = new Weights(exact, layer.name());
    return layer.layer() instanceof MergeLayer merge
        ? merge.forward(taken, weights, Pass.inference())
        : layer.layer().forward(taken.get(0), weights, Pass.inference());
  }

  /** The output of a stretch for inputs of its first layer, {@code (N, in)} to {@code (N, out)}. */
  private Tensor run(Tensor inputs, int from, int to) {
    int batch = inputs.dim(0);
    List<LayerAnalysis> layers = evidence.networkFor(batch).report().layers();
    Tensor[] outputs = new Tensor[to];
    for (int node = from; node < to; node++) {
      LayerAnalysis layer = layers.get(node);
      List<Tensor> taken = new ArrayList<>();
      for (int i = 0; i < layer.inputs().size(); i++) {
        int source = layer.inputs().get(i);
        Tensor given = source < from ? inputs : outputs[source];
        taken.add(given.reshape(layer.takenShapes().get(i).sizes()));
      }
      outputs[node] = run(layer, taken);
    }
    return outputs[to - 1].reshape(batch, outputs[to - 1].size() / batch);
  }

  private Finding collapse(List<LayerAnalysis> layers, int from, int to, boolean isWhole) {
    int in = (int) (layers.get(from).taken().elements().value() / trials);
    int out = (int) (layers.get(to - 1).output().elements().value() / trials);
    String claim =
        subject(layers, from, to, isWhole)
            + (isWhole ? " equals " : " equal ")
            + "one matrix of "
            + out
            + " x "
            + in
            + " and a bias";
    String cure =
        "activations that are not linear: ReLU, or LeakyReLU of a slope far from 1, between the"
            + " layers";
    if (in > LARGEST || (long) in * out > MOST_ELEMENTS) {
      return new Finding(
          Kind.LINEAR_COLLAPSE,
          layers.get(from).name(),
          Double.NaN,
          TOLERANCE,
          true,
          claim + ", too large to be shown",
          cure);
    }
    AffineMap map = map(in, from, to);
    Tensor[] seen = seen(from, to);
    int samples = seen[0].dim(0);
    double scale = 0;
    for (int i = 0; i < seen[1].size(); i++) {
      scale = Math.max(scale, Math.abs(seen[1].get(i)));
    }
    double deviation = deviation(map, seen[0], seen[1]);
    return new Finding(
        Kind.LINEAR_COLLAPSE,
        layers.get(from).name(),
        deviation,
        1e-4 * Math.max(scale, 1),
        true,
        claim
            + "; on "
            + samples
            + (samples == 1 ? " sample" : " samples")
            + " the largest deviation is "
            + figure(deviation)
            + ", of outputs up to "
            + figure(scale),
        cure,
        map);
  }

  /** The largest distance between what the map gives and what the layers gave. */
  private static double deviation(AffineMap map, Tensor inputs, Tensor outputs) {
    int in = map.weight().dim(1);
    int out = map.weight().dim(0);
    double deviation = 0;
    for (int sample = 0; sample < inputs.dim(0); sample++) {
      for (int row = 0; row < out; row++) {
        double sum = map.bias().get(row);
        for (int column = 0; column < in; column++) {
          sum += map.weight().get(row * in + column) * inputs.get(sample * in + column);
        }
        deviation = Math.max(deviation, Math.abs(outputs.get(sample * out + row) - sum));
      }
    }
    return deviation;
  }

  private static String subject(List<LayerAnalysis> layers, int from, int to, boolean isWhole) {
    String last = layers.get(to - 1).name();
    return isWhole
        ? "all activations are linear, so that the network"
            + (to < layers.size() ? " up to layer '" + last + "'" : "")
        : "layers '"
            + layers.get(from).name()
            + "' to '"
            + last
            + "' have linear activations only, so that they";
  }

  /** What some samples become before a stretch and after it, by the network itself. */
  private Tensor[] seen(int from, int to) {
    int count = Math.min(SAMPLES, evidence.data().size());
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = i;
    }
    Tensor inputs = evidence.data().select(rows).inputs();
    Tensor[] seen = {inputs, null};
    RunnableNetwork network = evidence.networkFor(count);
    List<LayerAnalysis> layers = network.report().layers();
    int before = layers.get(from).inputs().get(0);
    network.forward(
        inputs,
        evidence.weights(),
        Pass.inference(),
        (layer, output) -> {
          int node = layers.indexOf(layer);
          seen[0] = node == before ? output : seen[0];
          seen[1] = node == to - 1 ? output : seen[1];
          return node == before || node == to - 1;
        });
    return seen;
  }

  /** What 0 becomes is the bias; what each unit vector becomes, without it, a column. */
  private AffineMap map(int in, int from, int to) {
    Tensor bias = run(Tensor.zeros(DType.FLOAT64, 1, in), from, to);
    int out = bias.size();
    Tensor weight = Tensor.zeros(DType.FLOAT64, out, in);
    for (int first = 0; first < in; first += SAMPLES) {
      int count = Math.min(SAMPLES, in - first);
      Tensor units = Tensor.zeros(DType.FLOAT64, count, in);
      for (int i = 0; i < count; i++) {
        units.doubles()[i * in + first + i] = 1;
      }
      Tensor columns = run(units, from, to);
      for (int i = 0; i < count; i++) {
        for (int row = 0; row < out; row++) {
          weight.doubles()[row * in + first + i] = columns.get(i * out + row) - bias.get(row);
        }
      }
    }
    return new AffineMap(weight, bias.reshape(out));
  }
}
