package lamina.network.read.family;

import java.util.Arrays;
import java.util.List;
import lamina.network.Node;

/** The families of networks whose {@code forward()} is known. */
public final class Families {
  private static final List<Family> ALL =
      Arrays.asList(
          new SharedBlocks(),
          new ClassifierFamily(),
          new ResNetFamily(),
          new DenseNetFamily(),
          new SqueezeNetFamily(),
          new MobileNetFamily(),
          new ShuffleNetFamily(),
          new GoogLeNetFamily(),
          new InceptionFamily(),
          new EfficientNetFamily(),
          new RegNetFamily(),
          new ConvNeXtFamily(),
          new TransformerFamily(),
          new VisionTransformerFamily(),
          new SwinFamily());

  private Families() {}

  /**
   * The module with its parts joined as its class joins them.
   *
   * @param type its class
   * @param parts as {@code print(model)} lists them
   * @return null if no class of this name is known that has such parts
   */
  public static Node.Container recognise(String name, String type, List<Node> parts) {
    for (Family family : ALL) {
      Wiring wiring = new Wiring(parts);
      if (family.join(type, wiring)) {
        return new Node.Container(name, type, true, wiring.nodes(), null, wiring.origin());
      }
    }
    return null;
  }
}
