package lamina.layer;

import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * The channels of groups in turns: of {@code g} groups of {@code n} channels, channel {@code c} of
 * group {@code k} becomes channel {@code c·g + k}. Input {@code (N, C, spatial...)}.
 */
public record ChannelShuffle(int groups) implements Layer {
  static final LayerType TYPE =
      new LayerType("ChannelShuffle", "groups", "channels of several groups in turns") {
        @Override
        public Layer layer(LayerArguments args) {
          return new ChannelShuffle(args.integer("groups", 1));
        }
      };

  @Override
  public String type() {
    return "ChannelShuffle";
  }

  @Override
  public boolean countsAxes() {
    return true;
  }

  @Override
  public Ranks ranks() {
    return new Ranks(3, Integer.MAX_VALUE, -1);
  }

  @Override
  public Shape output(Shape input) {
    Dim channels = input.dim(1);
    if (channels.isNumber() && channels.value() % groups != 0) {
      throw new InputException("needs a multiple of " + groups + " channels, not " + channels);
    }
    return input;
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    int perGroup = input.dim(1) / groups;
    pass.record((dy, gradients) -> turned(dy, perGroup, groups));
    return turned(input, groups, perGroup);
  }

  /** Transposes the channels, taken as a matrix of rows and columns. */
  private static Tensor turned(Tensor x, int rows, int columns) {
    int inner = x.size() / (x.dim(0) * rows * columns);
    return x.reshape(x.dim(0), rows, columns, inner).permute(0, 2, 1, 3).reshape(x.shape());
  }
}
