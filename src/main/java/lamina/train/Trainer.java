package lamina.train;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.layer.Gradients;
import lamina.layer.Layer.Parameter;
import lamina.layer.Pass;
import lamina.network.LayerAnalysis;
import lamina.network.Network;
import lamina.network.RunnableNetwork;
import lamina.tensor.Buffers;
import lamina.tensor.DType;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import lamina.train.data.Augmentation;
import lamina.train.data.Dataset;

/**
 * Learns the parameters of a network from samples, batch after batch. The seed and the data fix
 * every bit of the result; what an epoch does depends on its number and the state alone, so that a
 * run that is taken up again goes on as if it had never stopped.
 */
public final class Trainer {
  /** Told apart from the seeds of initial values and of other epochs. */
  private static final long SHUFFLE = 0x5851f42d4c957f2dL;

  private final Network network;
  private final Loss loss;
  private final OptimizerSettings optimizer;
  private final Settings settings;
  private final Map<String, Tensor> weights;

  /** What the optimizer keeps of each parameter, by its name. */
  private final Map<String, List<Tensor>> state = new LinkedHashMap<>();

  private final Map<String, Parameter> parameters;
  private final Map<Integer, RunnableNetwork> networks = new LinkedHashMap<>();
  private final int[] sampleShape;

  /** What the tensors of one step live in, and then those of the next. */
  private final Buffers buffers = new Buffers();

  private long steps;

  /**
   * How to train.
   *
   * @param batchSize the samples of a step; the last step of an epoch may have fewer
   * @param clipNorm the largest L2 norm of all gradients together; infinite for no limit
   * @param classWeights a factor of the loss for each class, or null
   * @param augmentation changes images before each step, or null
   */
  public record Settings(
      int batchSize,
      boolean shuffle,
      double clipNorm,
      long seed,
      double[] classWeights,
      Augmentation augmentation) {
    /** Settings without augmentation. */
    public Settings(
        int batchSize, boolean shuffle, double clipNorm, long seed, double[] classWeights) {
      this(batchSize, shuffle, clipNorm, seed, classWeights, null);
    }
  }

  /**
   * What one step found, before it changed the parameters.
   *
   * @param right how many of the classes were right
   * @param counted of how many: one a sample, or one for each step of them
   */
  public record Step(double loss, int right, int counted, Map<String, Double> gradientNorms) {}

  /** Loss and accuracy over all samples; the accuracy is NaN without classes. */
  public record Score(double loss, double accuracy) {}

  /**
   * A trainer for samples of a shape.
   *
   * @param weights the initial weights by full name; they are changed
   * @throws InputException if the network does not fit the samples
   */
  public Trainer(
      Network network,
      int[] sampleShape,
      Loss loss,
      OptimizerSettings optimizer,
      Settings settings,
      Map<String, Tensor> weights) {
    this.network = network;
    this.sampleShape = sampleShape.clone();
    this.loss = loss;
    this.optimizer = optimizer;
    this.settings = settings;
    this.weights = weights;
    RunnableNetwork one = networkFor(1);
    this.parameters = one.parameters();
    for (LayerAnalysis layer : one.report().layers()) {
      if (layer.layer().stepsFirst()) {
        throw new InputException(
            "layer '"
                + layer.name()
                + "' "
                + layer.text()
                + " takes (T, N, ...), but the first axis of a batch counts the samples; add"
                + " batch_first=True");
      }
    }
    for (Map.Entry<String, Parameter> entry : parameters.entrySet()) {
      if (entry.getValue().trained()) {
        state.put(entry.getKey(), optimizer.at(1).start(weights.get(entry.getKey())));
      }
    }
  }

  /** The weights as they are now, by full name. */
  public Map<String, Tensor> weights() {
    return weights;
  }

  /** A copy of the weights as they are now. */
  public Map<String, Tensor> snapshot() {
    Map<String, Tensor> copies = new LinkedHashMap<>();
    weights.forEach(
        (name, tensor) -> copies.put(name, tensor.dtype() == DType.INT64 ? tensor : copy(tensor)));
    return copies;
  }

  /** What the optimizer keeps, in the order of its {@link Optimizer#stateNames}. */
  public Map<String, List<Tensor>> state() {
    return state;
  }

  /** The steps made so far. */
  public long steps() {
    return steps;
  }

  /**
   * Goes on where another run stopped.
   *
   * @param kept what the optimizer keeps of each parameter
   * @param source where it stands, for messages
   * @throws InputException if it is not what this optimizer keeps of these parameters
   */
  public void resume(Map<String, List<Tensor>> kept, long stepsMade, String source) {
    for (Map.Entry<String, List<Tensor>> own : state.entrySet()) {
      List<Tensor> read = kept.getOrDefault(own.getKey(), List.of());
      boolean fits = read.size() == own.getValue().size();
      for (int i = 0; fits && i < read.size(); i++) {
        fits = Arrays.equals(read.get(i).shape(), own.getValue().get(i).shape());
      }
      if (!fits) {
        throw new InputException(
            source
                + ": is damaged: what "
                + optimizer.name()
                + " keeps of '"
                + own.getKey()
                + "' is not "
                + own.getValue().stream().map(each -> Tensor.text(each.shape())).toList());
      }
      own.setValue(read);
    }
    steps = stepsMade;
  }

