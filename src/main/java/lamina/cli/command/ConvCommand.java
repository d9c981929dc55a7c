package lamina.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lamina.cli.option.Arguments;
import lamina.cli.option.AxesOptions;
import lamina.cli.option.ConvOptions;
import lamina.cli.option.ConvSettings;
import lamina.cli.option.TensorInputs;
import lamina.layer.Conv;
import lamina.layer.ConvTranspose;
import lamina.layer.Gradients;
import lamina.layer.Layer;
import lamina.layer.Pass;
import lamina.layer.Weights;
import lamina.op.ChannelBias;
import lamina.op.ConvolutionExplanation;
import lamina.op.TensorConvolution;
import lamina.report.ConvolutionDocument;
import lamina.report.Document;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import picocli.CommandLine.Model.CommandSpec;

/** {@code lamina conv}: a convolution, or its gradients, by the layer that networks have. */
public final class ConvCommand extends TensorCommand {
  /** How many elements {@code --explain} writes out. */
  private static final int EXPLAINED_ELEMENTS = 100;

  private final ConvOptions options = new ConvOptions();

  @Override
  void defineOwn(CommandSpec spec) {
    Arguments.define(spec, "INPUT", "0..1", "the input; default: standard input");
    options.addTo(spec);
    Command.examples(
        spec,
        "  lamina conv '[[1,2,3],[4,5,6],[7,8,9]]' -k '[[1,0],[0,-1]]'",
        "  lamina conv image.csv -k kernel.json --padding same --format text",
        "  lamina conv photo.png -k rand:8x3x3x3 --stride 2 -o features.npy",
        "  lamina conv '[1,2,3,4]' -k '[1,2]' --explain",
        "  lamina conv image.csv -k kernel.json --grad 1");
  }

  @Override
  Operation prepare(Arguments arguments, TensorInputs inputs) {
    ConvSettings settings = options.read(arguments.usage());
    Tensor kernel = inputs.read(options.kernel());
    Tensor bias = inputs.read(options.bias());
    return new Convolving(settings, kernel, bias, inputs.read(options.gradient()));
  }

  /**
   * A convolution of one input after another.
   *
   * @param bias or null
   * @param gradient of the output, or null
   */
  private record Convolving(ConvSettings settings, Tensor kernel, Tensor bias, Tensor gradient)
      implements Operation {
    @Override
    public Document apply(Tensor input) {
      int axes = settings.dims() == 0 ? AxesOptions.ofKernel(kernel, input) : settings.dims();
      SpatialAxes spatial = new SpatialAxes(input, axes, settings.layout());
      Tensor x = spatial.canonical();
      KernelAxes kernelAxes =
          new KernelAxes(kernel, axes, settings.kernelLayout(), settings.transpose(), x.dim(1));
      Tensor w = flipped(kernelAxes.canonical());
      Layer layer = settings.layer(w, bias != null);
      Pass pass = gradient == null ? Pass.inference() : Pass.evaluation();
      Tensor y = layer.forward(x, weights(w), pass);
      Document document = new Document(spatial.restore(y));
      if (gradient != null) {
        Tensor dy = spatial.canonicalGradient("--grad", gradient, y.shape());
        Gradients gradients = new Gradients();
        Tensor dx = pass.backward(dy, gradients);
        Tensor dw = flipped(gradients.byName().get("0.weight"));
        Tensor db = bias == null ? ChannelBias.backward(dy) : gradients.byName().get("0.bias");
        document
            .put("grad_input", spatial.restore(dx))
            .put("grad_kernel", kernelAxes.restore(dw))
            .put("grad_bias", bias == null ? db : db.reshape(bias.shape()));
      }
      return settings.explain()
          ? document.put("explain", explanation(layer, spatial, w, y))
          : document;
    }

    private Tensor flipped(Tensor w) {
      return settings.flip() ? TensorConvolution.flip(w) : w;
    }

    /** By the names that the parameters of a network's only layer have. */
    private Weights weights(Tensor w) {
      if (bias == null) {
        return new Weights(Map.of("0.weight", w), "0");
      }
      Tensor b = bias.rank() == 0 && settings.filters(w) == 1 ? bias.reshape(1) : bias;
      return new Weights(Map.of("0.weight", w, "0.bias", b), "0");
    }

    private Document explanation(Layer layer, SpatialAxes spatial, Tensor w, Tensor y) {
      Tensor x = spatial.canonical();
      int most = EXPLAINED_ELEMENTS;
      List<String> sums =
          layer instanceof Conv conv
              ? ConvolutionExplanation.sums(conv.convolution(x), x, w, bias, y, most)
              : ConvolutionExplanation.transposedSums(
                  ((ConvTranspose) layer).convolution(), x, w, bias, y, most);
      List<String> indices = new ArrayList<>();
      for (int i = 0; i < sums.size(); i++) {
        indices.add(spatial.index(i, y.shape()));
      }
      List<String> sizes = layer.explanation(Shape.of(x.shape()));
      return ConvolutionDocument.of(sizes, indices, sums, y.size());
    }
  }
}
