package lamina.bench;

import ai.onnxruntime.OrtException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import lamina.kernel.Backends;
import lamina.kernel.Convolution;
import lamina.kernel.RepeatedConvolution;
import lamina.kernel.Window;

/**
 * Times convolutions, recurrent layers and the rest here and in ONNX Runtime, in turns within one
 * process and on one thread each, by processor time, so that neither the machine's speed of the
 * moment nor other programs decide the ratio. Prints a table: the median of the rounds, and the
 * fastest.
 */
public final class SideBySide {
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();
  private static final int ROUNDS = Integer.getInteger("rounds", 51);
  private static final long SLICE = 10_000_000;

  private SideBySide() {}

  /** Prints one row for each problem whose name contains the first argument, if there is one. */
  public static void main(String[] args) throws OrtException {
    Backends.use(System.getProperty("backend", "vector"));
    heading("ONNX Runtime GFLOP/s", "lamina GFLOP/s");
    for (Problem problem : problems()) {
      if (args.length == 0 || problem.name.contains(args[0])) {
        compare(problem);
      }
    }
    RecurrentSideBySide.print(args.length == 0 ? "" : args[0]);
    PointwiseSideBySide.print(args.length == 0 ? "" : args[0]);
    RecurrentTraining.print(args.length == 0 ? "" : args[0]);
  }

  /** Starts a table of two speeds and their ratio. */
  static void heading(String first, String second) {
    System.out.println();
    System.out.println("| work | " + first + " | " + second + " | ratio | of fastest turns |");
    System.out.println("| --- | --- | --- | --- | --- |");
  }

  record Problem(String name, Convolution conv) {}

  static List<Problem> problems() {
    List<Problem> list = new ArrayList<>();
    list.add(square("3→96, 224², 11×11 s4", 1, 3, 96, 1, 224, 11, 4, 0, 1));
    list.add(square("3→64, 224², 7×7 s2 p3", 1, 3, 64, 1, 224, 7, 2, 3, 1));
    list.add(square("64→64, 56², 3×3 p1", 1, 64, 64, 1, 56, 3, 1, 1, 1));
    list.add(square("128→128, 28², 3×3 p1", 1, 128, 128, 1, 28, 3, 1, 1, 1));
    list.add(square("256→256, 14², 3×3 p1", 1, 256, 256, 1, 14, 3, 1, 1, 1));
    list.add(square("512→512, 7², 3×3 p1", 1, 512, 512, 1, 7, 3, 1, 1, 1));
    list.add(square("64→256, 56², 1×1", 1, 64, 256, 1, 56, 1, 1, 0, 1));
    list.add(square("256→64, 56², 1×1", 1, 256, 64, 1, 56, 1, 1, 0, 1));
    list.add(square("1→32, 28², 5×5, batch 8", 8, 1, 32, 1, 28, 5, 1, 0, 1));
    list.add(square("depthwise 128, 56², 3×3 p1", 1, 128, 128, 128, 56, 3, 1, 1, 1));
    list.add(square("depthwise 256, 28², 3×3 s2 p1", 1, 256, 256, 256, 28, 3, 2, 1, 1));
    list.add(square("64→64, 56², 3×3 d2 p2", 1, 64, 64, 1, 56, 3, 1, 2, 2));
    list.add(square("128→128 in 4 groups, 28², 3×3 p1", 1, 128, 128, 4, 28, 3, 1, 1, 1));
    list.add(square("61→67, 37², 3×3", 1, 61, 67, 1, 37, 3, 1, 0, 1));
    list.add(square("128→128, 56², 3×3 s2 p1", 1, 128, 128, 1, 56, 3, 2, 1, 1));
    list.add(square("512→512, 14², 3×3 s2 p1", 1, 512, 512, 1, 14, 3, 2, 1, 1));
    list.add(square("256→512, 56², 1×1 s2", 1, 256, 512, 1, 56, 1, 2, 0, 1));
    list.add(square("1024→2048, 14², 1×1 s2", 1, 1024, 2048, 1, 14, 1, 2, 0, 1));
    list.add(square("512→2048, 7², 1×1", 1, 512, 2048, 1, 7, 1, 1, 0, 1));
    list.add(square("2048→512, 7², 1×1", 1, 2048, 512, 1, 7, 1, 1, 0, 1));
    list.add(square("64→128, 112², 3×3 p1, batch 8", 8, 64, 128, 1, 112, 3, 1, 1, 1));
    return list;
  }

