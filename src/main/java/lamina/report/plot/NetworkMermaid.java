package lamina.report.plot;

import java.util.List;
import lamina.report.plot.NetworkPicture.Box;
import lamina.report.plot.NetworkPicture.Kind;
import lamina.report.plot.NetworkPicture.Line;

/** Writes a network as a Mermaid flowchart, which README files show as a picture. */
public final class NetworkMermaid {
  private NetworkMermaid() {}

  /** The whole text. */
  public static String of(NetworkPicture picture) {
    StringBuilder text = new StringBuilder("flowchart TD\n");
    for (int block = -1; block < picture.blocks().size(); block++) {
      String indent = "  ";
      if (block >= 0) {
        String name = quoted(List.of(picture.blocks().get(block).name()));
        text.append("  subgraph b" + block + "[" + name + "]\n");
        indent = "    ";
      }
      for (int box = 0; box < picture.boxes().size(); box++) {
        if (picture.boxes().get(box).block() == block) {
          text.append(indent).append(box(box, picture.boxes().get(box))).append('\n');
        }
      }
      text.append(block < 0 ? "" : "  end\n");
    }
    for (NetworkPicture.Arrow arrow : picture.arrows()) {
      String shape = quoted(List.of(arrow.shape()));
      text.append("  n" + arrow.from() + " -->|" + shape + "| n" + arrow.to() + "\n");
    }
    return text.toString();
  }

  private static String box(int index, Box box) {
    String label = quoted(box.lines().stream().map(Line::text).toList());
    boolean isRound = box.kind() == Kind.END || box.kind() == Kind.MERGE;
    return "n" + index + (isRound ? "([" + label + "])" : "[" + label + "]");
  }

  private static String quoted(List<String> lines) {
    StringBuilder text = new StringBuilder("\"");
    for (String line : lines) {
      text.append(text.length() == 1 ? "" : "<br/>");
      text.append(
          line.replace("#", "#35;")
              .replace("\"", "#quot;")
              .replace("<", "#lt;")
              .replace(">", "#gt;")
              .replace("  ", " "));
    }
    return text.append('"').toString();
  }
}