  /** How to count what a step of this network finds; nothing is counted yet. */
  public GradientStatistics statistics() {
    return new GradientStatistics(networkFor(1).report());
  }

  /** The network for batches of a size. */
  public RunnableNetwork networkFor(int batch) {
    RunnableNetwork known = networks.get(batch);
    if (known == null) {
      int[] shape = new int[sampleShape.length + 1];
      shape[0] = batch;
      System.arraycopy(sampleShape, 0, shape, 1, sampleShape.length);
      known = RunnableNetwork.of(network, shape);
      networks.put(batch, known);
    }
    return known;
  }

  /** Hears of each step of an epoch. */
  public interface Progress {
    /**
     * Is called after each step.
     *
     * @param samples how many samples of the epoch were seen
     */
    void stepped(int samples, Score soFar);
  }

  /**
   * One epoch: every sample once.
   *
   * @param epoch counted from 0
   * @param rate the learning rate
   * @param statistics gathers the figures of the gradients; may be null
   * @return the mean loss and the accuracy, each of a batch before its step
   * @throws NonFiniteLoss if the loss or its gradient is no finite number any more
   */
  public Score epoch(
      Dataset data, int epoch, double rate, GradientStatistics statistics, Progress progress) {
    int[] order = order(data.size(), epoch);
    double sum = 0;
    int right = 0;
    int counted = 0;
    Tensor inputs = null;
    Tensor targets = null;
    for (int from = 0; from < order.length; from += settings.batchSize()) {
      int count = Math.min(settings.batchSize(), order.length - from);
      if (inputs == null || inputs.dim(0) != count) {
        inputs = rows(data.inputs(), count);
        targets = rows(data.targets(), count);
      }
      data.gather(order, from, count, inputs, targets);
      if (settings.augmentation() != null) {
        settings.augmentation().apply(inputs, count, (long) epoch * order.length + from);
      }
      Step step = step(inputs, targets, rate, statistics);
      sum += step.loss() * count;
      right += step.right();
      counted += step.counted();
      int seen = from + count;
      progress.stepped(seen, new Score(sum / seen, accuracy(data, right, counted)));
    }
    return new Score(sum / order.length, accuracy(data, right, counted));
  }

  private static double accuracy(Dataset data, int right, int counted) {
    return data.classes() == null ? Double.NaN : (double) right / counted;
  }

  private static Tensor rows(Tensor all, int count) {
    int[] shape = all.shape();
    shape[0] = count;
    return Tensor.zeros(all.dtype(), shape);
  }

