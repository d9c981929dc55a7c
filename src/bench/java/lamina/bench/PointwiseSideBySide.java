package lamina.bench;

import ai.onnxruntime.OrtException;
import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import lamina.kernel.Rounding;
import lamina.kernel.Window;
import lamina.op.Activation;
import lamina.op.AveragePooling;
import lamina.op.MaxPooling;
import lamina.op.Normalization;
import lamina.op.PoolWindows;
import lamina.op.activation.ActivationKind;
import lamina.op.activation.Activations;
import lamina.tensor.Tensor;

/**
 * Times poolings, activations and normalisations as {@link SideBySide} times convolutions: float32,
 * forward, each with the array of its output. Speeds are input and output over time.
 */
final class PointwiseSideBySide {
  private final String word;

  /** Keeps the compiler from dropping work whose result nobody reads. */
  private volatile Tensor last;

  private PointwiseSideBySide(String word) {
    this.word = word;
  }

  /** Prints one row for each operation whose name contains the word. */
  static void print(String word) throws OrtException {
    SideBySide.heading("ONNX Runtime GB/s", "lamina GB/s");
    PointwiseSideBySide rows = new PointwiseSideBySide(word);
    rows.poolings();
    rows.activations();
    rows.normalizations();
  }

  private void poolings() throws OrtException {
    for (int[] p : new int[][] {{64, 112, 2, 2, 0}, {64, 112, 3, 2, 1}, {256, 14, 3, 1, 1}}) {
      int size = p[1];
      Window window = square(p[2], p[3], p[4]);
      PoolWindows windows = new PoolWindows.Sliding(window, Rounding.FLOOR);
      int[] shape = {1, p[0], size, size};
      String name = p[0] + ", " + size + "², " + p[2] + "×" + p[2] + " s" + p[3] + " p" + p[4];
      compare(
          "max pool " + name,
          windowed("MaxPool", window, shape),
          new MaxPooling(windows)::forward,
          shape);
      compare(
          "average pool " + name,
          windowed("AveragePool", window, shape),
          new AveragePooling(windows, false, 0)::forward,
          shape);
    }
    compare(
        "global average pool 512, 14²",
        model("GlobalAveragePool", 1, 512, 14, 14),
        AveragePooling.adaptive(1, 1)::forward,
        1,
        512,
        14,
        14);
  }

  private static Window square(int kernel, int stride, int pad) {
    int[] pads = {pad, pad};
    return new Window(
        new int[] {kernel, kernel}, new int[] {stride, stride}, new int[] {1, 1}, pads, pads);
  }

  private static OnnxModel windowed(String operator, Window window, int... shape) {
    int pad = window.padBefore()[0];
    return model(operator, shape)
        .attribute("kernel_shape", window.kernel())
        .attribute("strides", window.stride())
        .attribute("pads", pad, pad, pad, pad);
  }

  private void activations() throws OrtException {
    activation("Relu", Activations.of("relu"));
    activation("LeakyRelu", Activations.of("leaky-relu"));
    activation("Sigmoid", Activations.of("sigmoid"));
    activation("Tanh", Activations.of("tanh"));
    activation("Elu", Activations.of("elu"));
    activation("Softplus", Activations.of("softplus"));
    activation("HardSwish", Activations.of("hard-swish"));
    Activation softmax = Activation.of(Activations.of("softmax"));
    compare("softmax 64, 1000", model("Softmax", 64, 1000), softmax::forward, 64, 1000);
    compare("softmax 4096, 10", model("Softmax", 4096, 10), softmax::forward, 4096, 10);
    Activation logSoftmax = Activation.of(Activations.of("log-softmax"));
    compare("log-softmax 64, 1000", model("LogSoftmax", 64, 1000), logSoftmax::forward, 64, 1000);
  }

  private void activation(String operator, ActivationKind kind) throws OrtException {
    Activation f = Activation.of(kind);
    compare(kind.label() + " 64, 56²", model(operator, 1, 64, 56, 56), f::forward, 1, 64, 56, 56);
  }

  private void normalizations() throws OrtException {
    float[] weight = values(64);
    float[] bias = values(64);
    float[] mean = values(64);
    float[] variance = new float[64];
    Arrays.fill(variance, 2);
    compare(
        "batch norm 64, 56²",
        model("BatchNormalization", 1, 64, 56, 56)
            .weights("w", weight, 64)
            .weights("b", bias, 64)
            .weights("m", mean, 64)
            .weights("v", variance, 64),
        x ->
            Normalization.batch(
                    x,
                    Tensor.of(mean, 64),
                    Tensor.of(variance, 64),
                    Tensor.of(weight, 64),
                    Tensor.of(bias, 64),
                    1e-5)
                .output(),
        1,
        64,
        56,
        56);
    float[] scale = values(768);
    float[] shift = values(768);
    compare(
        "layer norm 128, 768",
        model("LayerNormalization", 128, 768).weights("w", scale, 768).weights("b", shift, 768),
        x ->
            Normalization.layer(
                    x, new int[] {768}, Tensor.of(scale, 768), Tensor.of(shift, 768), 1e-5)
                .output(),
        128,
        768);
  }

  private static OnnxModel model(String operator, int... shape) {
    return new OnnxModel(operator).input("x", shape);
  }

  private void compare(String name, OnnxModel model, UnaryOperator<Tensor> here, int... shape)
      throws OrtException {
    if (!name.contains(word)) {
      return;
    }
    Tensor x = Tensor.of(values(Tensor.elements(shape)), shape);
    Tensor y = here.apply(x);
    try (Peer peer = new Peer(model.output("y", y.shape()))) {
      peer.bind("x", x.floats(), shape);
      SideBySide.checkEqual(name, y.floats(), peer.output());
      double gigaBytes = 1e-9 * Float.BYTES * (x.size() + y.size());
      SideBySide.report(name, gigaBytes, peer::run, () -> last = here.apply(x));
    }
  }

  /** Numbers from −4 to 4. */
  private static float[] values(int size) {
    Random random = new Random(5);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = 8 * random.nextFloat() - 4;
    }
    return values;
  }
}
