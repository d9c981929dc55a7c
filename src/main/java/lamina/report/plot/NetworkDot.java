package lamina.report.plot;

import java.util.List;
import lamina.report.plot.NetworkPicture.Box;
import lamina.report.plot.NetworkPicture.Line;

/** Writes a network in Graphviz's language, for {@code dot}. */
public final class NetworkDot {
  private NetworkDot() {}

  /** The whole text. */
  public static String of(NetworkPicture picture) {
    StringBuilder text = new StringBuilder();
    text.append("digraph network {\n")
        .append("  node [shape=box, style=\"rounded,filled\", fontname=\"monospace\"];\n")
        .append("  edge [fontname=\"monospace\"];\n");
    for (int block = -1; block < picture.blocks().size(); block++) {
      String indent = "  ";
      if (block >= 0) {
        text.append("  subgraph cluster_" + block + " {\n");
        text.append("    label=" + quoted(List.of(picture.blocks().get(block).name())) + ";\n");
        indent = "    ";
      }
      for (int box = 0; box < picture.boxes().size(); box++) {
        if (picture.boxes().get(box).block() == block) {
          text.append(indent).append(box(box, picture.boxes().get(box))).append('\n');
        }
      }
      text.append(block < 0 ? "" : "  }\n");
    }
    for (NetworkPicture.Arrow arrow : picture.arrows()) {
      String shape = quoted(List.of(arrow.shape()));
      text.append("  n" + arrow.from() + " -> n" + arrow.to() + " [label=" + shape + "];\n");
    }
    return text.append("}\n").toString();
  }

  private static String box(int index, Box box) {
    String look =
        switch (box.kind()) {
          case END -> "shape=oval, fillcolor=white";
          case WEIGHTS -> "fillcolor=\"#ddeeff\"";
          case PLAIN -> "fillcolor=\"#fff1d6\"";
          case MERGE -> "shape=oval, fillcolor=\"#dcf5e3\"";
          case UNKNOWN -> "style=dashed";
        };
    List<String> lines = box.lines().stream().map(Line::text).toList();
    return "n" + index + " [label=" + quoted(lines) + ", " + look + "];";
  }

  /** A string of one or more lines. */
  private static String quoted(List<String> lines) {
    StringBuilder text = new StringBuilder("\"");
    for (String line : lines) {
      text.append(text.length() == 1 ? "" : "\\n");
      text.append(line.replace("\\", "\\\\").replace("\"", "\\\""));
    }
    return text.append('"').toString();
  }
}
