package lamina.report;

import java.util.Locale;
import lamina.text.InputException;

/** The formats of results. */
public enum Format {
  TEXT("text"),
  JSON("json"),
  JSONL("jsonl"),
  CSV("csv"),
  NPY("npy"),
  NPZ("npz"),
  SAFETENSORS("safetensors"),
  LATEX("latex"),
  MARKDOWN("markdown");

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
            + "'; known are text, json, jsonl, csv, npy, npz, safetensors, latex and markdown");
  }

  /** The format that a file's name asks for by its extension, or null. */
  public static Format ofFileName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return switch (lower.substring(lower.lastIndexOf('.') + 1)) {
      case "txt" -> TEXT;
      case "json" -> JSON;
      case "jsonl", "ndjson" -> JSONL;
      case "csv" -> CSV;
      case "npy" -> NPY;
      case "npz" -> NPZ;
      case "safetensors" -> SAFETENSORS;
      case "tex" -> LATEX;
      case "md" -> MARKDOWN;
      default -> null;
    };
  }
}
