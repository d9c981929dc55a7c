package lamina.layer;

/**
 * Elements or whole channels that are zero at random in training: Dropout, Dropout1d to 3d,
 * AlphaDropout, FeatureAlphaDropout.
 *
 * @param type which of them
 * @param p the probability
 */
public record Dropout(String type, double p) implements Layer {
  static Layer of(Call call) {
    LayerArguments args = call.bind("p=0.5, inplace=False");
    args.flag("inplace");
    return new Dropout(call.type(), args.number("p", 0, 1));
  }
}
