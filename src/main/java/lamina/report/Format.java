package lamina.report;

import java.util.Locale;
import lamina.text.InputException;

/** The formats of results. */
public enum Format {
  TEXT("text"),
  JSON("json"),
  JSONL("jsonl"),
  CSV("csv"),
  TSV("tsv"),
  NPY("npy"),
  NPZ("npz"),
  SAFETENSORS("safetensors"),
  LATEX("latex"),
  MARKDOWN("markdown");

  /** The extensions that {@link #ofFileName} knows. */
  public static final String EXTENSIONS =
      ".json, .jsonl, .csv, .tsv, .npy, .npz, .safetensors, .txt, .tex or .md";

  private final String label;

  Format(String label) {
    this.label = label;
  }

  /** The name in options. */
  public String label() {
    return label;
  }

  /**
   * The format of a name in an option or in {@code LAMINA_FORMAT}.
   *
   * @throws InputException if there is none of this name
   */
  public static Format of(String label) {
    for (Format format : values()) {
      if (format.label.equals(label)) {
        return format;
      }
    }
    throw new InputException(
        "unknown format '"
            + label
            + "'; known are text, json, jsonl, csv, tsv, npy, npz, safetensors, latex and markdown");
  }

  /** What a file's name has after its last dot; empty if there is none, as in {@code .hidden}. */
  public static String extension(String name) {
    int start = Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1;
    int dot = name.lastIndexOf('.');
    return dot > start ? name.substring(dot + 1) : "";
  }

  /** The format that a file's name asks for by its extension, or null. */
  public static Format ofFileName(String name) {
    return switch (extension(name).toLowerCase(Locale.ROOT)) {
      case "txt" -> TEXT;
      case "json" -> JSON;
      case "jsonl", "ndjson" -> JSONL;
      case "csv" -> CSV;
      case "tsv" -> TSV;
      case "npy" -> NPY;
      case "npz" -> NPZ;
      case "safetensors" -> SAFETENSORS;
      case "tex" -> LATEX;
      case "md" -> MARKDOWN;
      default -> null;
    };
  }
}
