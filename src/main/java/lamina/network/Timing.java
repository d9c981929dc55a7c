package lamina.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.kernel.Backends;
import lamina.kernel.Kernels;
import lamina.kernel.Matrix;
import lamina.layer.Gradients;
import lamina.layer.Pass;
import lamina.tensor.Buffers;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * Measures how long a network takes, each layer and in all: whole passes one after another, the
 * first ones to warm up, and the median of the others.
 */
public final class Timing {
  private static final int PEAK_SIZE = 512;

  /** More multiply-accumulates than any measurement makes. */
  private static final long ENDLESS = 1L << 50;

  /** By what part a time must be shorter to count as faster. */
  private static final double FASTER = 0.9;

  private final RunnableNetwork model;
  private final List<Tensor> inputs;
  private final Map<String, Tensor> weights;
  private final boolean backward;

  /** Arrays that a pass takes over from the one before. */
  private final Buffers buffers = new Buffers();

  private final Pass.Prepared prepared = new Pass.Prepared();

  /** One row a pass: seconds of each layer, and last of the whole. */
  private final List<double[]> passes = new ArrayList<>();

  /**
   * A measurement of a network on an input, in evaluation mode; with {@code backward} in training
   * mode, with the gradients of all parameters.
   */
  public Timing(
      RunnableNetwork model, Tensor input, Map<String, Tensor> weights, boolean backward) {
    this(model, List.of(input), weights, backward);
  }

  /** As the other, on all inputs of a file's graph. */
  public Timing(
      RunnableNetwork model, List<Tensor> inputs, Map<String, Tensor> weights, boolean backward) {
    this.model = model;
    this.inputs = inputs;
    this.weights = new LinkedHashMap<>(weights);
    this.backward = backward;
  }

  /** The network that is timed. */
  public RunnableNetwork model() {
    return model;
  }

  /** Warms up for half of the time, then measures at least 3 passes and for the time given. */
  public void measure(double seconds) {
    long warm = System.nanoTime() + (long) (seconds / 2 * 1e9);
    do {
      pass();
    } while (System.nanoTime() < warm);
    passes.clear();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    do {
      passes.add(pass());
    } while (System.nanoTime() < end || passes.size() < 3);
  }

  /** How many passes were measured. */
  public int passes() {
    return passes.size();
  }

  /** The median seconds of a layer, or with the number of layers as index those of the whole. */
  public double median(int layer) {
    double[] times = new double[passes.size()];
    for (int i = 0; i < times.length; i++) {
      times[i] = passes.get(i)[layer];
    }
    Arrays.sort(times);
    int middle = times.length / 2;
    return times.length % 2 == 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2;
  }

  private double[] pass() {
    buffers.open();
    try {
      return timedPass();
    } finally {
      if (backward) {
        buffers.close();
      } else {
        // What layers have prepared for the next pass must stay.
        buffers.leave();
      }
    }
  }

  private double[] timedPass() {
    int layers = model.report().layers().size();
    double[] seconds = new double[layers + 1];
    Pass pass = backward ? Pass.training(1).withoutInputGradient() : Pass.inference(prepared);
    long start = System.nanoTime();
    Marks marks = new Marks(seconds, start, pass);
    Tensor output = model.forward(inputs, weights, pass, marks);
    if (backward) {
      Tensor dy = Tensor.zeros(output.dtype(), output.shape());
      marks.last = System.nanoTime();
      pass.backward(dy, new Gradients());
      marks.end(-1);
    }
    seconds[layers] = (System.nanoTime() - start) * 1e-9;
    return seconds;
  }

  /** Notes when each layer ends, forward, and by steps of its own on the pass backward. */
  private static final class Marks implements RunnableNetwork.Listener {
    private final double[] seconds;
    private final Pass pass;
    private long last;
    private int layer;
    private int running = -1;

    Marks(double[] seconds, long start, Pass pass) {
      this.seconds = seconds;
      this.last = start;
      this.pass = pass;
    }

    @Override
    public boolean ran(LayerAnalysis report, Tensor output) {
      running = layer;
      int ended = layer++;
      end(ended);
      running = -1;
      pass.recordTrained(
          (dy, gradients) -> {
            end(ended);
            return dy;
          });
      return false;
    }

    /** The time since the last mark belongs to the layer that ran; now {@code next} runs. */
    private void end(int next) {
      long now = System.nanoTime();
      if (running >= 0) {
        seconds[running] += (now - last) * 1e-9;
      }
      running = next;
      last = now;
    }
  }

  /**
   * FLOPs a second of a product of two square matrices of 512 rows, the best of many: what this
   * machine reaches with the backend and the threads in use.
   *
   * @param seconds how long to go on after a product that was faster than all before: the kernels
   *     are being compiled at first
   */
  public static double peak(DType dtype, double seconds) {
    Matrix<Object> a = square(dtype);
    Matrix<Object> b = square(dtype);
    Matrix<Object> c = square(dtype);
    double best = Double.MAX_VALUE;
    // All that time's work is announced: the peak is that of the kernels for heavy work.
    Kernels<Object> kernels = Backends.current().forWork(ENDLESS).kernels(dtype);
    long patience = (long) (seconds * 1e9);
    long now = System.nanoTime();
    long end = now + patience;
    do {
      long start = now;
      kernels.multiply(a, b, c, false);
      now = System.nanoTime();
      double time = (now - start) * 1e-9;
      if (time < FASTER * best) {
        end = now + patience;
      }
      best = Math.min(best, time);
    } while (now < end);
    return 2.0 * PEAK_SIZE * PEAK_SIZE * PEAK_SIZE / best;
  }

  private static Matrix<Object> square(DType dtype) {
    Tensor zeros = Tensor.zeros(dtype, PEAK_SIZE, PEAK_SIZE);
    return Matrix.of(zeros.array(), PEAK_SIZE, PEAK_SIZE);
  }
}
