package lamina.format;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The formats of files, told by the name or by the first bytes. */
public enum FileType {
  JSON,
  JSON_LINES,
  CSV,
  TSV,
  NPY,
  NPZ,
  SAFETENSORS,
  IDX,
  IMAGE,
  NETPBM,
  /** A tensor of ONNX, a serialized TensorProto. */
  PROTOBUF;

  /** Whether files of this type have no text, or not only that. */
  boolean isBinary() {
    return this != JSON && this != JSON_LINES && this != CSV && this != TSV;
  }

  /** The type that a file's name promises, {@code .gz} left aside; null if it promises none. */
  static FileType ofName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".gz")) {
      lower = lower.substring(0, lower.length() - 3);
    }
    int dot = lower.lastIndexOf('.');
    return switch (dot < 0 ? "" : lower.substring(dot)) {
      case ".json" -> JSON;
      case ".jsonl", ".ndjson" -> JSON_LINES;
      case ".csv" -> CSV;
      case ".tsv" -> TSV;
      case ".npy" -> NPY;
      case ".npz" -> NPZ;
      case ".safetensors" -> SAFETENSORS;
      case ".idx" -> IDX;
      case ".pb" -> PROTOBUF;
      case ".png", ".jpg", ".jpeg", ".gif", ".bmp" -> IMAGE;
      case ".pgm", ".ppm", ".pbm", ".pnm" -> NETPBM;
      // The names of MNIST's files, which have no dot.
      default -> lower.endsWith("-idx3-ubyte") || lower.endsWith("-idx1-ubyte") ? IDX : null;
    };
  }

  /** The type that the first bytes show; CSV if they are text but not JSON. */
  static FileType ofContent(byte[] head) {
    FileType certain = ofSignature(head);
    if (certain != null) {
      return certain;
    }
    if (head.length >= 4 && head[0] == 0 && head[1] == 0 && head[2] >= 8 && head[3] >= 1) {
      return IDX;
    }
    if (head.length >= 10 && head[8] == '{' && head[6] == 0 && head[7] == 0) {
      return SAFETENSORS;
    }
    return text(head);
  }

  /** The type whose signature a file starts with, whatever its name says; null if it has none. */
  static FileType ofSignature(byte[] head) {
    if (head.length >= 6 && head[0] == (byte) 0x93 && head[1] == 'N' && head[2] == 'U') {
      return NPY;
    }
    if (head.length >= 4 && head[0] == 'P' && head[1] == 'K' && (head[2] == 3 || head[2] == 5)) {
      return NPZ;
    }
    if (Netpbm.matches(head)) {
      return NETPBM;
    }
    return isImage(head) ? IMAGE : null;
  }

  private static boolean isImage(byte[] head) {
    if (head.length < 8) {
      return false;
    }
    return (head[0] == (byte) 0x89 && head[1] == 'P' && head[2] == 'N' && head[3] == 'G')
        || (head[0] == (byte) 0xff && head[1] == (byte) 0xd8 && head[2] == (byte) 0xff)
        || (head[0] == 'G' && head[1] == 'I' && head[2] == 'F' && head[3] == '8')
        || (head[0] == 'B' && head[1] == 'M' && head[6] == 0 && head[7] == 0);
  }

  private static FileType text(byte[] head) {
    int i = 0;
    if (head.length >= 3 && head[0] == (byte) 0xef && head[1] == (byte) 0xbb) {
      i = 3;
    }
    while (i < head.length
        && (head[i] == ' ' || head[i] == '\t' || head[i] == '\r' || head[i] == '\n')) {
      i++;
    }
    if (i == head.length || head[i] == '[' || head[i] == '{') {
      return JSON;
    }
    if (head[i] == '(' && i + 1 < head.length && "([0123456789+-.".indexOf(head[i + 1]) >= 0) {
      // A tuple of Python.
      return JSON;
    }
    if (PrintedTensor.isNamed(new String(head, i, head.length - i, StandardCharsets.UTF_8))) {
      return JSON;
    }
    // A lone number, or a string such as "NaN", is JSON too: a scalar. More of them are CSV.
    boolean string = head[i] == '"';
    boolean blank = false;
    for (; i < head.length; i++) {
      byte c = head[i];
      if (c == ',' || c == ';' || c == '|' || c == '#' || c == '=') {
        return CSV;
      }
      if (c == '\n' || c == '\r' || (!string && (c == ' ' || c == '\t'))) {
        blank = true;
      } else if (blank) {
        return CSV;
      }
    }
    return JSON;
  }
}