  private int[] order(int size, int epoch) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      order[i] = i;
    }
    if (settings.shuffle()) {
      RandomNumbers random = new RandomNumbers(settings.seed() ^ (SHUFFLE * (epoch + 1L)));
      for (int i = size - 1; i > 0; i--) {
        int other = (int) random.nextLong(i + 1L);
        int kept = order[i];
        order[i] = order[other];
        order[other] = kept;
      }
    }
    return order;
  }

  /**
   * One step on one batch.
   *
   * @param statistics may be null
   */
  public Step step(Tensor inputs, Tensor wanted, double rate, GradientStatistics statistics) {
    buffers.open();
    try {
      return stepInBuffers(inputs, wanted, rate, statistics);
    } finally {
      buffers.close();
    }
  }

  private Step stepInBuffers(
      Tensor inputs, Tensor wanted, double rate, GradientStatistics statistics) {
    RunnableNetwork runnable = networkFor(inputs.dim(0));
    Pass pass = passOfStep().observedBy(statistics);
    Tensor given =
        statistics == null
            ? runnable.forward(inputs, weights, pass)
            : runnable.forward(inputs, weights, pass, statistics);
    checkOutput(given, wanted);
    Answers answers = Answers.of(given, wanted, loss.kind().hasClasses());
    Tensor output = answers.output();
    Tensor targets = answers.targets();
    Loss weighted = loss.weighted(settings.classWeights());
    double value = weighted.forward(output, targets).get(0);
    Tensor dy = weighted.backward(output, targets);
    if (!Double.isFinite(value)) {
      throw NonFiniteLoss.forward(
          value, steps + 1, runnable, inputs, new LinkedHashMap<>(weights), passOfStep());
    }
    Gradients gradients = new Gradients();
    pass.backward(answers.gradient(dy), gradients);
    Map<String, Double> norms = new LinkedHashMap<>();
    double all = 0;
    for (String name : state.keySet()) {
      Tensor gradient = gradients.byName().get(name);
      double norm =
          gradient == null
              ? 0
              : statistics == null ? Norms.norm(gradient) : statistics.addGradient(name, gradient);
      norms.put(name, norm);
      all += norm * norm;
    }
    if (!Double.isFinite(all)) {
      throw NonFiniteLoss.backward(value, steps + 1, runnable, norms);
    }
    steps++;
    double scale = settings.clipNorm() / (Math.sqrt(all) + 1e-6);
    update(gradients, Math.min(1, scale), optimizer.at(rate), statistics);
    boolean areClasses = loss.kind().hasClasses();
    return new Step(
        value, areClasses ? answers.right() : 0, areClasses ? answers.counted() : 0, norms);
  }

  /** Changes the weights by their gradients, which are scaled before. */
  private void update(
      Gradients gradients, double scale, Optimizer rule, GradientStatistics statistics) {
    for (Map.Entry<String, List<Tensor>> kept : state.entrySet()) {
      Tensor gradient = gradients.byName().get(kept.getKey());
      if (gradient != null) {
        if (scale < 1) {
          scale(gradient, scale);
        }
        Tensor parameter = weights.get(kept.getKey());
        Tensor before = statistics == null ? null : copy(parameter);
        rule.step(Math.toIntExact(steps), parameter, gradient, kept.getValue());
        if (statistics != null) {
          statistics.addUpdate(kept.getKey(), moved(before, parameter));
        }
      }
    }
  }

  /**
   * A pass for the step at hand. All of a step draw the same for dropout, by its number, wherever
   * the training began.
   */
  private Pass passOfStep() {
    return Pass.training(settings.seed() + 31 * steps).withoutInputGradient();
  }

  private void checkOutput(Tensor output, Tensor targets) {
    if (!loss.kind().hasClasses() && !Arrays.equals(output.shape(), targets.shape())) {
      throw new InputException(
          "the network gives "
              + Tensor.text(output.shape())
              + " but the targets of a batch are "
              + Tensor.text(targets.shape()));
    }
  }

  /** Loss and accuracy in evaluation mode. */
  public Score evaluate(Dataset data) {
    double[] sum = new double[1];
    int[] right = new int[2];
    answers(
        data,
        settings.batchSize(),
        (from, answers) -> {
          int count = Math.min(settings.batchSize(), data.size() - from);
          sum[0] += loss.forward(answers.output(), answers.targets()).get(0) * count;
          if (loss.kind().hasClasses()) {
            right[0] += answers.right();
            right[1] += answers.counted();
          }
        });
    return new Score(sum[0] / data.size(), accuracy(data, right[0], right[1]));
  }

  /** Hears of the outputs for some samples. */
  public interface Answered {
    /**
     * Is called for each batch.
     *
     * @param from the first sample
     * @param answers what becomes invalid with the end of the call
     */
    void take(int from, Answers answers);
  }

  /**
   * The outputs for all samples, in evaluation mode.
   *
   * @param batch how many samples to run at a time
   */
  public void answers(Dataset data, int batch, Answered each) {
    for (int from = 0; from < data.size(); from += batch) {
      int[] order = new int[Math.min(batch, data.size() - from)];
      for (int i = 0; i < order.length; i++) {
        order[i] = from + i;
      }
      buffers.open();
      try {
        Tensor inputs = rows(data.inputs(), order.length);
        Tensor targets = rows(data.targets(), order.length);
        data.gather(order, 0, order.length, inputs, targets);
        Tensor output = networkFor(order.length).forward(inputs, weights, Pass.inference());
        checkOutput(output, targets);
        each.take(from, Answers.of(output, targets, loss.kind().hasClasses()));
      } finally {
        buffers.close();
      }
    }
  }

  /** The index of the greatest of some elements, the first of equal ones. */
  public static int greatest(Tensor tensor, int from, int count) {
    int greatest = 0;
    for (int i = 1; i < count; i++) {
      if (tensor.get(from + i) > tensor.get(from + greatest)) {
        greatest = i;
      }
    }
    return greatest;
  }

  private static void scale(Tensor tensor, double factor) {
    if (tensor.dtype() == DType.FLOAT32) {
      float[] values = tensor.floats();
      for (int i = 0; i < values.length; i++) {
        values[i] *= (float) factor;
      }
    } else {
      double[] values = tensor.doubles();
      for (int i = 0; i < values.length; i++) {
        values[i] *= factor;
      }
    }
  }

  /** A copy; within a step it does not outlive that. */
  private static Tensor copy(Tensor tensor) {
    Tensor copy = Tensor.unset(tensor.dtype(), tensor.shape());
    if (tensor.dtype() == DType.FLOAT32) {
      System.arraycopy(tensor.floats(), 0, copy.floats(), 0, copy.size());
    } else {
      System.arraycopy(tensor.doubles(), 0, copy.doubles(), 0, copy.size());
    }
    return copy;
  }

  /**
   * How far a step moved a parameter, in parts of the length that it had. Replaces what it was
   * before.
   */
  private static double moved(Tensor before, Tensor after) {
    double length = Norms.norm(before);
    return length == 0 ? 0 : Norms.distance(after, before) / length;
  }
}