  private static Problem square(
      String name,
      int batch,
      int in,
      int out,
      int groups,
      int size,
      int kernel,
      int stride,
      int pad,
      int dilation) {
    int outSize = (size + 2 * pad - dilation * (kernel - 1) - 1) / stride + 1;
    Window geometry = new Window(two(kernel), two(stride), two(dilation), two(pad), two(pad));
    Convolution.Algorithm algorithm =
        Convolution.Algorithm.valueOf(System.getProperty("algorithm", "AUTO"));
    return new Problem(
        name,
        new Convolution(batch, in, out, groups, geometry, two(size), two(outSize), algorithm));
  }

  private static int[] two(int value) {
    return new int[] {value, value};
  }

  /** A convolution here and there, with the same arrays. */
  record Contest(Runnable peer, Runnable here, Peer session) {}

  private static void compare(Problem problem) throws OrtException {
    Contest contest = open(problem);
    try (Peer session = contest.session) {
      report(problem.name, 2e-9 * problem.conv.multiplyAccumulates(), session::run, contest.here);
    }
  }

  /** Sets both up and checks that their results are equal. */
  static Contest open(Problem problem) throws OrtException {
    Convolution conv = problem.conv;
    Random random = new Random(3);
    int in = conv.inputSize()[0];
    int out = conv.outputSize()[0];
    Window g = conv.window();
    int kernel = g.kernel()[0];
    int groupIn = conv.inChannels() / conv.groups();
    float[] x = values(random, conv.batch() * conv.inChannels() * in * in);
    float[] w = values(random, conv.outChannels() * groupIn * kernel * kernel);
    float[] bias = values(random, conv.outChannels());
    float[] y = new float[conv.batch() * conv.outChannels() * out * out];
    int pad = g.padBefore()[0];
    OnnxModel model =
        new OnnxModel("Conv")
            .input("x", conv.batch(), conv.inChannels(), in, in)
            .weights("w", w, conv.outChannels(), groupIn, kernel, kernel)
            .weights("b", bias, conv.outChannels())
            .output("y", conv.batch(), conv.outChannels(), out, out)
            .attribute("group", (long) conv.groups())
            .attribute("strides", g.stride())
            .attribute("dilations", g.dilation())
            .attribute("pads", pad, pad, pad, pad);
    Peer peer = new Peer(model);
    peer.bind("x", x, conv.batch(), conv.inChannels(), in, in);
    // Both prepare the kernels once: the peer when it reads its model.
    RepeatedConvolution<float[]> repeated = Backends.current().float32().repeated(conv, w);
    Runnable here = () -> repeated.convolve(x, bias, y);
    here.run();
    checkEqual(problem.name, y, peer.output());
    return new Contest(peer::run, here, peer);
  }

  private static float[] values(Random random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  static void checkEqual(String name, float[] actual, float[] expected) {
    double largest = 0;
    double error = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      error = Math.max(error, Math.abs(actual[i] - expected[i]));
    }
    if (actual.length != expected.length || !(error <= 1e-4 * largest)) {
      throw new IllegalStateException(name + ": results differ by " + error + " of " + largest);
    }
  }

  /** The peer and the same work here, in turns. */
  static void report(String name, double gigaFlops, Runnable peer, Runnable here) {
    report(name, gigaFlops, peer, gigaFlops, here);
  }

  /**
   * Both in turns: the medians of their speeds and of the ratio within a round; and the ratio of
   * their fastest turns, for a machine that is shared has few in which a core is whole.
   */
  static void report(
      String name, double firstAmount, Runnable first, double secondAmount, Runnable second) {
    seconds(second, 150 * SLICE);
    seconds(first, 6 * SLICE);
    double[] ofFirst = new double[ROUNDS];
    double[] ofSecond = new double[ROUNDS];
    double[] ratios = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      ofFirst[round] = firstAmount / seconds(first, SLICE);
      ofSecond[round] = secondAmount / seconds(second, SLICE);
      ratios[round] = ofSecond[round] / ofFirst[round];
    }
    System.out.printf(
        Locale.ROOT,
        "| %s | %.1f | %.1f | %.2f | %.2f |%n",
        name,
        median(ofFirst),
        median(ofSecond),
        median(ratios),
        largest(ofSecond) / largest(ofFirst));
  }

  /** Processor seconds of one call, over as many calls as fill a slice. */
  private static double seconds(Runnable work, long slice) {
    long start = CLOCK.getCurrentThreadCpuTime();
    long now = start;
    int calls = 0;
    while (now - start < slice) {
      work.run();
      calls++;
      now = CLOCK.getCurrentThreadCpuTime();
    }
    return (now - start) * 1e-9 / calls;
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).max().orElseThrow();
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
