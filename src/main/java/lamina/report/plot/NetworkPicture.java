package lamina.report.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.layer.Layer.Expectation;
import lamina.layer.Layer.Parameter;
import lamina.layer.Reach;
import lamina.network.LayerAnalysis;
import lamina.network.NetworkAnalysis;
import lamina.report.NetworkText;
import lamina.tensor.Layout;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;

/**
 * A network as boxes and arrows, which {@link NetworkSvg}, {@link NetworkDot} and {@link
 * NetworkMermaid} draw. A layer that multiplies nothing and keeps the shape, such as a
 * normalisation or an activation, stands in the box of the layer that it follows.
 *
 * @param boxes first the inputs; each box comes after those that its arrows come from
 * @param arrows from box to box
 * @param blocks parts of the network that lie apart from all others
 */
public record NetworkPicture(List<Box> boxes, List<Arrow> arrows, List<Block> blocks) {
  /** What a box shows by its looks. */
  public enum Kind {
    /** The input or the output of the network. */
    END,
    /** Layers with weights. */
    WEIGHTS,
    /** Layers without. */
    PLAIN,
    /** Where several arrows meet. */
    MERGE,
    /** A layer that is not known. */
    UNKNOWN
  }

  /**
   * One or more layers, one after another.
   *
   * @param block the index of the block that it is in; -1 if none
   */
  public record Box(Kind kind, List<Line> lines, int block) {}

  /**
   * A layer within a box.
   *
   * @param name its name within the block
   * @param what its type, and its window as {@code 3x3 /2}
   */
  public record Line(String name, String what) {
    /** Both. */
    public String text() {
      return name.isEmpty() ? what : name + "  " + what;
    }
  }

  /**
   * What goes from a box to another.
   *
   * @param shape as text shows it
   */
  public record Arrow(int from, int to, String shape) {}

  /**
   * A part of the network that no other part lies beside.
   *
   * @param name its path: {@code layer1.0}
   */
  public record Block(String name) {}

  /** The picture of a network whose shapes are in a layout; null for the order of the report. */
  public static NetworkPicture of(NetworkAnalysis report, Layout layout) {
    return new Maker(report, layout).make();
  }

  /** The boxes that arrows to a box come from, in their order. */
  List<Integer> sources(int box) {
    List<Integer> sources = new ArrayList<>();
    for (Arrow arrow : arrows) {
      if (arrow.to() == box) {
        sources.add(arrow.from());
      }
    }
    return sources;
  }

  /**
   * How many boxes come before each at least: the longest way from the input. Weights that flow in
   * stand just above what takes them.
   */
  int[] ranks() {
    int[] ranks = ranks(arrows, boxes.size());
    boolean[] isWeight = new boolean[boxes.size()];
    for (int box = 0; box < isWeight.length; box++) {
      isWeight[box] = boxes.get(box).kind() != Kind.END;
    }
    for (Arrow arrow : arrows) {
      isWeight[arrow.to()] &= isWeight[arrow.from()];
    }
    int[] least = new int[boxes.size()];
    Arrays.fill(least, Integer.MAX_VALUE);
    for (int i = arrows.size() - 1; i >= 0; i--) {
      int from = arrows.get(i).from();
      if (isWeight[from]) {
        least[from] = Math.min(least[from], ranks[arrows.get(i).to()] - 1);
        ranks[from] = least[from];
      }
    }
    return ranks;
  }

  private static int[] ranks(List<Arrow> arrows, int boxes) {
    int[] ranks = new int[boxes];
    for (Arrow arrow : arrows) {
      ranks[arrow.to()] = Math.max(ranks[arrow.to()], ranks[arrow.from()] + 1);
    }
    return ranks;
  }

  private static final class Maker {
    private final NetworkAnalysis report;
    private final Layout layout;
    private final List<LayerAnalysis> layers;

    /** The layers of each box; empty for the ends. */
    private final List<List<Integer>> members = new ArrayList<>();

    private final List<Arrow> arrows = new ArrayList<>();

    Maker(NetworkAnalysis report, Layout layout) {
      this.report = report;
      this.layout = layout;
      this.layers = report.layers();
    }

