package lamina.layer;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import lamina.kernel.PaddingMode;
import lamina.layer.recurrent.RecurrentLayer;
import lamina.text.NearSpelling;

/** Every layer by the name of its constructor in PyTorch. */
public final class LayerRegistry {
  /** The names of all layers, families together. */
  public static final List<String> NAMES =
      Collections.unmodifiableList(
          Arrays.asList(
              ("Conv1d Conv2d Conv3d LazyConv1d LazyConv2d LazyConv3d"
                      + " ConvTranspose1d ConvTranspose2d ConvTranspose3d"
                      + " LazyConvTranspose1d LazyConvTranspose2d LazyConvTranspose3d"
                      + " MaxPool1d MaxPool2d MaxPool3d AvgPool1d AvgPool2d AvgPool3d"
                      + " LPPool1d LPPool2d LPPool3d"
                      + " AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d"
                      + " AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d"
                      + " Linear LazyLinear Flatten Unflatten RNN LSTM GRU Embedding"
                      + " BatchNorm1d BatchNorm2d BatchNorm3d"
                      + " LazyBatchNorm1d LazyBatchNorm2d LazyBatchNorm3d"
                      + " InstanceNorm1d InstanceNorm2d InstanceNorm3d"
                      + " LazyInstanceNorm1d LazyInstanceNorm2d LazyInstanceNorm3d"
                      + " LayerNorm GroupNorm LocalResponseNorm RMSNorm"
                      + " Dropout Dropout1d Dropout2d Dropout3d AlphaDropout FeatureAlphaDropout"
                      + " ReLU ReLU6 LeakyReLU PReLU RReLU ELU CELU SELU GELU SiLU Mish"
                      + " Sigmoid LogSigmoid Hardsigmoid Tanh Hardtanh Tanhshrink Softshrink"
                      + " Hardshrink Softplus Softsign Hardswish Threshold GLU"
                      + " Softmax LogSoftmax Softmin Softmax2d"
                      + " Upsample UpsamplingNearest2d UpsamplingBilinear2d"
                      + " ZeroPad1d ZeroPad2d ZeroPad3d ConstantPad1d ConstantPad2d ConstantPad3d"
                      + " ReflectionPad1d ReflectionPad2d ReflectionPad3d"
                      + " ReplicationPad1d ReplicationPad2d ReplicationPad3d"
                      + " CircularPad1d CircularPad2d CircularPad3d"
                      + " PixelShuffle PixelUnshuffle Identity Select Permute Transpose Mean Add Mul Concat Sequential")
                  .split(" ")));

  private LayerRegistry() {}

  /**
   * The layer that a call describes.
   *
   * @return null if there is no layer of this name
   * @throws lamina.text.InputException if the arguments do not fit the constructor
   */
  public static Layer create(Call call, Compatibility compatibility) {
    return switch (call.type()) {
      case "Conv1d", "Conv2d", "Conv3d", "LazyConv1d", "LazyConv2d", "LazyConv3d" ->
          Conv.of(call, compatibility);
      case "ConvTranspose1d",
          "ConvTranspose2d",
          "ConvTranspose3d",
          "LazyConvTranspose1d",
          "LazyConvTranspose2d",
          "LazyConvTranspose3d" ->
          ConvTranspose.of(call);
      case "MaxPool1d", "MaxPool2d", "MaxPool3d" -> Pool.max(call, compatibility);
      case "AvgPool1d", "AvgPool2d", "AvgPool3d" -> Pool.average(call, compatibility);
      case "LPPool1d", "LPPool2d", "LPPool3d" -> Pool.lp(call, compatibility);
      case "AdaptiveAvgPool1d",
          "AdaptiveAvgPool2d",
          "AdaptiveAvgPool3d",
          "AdaptiveMaxPool1d",
          "AdaptiveMaxPool2d",
          "AdaptiveMaxPool3d" ->
          AdaptivePool.of(call);
      case "Linear", "LazyLinear", "NonDynamicallyQuantizableLinear" -> Linear.of(call);
      case "Flatten" -> Flatten.of(call);
      case "Unflatten" -> Unflatten.of(call);
      case "RNN", "LSTM", "GRU" -> RecurrentLayer.of(call);
      case "Embedding" -> Embedding.of(call);
      case "BatchNorm1d",
          "BatchNorm2d",
          "BatchNorm3d",
          "LazyBatchNorm1d",
          "LazyBatchNorm2d",
          "LazyBatchNorm3d",
          "InstanceNorm1d",
          "InstanceNorm2d",
          "InstanceNorm3d",
          "LazyInstanceNorm1d",
          "LazyInstanceNorm2d",
          "LazyInstanceNorm3d" ->
          BatchNorm.of(call);
      case "LayerNorm", "RMSNorm" -> LayerNorm.of(call);
      case "GroupNorm" -> GroupNorm.of(call);
      case "LocalResponseNorm" -> LocalResponseNorm.of(call);
      case "Dropout",
          "Dropout1d",
          "Dropout2d",
          "Dropout3d",
          "AlphaDropout",
          "FeatureAlphaDropout" ->
          Dropout.of(call);
      case "Upsample", "UpsamplingNearest2d", "UpsamplingBilinear2d" -> Upsample.of(call);
      case "ZeroPad1d", "ZeroPad2d", "ZeroPad3d" -> Pad.of(call, PaddingMode.Kind.CONSTANT);
      case "ConstantPad1d", "ConstantPad2d", "ConstantPad3d" ->
          Pad.of(call, PaddingMode.Kind.CONSTANT);
      case "ReflectionPad1d", "ReflectionPad2d", "ReflectionPad3d" ->
          Pad.of(call, PaddingMode.Kind.REFLECT);
      case "ReplicationPad1d", "ReplicationPad2d", "ReplicationPad3d" ->
          Pad.of(call, PaddingMode.Kind.REPLICATE);
      case "CircularPad1d", "CircularPad2d", "CircularPad3d" ->
          Pad.of(call, PaddingMode.Kind.CIRCULAR);
      case "PixelShuffle", "PixelUnshuffle" -> PixelShuffle.of(call);
      case "Identity" -> new Identity();
      case "Select" -> Select.of(call);
      case "Permute" -> Permute.of(call);
      case "Transpose" -> Transpose.of(call);
      case "Mean" -> Mean.of(call);
      case "Add" -> Add.of(call);
      case "Mul" -> Mul.of(call);
      case "Concat" -> Concat.of(call);
      default -> ActivationLayer.signature(call.type()) == null ? null : ActivationLayer.of(call);
    };
  }

  /** The end of a message about an unknown layer: the near spelling, or nothing. */
  public static String hint(String type) {
    return NearSpelling.hint(type, NAMES);
  }
}
