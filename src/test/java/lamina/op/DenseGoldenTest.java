package lamina.op;

import static lamina.Golden.assertClose;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import lamina.Golden;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.train.Loss;
import lamina.train.LossKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** LinearMap layers, normalisations, embeddings, resampling and losses against PyTorch. */
class DenseGoldenTest {
  private static final double FLOAT64_RTOL = 1e-9;
  private static final double FLOAT64_ATOL = 1e-13;

  /** Half the distance of two floats near 1: what one rounding may be off, relative. */
  private static final double ROUNDING = 0x1p-24;

  private static Stream<Golden> golden() {
    return Stream.of("dense_norm", "loss", "dense_more").flatMap(f -> Golden.read(f).stream());
  }

  @ParameterizedTest
  @MethodSource("golden")
  void agreesWithPyTorchInFloat64(Golden golden) {
    new Case(golden, DType.FLOAT64, FLOAT64_RTOL, FLOAT64_ATOL).check();
  }

  @ParameterizedTest
  @MethodSource("golden")
  void agreesWithPyTorchInFloat32(Golden golden) {
    // Every element rounds once on its way in and once in each sum; 1/σ of groups of 4 elements
    // magnifies that.
    int terms = golden.input(golden.op().equals("embedding") ? "weight" : "x").size();
    new Case(golden, DType.FLOAT32, 64 * ROUNDING, 16 * terms * ROUNDING).check();
  }

  private record Case(Golden golden, DType dtype, double rtol, double atol) {
    Tensor in(String name) {
      return golden.input(name, dtype);
    }

    void output(Tensor actual) {
      assertClose(golden.name() + " output", actual, golden.output(), rtol, atol);
    }

    void gradient(String name, Tensor actual) {
      Tensor expected = golden.grads().get(name);
      if (expected != null) {
        assertClose(golden.name() + " d" + name, actual, expected, rtol, atol);
      }
    }

    void check() {
      switch (golden.op()) {
        case "linear" -> linear();
        case "batch_norm" -> batchNorm();
        case "layer_norm" ->
            normalized(
                Normalization.layer(
                    in("x"),
                    golden.integers("normalized_shape", 2),
                    in("weight"),
                    in("bias"),
                    1e-5));
        case "group_norm" ->
            normalized(
                Normalization.group(
                    in("x"), golden.integer("num_groups"), in("weight"), in("bias"), 1e-5));
        case "instance_norm" ->
            normalized(Normalization.instance(in("x"), in("weight"), in("bias"), 1e-5));
        case "local_response_norm" -> responseNorm();
        case "interpolate" -> interpolate();
        case "pixel_shuffle" -> {
          output(PixelRearrangement.shuffle(in("x"), golden.integer("r")));
          gradient("x", PixelRearrangement.unshuffle(in("dy"), golden.integer("r")));
        }
        case "pixel_unshuffle" -> {
          output(PixelRearrangement.unshuffle(in("x"), golden.integer("r")));
          gradient("x", PixelRearrangement.shuffle(in("dy"), golden.integer("r")));
        }
        case "embedding" -> {
          Tensor indices = golden.input("indices", DType.INT64);
          Long padding = (Long) golden.args().get("padding_idx");
          output(EmbeddingTable.forward(indices, in("weight")));
          gradient(
              "weight",
              EmbeddingTable.backward(
                  indices, in("weight"), in("dy"), padding == null ? null : padding.intValue()));
        }
        default -> loss();
      }
    }

    private void linear() {
      output(LinearMap.forward(in("x"), in("weight"), in("bias")));
      LinearMap.Gradients gradients = LinearMap.backward(in("x"), in("weight"), in("dy"));
      gradient("x", gradients.input());
      gradient("weight", gradients.weight());
      gradient("bias", gradients.bias());
    }

    private void batchNorm() {
      if (!golden.flag("training")) {
        normalized(
            Normalization.batch(
                in("x"),
                in("running_mean"),
                in("running_var"),
                in("weight"),
                in("bias"),
                golden.number("eps")));
        return;
      }
      Normalized step =
          Normalization.batch(in("x"), in("weight"), in("bias"), golden.number("eps"));
      normalized(step);
      double momentum = golden.number("momentum");
      assertClose(
          golden.name() + " running mean",
          Normalization.runningMean(step, in("running_mean"), momentum),
          golden.outputs().get("running_mean"),
          rtol,
          atol);
      assertClose(
          golden.name() + " running variance",
          Normalization.runningVariance(step, in("running_var"), momentum),
          golden.outputs().get("running_var"),
          rtol,
          atol);
    }

    private void normalized(Normalized step) {
      output(step.output());
      Normalized.Gradients gradients = step.backward(in("dy"));
      gradient("x", gradients.input());
      gradient("weight", gradients.weight());
      gradient("bias", gradients.bias());
    }

    private void responseNorm() {
      ResponseNormalization norm =
          new ResponseNormalization(
              golden.integer("size"),
              golden.number("alpha"),
              golden.number("beta"),
              golden.number("k"));
      output(norm.forward(in("x")));
      gradient("x", norm.backward(in("x"), in("dy")));
    }

    private void interpolate() {
      Resampling.Mode mode =
          switch ((String) golden.args().get("mode")) {
            case "nearest" -> Resampling.Mode.NEAREST;
            case "bicubic" -> Resampling.Mode.CUBIC;
            default -> Resampling.Mode.LINEAR;
          };
      Resampling resampling = new Resampling(mode, golden.flag("align_corners"));
      double[] scale =
          golden.args().get("scale_factor") instanceof List<?> list
              ? list.stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray()
              : null;
      int[] shape = golden.output().shape();
      int[] size = Arrays.copyOfRange(shape, 2, shape.length);
      output(resampling.forward(in("x"), size, scale));
      gradient("x", resampling.backward(in("x").shape(), scale, in("dy")));
    }

    private void loss() {
      LossKind kind =
          switch (golden.op()) {
            case "cross_entropy" -> LossKind.CROSS_ENTROPY;
            case "nll_loss" -> LossKind.NLL;
            case "mse_loss" -> LossKind.MSE;
            case "l1_loss" -> LossKind.L1;
            case "smooth_l1_loss" -> LossKind.SMOOTH_L1;
            case "huber_loss" -> LossKind.HUBER;
            case "binary_cross_entropy" -> LossKind.BCE;
            case "binary_cross_entropy_with_logits" -> LossKind.BCE_WITH_LOGITS;
            default -> throw new AssertionError("no test for " + golden.op());
          };
      double parameter = Loss.of(kind).parameter();
      for (String name : List.of("label_smoothing", "parameter")) {
        if (golden.args().containsKey(name)) {
          parameter = golden.number(name);
        }
      }
      Loss.Reduction reduction =
          switch ((String) golden.args().get("reduction")) {
            case "none" -> Loss.Reduction.NONE;
            case "sum" -> Loss.Reduction.SUM;
            default -> Loss.Reduction.MEAN;
          };
      Loss loss = new Loss(kind, reduction, parameter);
      output(loss.forward(in("x"), in("target")));
      gradient("x", loss.backward(in("x"), in("target"), in("dy")));
    }
  }
}