    NetworkPicture make() {
      int[] boxOf = boxes();
      for (int layer = 0; layer < layers.size(); layer++) {
        if (layer > 0 && boxOf[layer] == boxOf[layer - 1] && isJoined(layer)) {
          continue;
        }
        List<Integer> sources = layers.get(layer).inputs();
        for (int i = 0; i < sources.size(); i++) {
          int source = sources.get(i);
          int from = source < 0 ? -1 - source : boxOf[source];
          Shape shape =
              source < 0
                  ? report.inputShapes().getOrDefault(-1 - source, report.input())
                  : layers.get(source).output();
          arrows.add(new Arrow(from, boxOf[layer], NetworkText.shape(shape, layout)));
        }
      }
      int last = layers.isEmpty() ? 0 : boxOf[layers.size() - 1];
      Blocks blocks = new Blocks(NetworkPicture.ranks(arrows, members.size()));
      List<Box> boxes = new ArrayList<>();
      for (int box = 0; box < members.size(); box++) {
        int block = blocks.blockOf[box];
        String name = block < 0 ? "" : blocks.found.get(block).name();
        boxes.add(new Box(kind(members.get(box)), lines(box, name), block));
      }
      arrows.add(new Arrow(last, boxes.size(), NetworkText.shape(report.output(), layout)));
      boxes.add(new Box(Kind.END, List.of(new Line("", "output")), -1));
      return new NetworkPicture(boxes, arrows, blocks.found);
    }

    /** Puts each layer into a box. */
    private int[] boxes() {
      int[] boxOf = new int[layers.size()];
      int inputs = 1;
      for (LayerAnalysis layer : layers) {
        for (int source : layer.inputs()) {
          inputs = Math.max(inputs, -source);
        }
      }
      for (int input = 0; input < inputs; input++) {
        members.add(List.of());
      }
      for (int layer = 0; layer < layers.size(); layer++) {
        if (isJoined(layer)) {
          boxOf[layer] = boxOf[layer - 1];
          members.get(boxOf[layer]).add(layer);
        } else {
          boxOf[layer] = members.size();
          members.add(new ArrayList<>(List.of(layer)));
        }
      }
      return boxOf;
    }

    /** Whether a layer stands in the box of the one before. */
    private boolean isJoined(int index) {
      LayerAnalysis layer = layers.get(index);
      if (index == 0
          || layer.layer() == null
          || !layer.inputs().equals(List.of(index - 1))
          || layer.macs() == null
          || !layer.macs().is(0)
          || !layer.output().equals(layer.input())) {
        return false;
      }
      int uses = 0;
      for (LayerAnalysis other : layers) {
        for (int source : other.inputs()) {
          uses += source == index - 1 ? 1 : 0;
        }
      }
      String parent = parent(layer.name());
      String before = layers.get(index - 1).name();
      return uses == 1
          && (parent.isEmpty() ? parent(before).isEmpty() : before.startsWith(parent + "."));
    }

    private static String parent(String name) {
      return name.substring(0, Math.max(0, name.lastIndexOf('.')));
    }

    private Kind kind(List<Integer> box) {
      Kind kind = box.isEmpty() ? Kind.END : Kind.PLAIN;
      for (int index : box) {
        LayerAnalysis layer = layers.get(index);
        if (layer.output() == null && layer.layer() == null) {
          return Kind.UNKNOWN;
        }
        if (layer.inputs().size() > 1) {
          return Kind.MERGE;
        }
        kind = layer.weights().isEmpty() ? kind : Kind.WEIGHTS;
      }
      return kind;
    }

    private List<Line> lines(int index, String block) {
      List<Integer> box = members.get(index);
      if (box.isEmpty()) {
        boolean isNamed = index < report.inputs().size();
        return List.of(new Line("", isNamed ? report.inputs().get(index) : "input"));
      }
      List<Line> lines = new ArrayList<>();
      for (int member : box) {
        LayerAnalysis layer = layers.get(member);
        String name = layer.name();
        name = block.isEmpty() ? name : name.substring(block.length() + 1);
        lines.add(new Line(name, what(layer)));
      }
      return lines;
    }

    /** {@code Conv2d 3x3 /2, 32 groups}: what the shapes on the arrows do not tell. */
    private static String what(LayerAnalysis layer) {
      StringBuilder what = new StringBuilder(layer.type());
      if (layer.layer() == null || layer.output() == null) {
        return what.toString();
      }
      Reach reach = layer.layer().reach(layer.taken());
      int axes = reach.growth() == null ? 0 : reach.growth().length;
      if (axes == 0) {
        return what.toString();
      }
      Shape kernel = null;
      for (Parameter parameter : layer.weights()) {
        kernel = parameter.name().equals("weight") ? parameter.shape() : kernel;
      }
      boolean slides = true;
      for (double step : reach.step()) {
        slides &= step >= 1;
      }
      if (kernel != null && kernel.rank() == axes + 2) {
        what.append(' ').append(kernel(kernel.dims().subList(2, axes + 2)));
      } else if (slides && allWhole(reach.growth())) {
        what.append(' ').append(window(reach.growth()));
      }
      what.append(stride(reach.step()));
      if (slides && kernel != null && kernel.rank() == axes + 2) {
        // Which axis the channels are, the layer knows.
        Dim channels = kernel.dim(1);
        for (Expectation expected : layer.layer().expectations(layer.taken())) {
          channels = expected.unit().equals("channels") ? expected.size() : channels;
        }
        Dim taken = kernel.dim(1);
        if (channels.isNumber() && taken.isNumber() && !channels.equals(taken)) {
          what.append(", ").append(channels.floorDiv(taken.value())).append(" groups");
        }
        double spread = reach.growth()[0] / Math.max(1, kernel.dim(2).value() - 1);
        if (spread > 1) {
          what.append(", dilation ").append((long) spread);
        }
      }
      return what.toString();
    }

