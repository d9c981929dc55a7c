package lamina.cli.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lamina.cli.option.Option;
import lamina.cli.option.OutputOptions;
import lamina.cli.option.UsageException;
import lamina.cli.process.Io;
import lamina.cli.process.Notes;
import lamina.format.AtomicFile;
import lamina.network.NetworkAnalysis;
import lamina.report.Format;
import lamina.report.plot.NetworkDot;
import lamina.report.plot.NetworkMermaid;
import lamina.report.plot.NetworkPicture;
import lamina.report.plot.NetworkSvg;
import lamina.tensor.Layout;

/**
 * The picture of a network that {@code shape} draws, by {@code --format} or a file's extension.
 *
 * @param kind svg, dot or mermaid
 * @param file the name of the file, or null for standard output
 */
record ShapePicture(String kind, String file) {
  private static final List<String> KINDS = List.of("svg", "dot", "mermaid");

  /** Formats of pictures beside those of every result. */
  static OutputOptions outputOptions() {
    List<String> formats = new ArrayList<>(OutputOptions.FORMATS);
    formats.addAll(KINDS);
    return OutputOptions.of(
        formats, "; pictures: svg, dot (Graphviz) or mermaid (for README files)");
  }

  /**
   * The picture that is asked for; null if none is.
   *
   * @param others options of results that are no picture
   * @throws UsageException if one of them is given, or format and file contradict each other
   */
  static ShapePicture of(OutputOptions options, List<Option> others) {
    String kind = options.format();
    String file = options.file();
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
    if (!KINDS.contains(kind == null ? "" : kind)) {
      return null;
    }
    List<Option> refused = new ArrayList<>(others);
    refused.add(options.memberOption());
    for (Option option : refused) {
      if (option.isGiven()) {
        throw new UsageException(
            option.name() + " does not go with " + kind + ", which is a picture of the network");
      }
    }
    return new ShapePicture(kind, file);
  }

  /** Draws it. */
  void write(NetworkAnalysis analysis, Layout layout, Notes notes) throws IOException {
    NetworkPicture picture = NetworkPicture.of(analysis, layout);
    String text =
        switch (kind) {
          case "dot" -> NetworkDot.of(picture);
          case "mermaid" -> NetworkMermaid.of(picture);
          default -> NetworkSvg.of(picture, "the layers of a network and the shapes between them");
        };
    Io io = notes.io();
    if (file != null) {
      try (AtomicFile pending = AtomicFile.create(io.directory().resolve(file))) {
        pending.stream().write(text.getBytes(StandardCharsets.UTF_8));
        pending.commit();
      }
    } else if (!notes.quiet()) {
      io.print(text);
    }
  }
}
