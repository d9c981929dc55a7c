package lamina.cli.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lamina.cli.option.Arguments;
import lamina.cli.option.CommonOptions;
import lamina.cli.option.UsageException;
import lamina.cli.process.Io;
import lamina.format.AtomicFile;
import lamina.network.NetworkAnalysis;
import lamina.report.Format;
import lamina.report.plot.NetworkDot;
import lamina.report.plot.NetworkMermaid;
import lamina.report.plot.NetworkPicture;
import lamina.report.plot.NetworkSvg;
import lamina.tensor.Layout;

/** The pictures of networks that {@code shape} draws, by {@code --format} or a file's extension. */
final class ShapePicture {
  /** Everything that {@code shape -f} takes. */
  static final List<String> FORMATS = formats();

  private ShapePicture() {}

  private static List<String> formats() {
    List<String> formats = new ArrayList<>(CommonOptions.FORMATS);
    formats.addAll(List.of("svg", "dot", "mermaid"));
    return formats;
  }

  /**
   * The kind of picture that is asked for; null if none is.
   *
   * @throws UsageException if another option asks for something that is no picture
   */
  static String kind(Arguments arguments) {
    String kind = arguments.choice("--format", null, FORMATS);
    String file = arguments.text("--output");
    String extension = file == null ? "" : Format.extension(file).toLowerCase(Locale.ROOT);
    String byName =
        switch (extension) {
          case "svg" -> "svg";
          case "dot", "gv" -> "dot";
          case "mmd", "mermaid" -> "mermaid";
          default -> null;
        };
    if (kind != null && byName != null && !kind.equals(byName)) {
      throw new UsageException(
          "--format " + kind + " contradicts the extension ." + extension + " of '" + file + "'",
          "leave --format out, or name the file otherwise");
    }
    if (kind == null && byName == null && !extension.isEmpty() && Format.ofFileName(file) == null) {
      throw new UsageException(
          "no format is known by the extension ." + extension + " of '" + file + "'",
          "use .svg, .dot, .mmd, " + Format.EXTENSIONS + ", or say --format");
    }
    kind = kind == null ? byName : kind;
    if (kind == null || CommonOptions.FORMATS.contains(kind)) {
      return null;
    }
    for (String option : List.of("--explain", "--solve", "--member")) {
      if (arguments.has(option)) {
        throw new UsageException(
            option + " does not go with " + kind + ", which is a picture of the network");
      }
    }
    return kind;
  }

  static void write(String kind, NetworkAnalysis report, Layout layout, Arguments arguments, Io io)
      throws IOException {
    NetworkPicture picture = NetworkPicture.of(report, layout);
    String text =
        switch (kind) {
          case "dot" -> NetworkDot.of(picture);
          case "mermaid" -> NetworkMermaid.of(picture);
          default -> NetworkSvg.of(picture, "the layers of a network and the shapes between them");
        };
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String file = arguments.text("--output");
    if (file == null) {
      if (!arguments.has("--quiet")) {
        io.out().write(bytes);
        io.out().flush();
      }
      return;
    }
    try (AtomicFile pending = AtomicFile.create(io.directory().resolve(file))) {
      pending.stream().write(bytes);
      pending.commit();
    }
  }
}