    private static String kernel(List<Dim> sizes) {
      StringBuilder text = new StringBuilder();
      for (Dim size : sizes) {
        text.append(text.length() == 0 ? "" : "x").append(size);
      }
      return text.toString();
    }

    private static String window(double[] growth) {
      StringBuilder text = new StringBuilder();
      for (double more : growth) {
        text.append(text.length() == 0 ? "" : "x").append((long) more + 1);
      }
      return text.toString();
    }

    private static boolean allWhole(double[] values) {
      for (double value : values) {
        if (value != Math.rint(value)) {
          return false;
        }
      }
      return true;
    }

    /**
     * {@code /2} for steps of two, {@code *2} for layers that enlarge; nothing for steps of one.
     */
    private static String stride(double[] steps) {
      boolean same = true;
      for (double step : steps) {
        same &= step == steps[0];
      }
      double step = steps[0];
      if (!same || step == 1) {
        return "";
      }
      if (step < 1) {
        return 1 / step == Math.rint(1 / step) ? " *" + (long) (1 / step) : "";
      }
      return step == Math.rint(step) ? " /" + (long) step : "";
    }

    /** Finds the smallest parts, by the paths of layers, that no other part lies beside. */
    private final class Blocks {
      private final List<Block> found = new ArrayList<>();
      private final int[] blockOf;
      private final int[] ranks;

      /** How many boxes have a rank. */
      private final Map<Integer, Integer> boxesAt = new HashMap<>();

      Blocks(int[] ranks) {
        this.ranks = ranks;
        this.blockOf = new int[ranks.length];
        Arrays.fill(blockOf, -1);
        List<Integer> all = new ArrayList<>();
        for (int box = 0; box < ranks.length; box++) {
          boxesAt.merge(ranks[box], 1, Integer::sum);
          if (!members.get(box).isEmpty()) {
            all.add(box);
          }
        }
        divide("", all);
      }

      /** Divides a part into the parts within it, if each of them lies apart. */
      private void divide(String path, List<Integer> boxes) {
        Map<String, List<Integer>> parts = new LinkedHashMap<>();
        int depth = path.isEmpty() ? 0 : path.length() + 1;
        for (int box : boxes) {
          String name = commonParent(members.get(box));
          int dot = name.length() > depth ? name.indexOf('.', depth) : -1;
          String part = dot < 0 ? name : name.substring(0, dot);
          if (part.length() > path.length()) {
            parts.computeIfAbsent(part, key -> new ArrayList<>()).add(box);
          }
        }
        boolean apart = !parts.isEmpty();
        int large = 0;
        for (List<Integer> part : parts.values()) {
          apart &= isApart(part);
          large += part.size() > 1 ? 1 : 0;
        }
        // A single part among other boxes shows less than the whole.
        if (apart && (path.isEmpty() || large > 1)) {
          parts.forEach(this::divide);
        } else if (!path.isEmpty() && boxes.size() > 1) {
          for (int box : boxes) {
            blockOf[box] = found.size();
          }
          found.add(new Block(path));
        }
      }

      private String commonParent(List<Integer> box) {
        String common = parent(layers.get(box.get(0)).name());
        for (int layer : box) {
          String parent = parent(layers.get(layer).name());
          common = parent.length() < common.length() ? parent : common;
        }
        return common;
      }

      private boolean isApart(List<Integer> part) {
        int least = Integer.MAX_VALUE;
        int most = 0;
        for (int box : part) {
          least = Math.min(least, ranks[box]);
          most = Math.max(most, ranks[box]);
        }
        int inside = 0;
        for (int rank = least; rank <= most; rank++) {
          inside += boxesAt.getOrDefault(rank, 0);
        }
        return inside == part.size();
      }
    }
  }
}
