package lamina.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.op.Resampling;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * Interpolation of the spatial axes of {@code (N, C, spatial...)}: Upsample, UpsamplingNearest2d,
 * UpsamplingBilinear2d.
 *
 * @param type which of them
 * @param sizes the sizes of the output, one for all or one an axis; null for factors
 * @param factors what sizes are multiplied by, rounded down; null for sizes
 * @param alignCorners whether the corner elements keep their values
 */
public record Upsample(
    String type, int[] sizes, double[] factors, String mode, boolean alignCorners)
    implements Layer {

  static final LayerType TYPE =
      new LayerType(
          "Upsample",
          "size=None, scale_factor=None, mode='nearest', align_corners=None,"
              + " recompute_scale_factor=None",
          "enlargement by nearest neighbours or interpolation") {
        @Override
        public Layer layer(LayerArguments args) {
          return Upsample.of(args);
        }
      }.keras("UpSampling#D").onnx("Resize Upsample");

  /** print(model) shows the mode of these too. */
  static final LayerType FIXED =
      new LayerType(
          "UpsamplingNearest2d UpsamplingBilinear2d",
          "size=None, scale_factor=None, mode=None",
          "enlargement of images; bilinear keeps the corners") {
        @Override
        public Layer layer(LayerArguments args) {
          return Upsample.of(args);
        }
      };

  private static Layer of(LayerArguments args) {
    boolean general = args.type().equals("Upsample");
    if (args.isNone("size") == args.isNone("scale_factor")) {
      throw args.error("needs either size or scale_factor");
    }
    String mode = args.type().equals("UpsamplingBilinear2d") ? "bilinear" : "nearest";
    boolean align = mode.equals("bilinear");
    if (!general && !args.isNone("mode")) {
      args.word("mode", mode);
    }
    if (general) {
      mode =
          args.word(
              "mode", "nearest", "linear", "bilinear", "bicubic", "trilinear", "nearest-exact");
      align = !args.isNone("align_corners") && args.flag("align_corners");
    }
    int[] sizes = args.isNone("size") ? null : args.list("size", 1);
    double[] factors = args.isNone("scale_factor") ? null : factors(args);
    boolean isRecomputed =
        general && !args.isNone("recompute_scale_factor") && args.flag("recompute_scale_factor");
    if (isRecomputed && factors != null) {
      for (double factor : factors) {
        // Whole factors are those of the sizes anyway.
        if (factor != Math.rint(factor)) {
          throw args.error(
              "recompute_scale_factor", "is supported with whole factors; give size", true);
        }
      }
    }
    return new Upsample(args.type(), sizes, factors, mode, align);
  }

  private static double[] factors(LayerArguments args) {
    Object value = args.value("scale_factor");
    List<?> list = value instanceof List<?> several ? several : Arrays.asList(value);
    double[] factors = new double[list.size()];
    for (int i = 0; i < factors.length; i++) {
      if (!(list.get(i) instanceof Number number) || !(number.doubleValue() > 0)) {
        throw args.error("scale_factor", "must be above 0", value);
      }
      factors[i] = number.doubleValue();
    }
    return factors;
  }

  @Override
  public Ranks ranks() {
    if (type.endsWith("2d")) {
      return new Ranks(4, 4, 3);
    }
    return switch (mode) {
      case "linear" -> new Ranks(3, 3, 2);
      case "bilinear", "bicubic" -> new Ranks(4, 4, 3);
      case "trilinear" -> new Ranks(5, 5, 4);
      default -> new Ranks(3, 5, -1);
    };
  }

  @Override
  public Shape output(Shape input) {
    int axes = input.rank() - 2;
    int given = sizes == null ? factors.length : sizes.length;
    if (given != 1 && given != axes) {
      throw new InputException(
          "has "
              + given
              + (sizes == null ? " scale factors" : " sizes")
              + " but the input "
              + input
              + " has "
              + axes
              + " spatial axes");
    }
    Shape output = input;
    for (int axis = 0; axis < axes; axis++) {
      Dim size = input.dim(2 + axis);
      output =
          output.with(
              2 + axis,
              sizes == null
                  ? scaled(size, factor(axis))
                  : Dim.of(sizes[sizes.length == 1 ? 0 : axis]));
    }
    return output;
  }

  private double factor(int axis) {
    return factors[factors.length == 1 ? 0 : axis];
  }

  private static Dim scaled(Dim size, double factor) {
    if (size.isNumber()) {
      double scaled = Math.floor(size.value() * factor);
      if (scaled < 1 || scaled > 1e18) {
        throw new InputException("makes " + size + " elements " + plain(scaled));
      }
      return Dim.of((long) scaled);
    }
    // Exact for factors such as 1.5; others round differently for some sizes.
    for (long denominator = 1; denominator <= 1024; denominator *= 2) {
      double numerator = factor * denominator;
      if (numerator == Math.rint(numerator)) {
        return size.times((long) numerator).floorDiv(denominator);
      }
    }
    throw new InputException(
        "has scale_factor "
            + factor
            + ", whose rounding depends on the number that "
            + size
            + " is; give a number");
  }

  private static String plain(double number) {
    return number < 1e15 ? Long.toString((long) number) : Double.toString(number);
  }

  @Override
  public Reach reach(Shape input) {
    int axes = input.rank() - 2;
    Reach reach = Reach.uniform(axes, mode.startsWith("nearest") ? 0 : 1, 0, 1);
    for (int axis = 0; axis < axes; axis++) {
      Dim in = input.dim(2 + axis);
      Dim out = output(input).dim(2 + axis);
      if (sizes != null && !in.isNumber()) {
        return Reach.ALL;
      }
      double factor = sizes == null ? factor(axis) : (double) out.value() / in.value();
      if (mode.equals("bicubic")) {
        reach.growth()[axis] = 3;
      }
      reach.step()[axis] = 1 / factor;
      reach.offset()[axis] = alignCorners ? 0 : (1 / factor - 1) / 2;
    }
    return reach;
  }

  @Override
  public List<String> explanation(Shape input) {
    List<String> lines = new ArrayList<>();
    for (int axis = 0; axis < input.rank() - 2; axis++) {
      Dim in = input.dim(2 + axis);
      Dim out = output(input).dim(2 + axis);
      String name = SizeFormula.axis(axis, input.rank() - 2) + "_out = ";
      lines.add(
          sizes == null
              ? name + "⌊" + in + " · " + factor(axis) + "⌋ = " + out
              : name + out + ", as size says");
    }
    return lines;
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    int[] size = output(Shape.of(input.shape())).sizes();
    size = Arrays.copyOfRange(size, 2, size.length);
    double[] scale = null;
    if (factors != null) {
      scale = new double[size.length];
      for (int axis = 0; axis < scale.length; axis++) {
        scale[axis] = factor(axis);
      }
    }
    return forward(input, size, scale, pass);
  }

  private Tensor forward(Tensor x, int[] size, double[] scale, Pass pass) {
    Resampling.Mode rule =
        switch (mode) {
          case "nearest" -> Resampling.Mode.NEAREST;
          case "nearest-exact" -> Resampling.Mode.NEAREST_EXACT;
          case "bicubic" -> Resampling.Mode.CUBIC;
          default -> Resampling.Mode.LINEAR;
        };
    Resampling resampling = new Resampling(rule, alignCorners);
    pass.record((dy, gradients) -> resampling.backward(x.shape(), scale, dy));
    return resampling.forward(x, size, scale);
  }
}
