package lamina.format;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Files that hold no tensor lamina reads, told by their first bytes: what they are, what to do. */
final class ForeignFile {
  private static final String PICTURE = "; convert it to PNG";
  private static final String UNPACK = "; unpack it first";
  private static final String PYTORCH =
      "a PyTorch file (torch.save), which may run code when it is read; save the weights as"
          + " safetensors or a tensor as npy: np.save('x.npy', tensor.numpy())";
  private static final String HDF5 =
      "an HDF5 file (Keras weights, MATLAB 7.3); save its arrays with numpy.savez";
  private static final String PICKLE =
      "a Python pickle (torch.save before 1.6, joblib), which may run code when it is read; save"
          + " tensors as npy, npz or safetensors";

  /**
   * Signatures: bytes at an offset (letters stand for themselves, others are \\xHH), then words.
   */
  private static final String[][] SIGNATURES = {
    {"\u0089HDF\r\n\u001a\n", HDF5},
    {"MATLAB 7.3 MAT-file", HDF5},
    {"MATLAB 5.0 MAT-file", "a MATLAB file; save its arrays with numpy.savez (scipy.io.loadmat)"},
    {"II*\0", "a TIFF picture" + PICTURE},
    {"MM\0*", "a TIFF picture" + PICTURE},
    {"II+\0", "a TIFF picture" + PICTURE},
    {"MM\0+", "a TIFF picture" + PICTURE},
    {"8BPS\0", "a Photoshop picture" + PICTURE},
    {"\0\0\1\0", "an icon" + PICTURE},
    {"\0\0\0\fjP  ", "a JPEG 2000 picture" + PICTURE},
    {"\u00ffO\u00ffQ", "a JPEG 2000 picture" + PICTURE},
    {"\u00ff\n", "a JPEG XL picture" + PICTURE},
    {"\0\0\0\fJXL ", "a JPEG XL picture" + PICTURE},
    {"v/1\1", "an OpenEXR picture" + PICTURE},
    {"#?RADIANCE", "a Radiance picture" + PICTURE},
    {"P7\n", "a PAM picture of Netpbm" + PICTURE + " or PPM"},
    {"PF\n", "a PFM picture" + PICTURE + " or save it as npy"},
    {"Pf\n", "a PFM picture" + PICTURE + " or save it as npy"},
    {"%PDF-", "a PDF; extract its pictures or tables first"},
    {"%!PS", "a PostScript file; extract its pictures or tables first"},
    {"{\\rtf", "a text of a word processor (RTF); save its numbers as CSV"},
    {
      "version https://git-lfs",
      "a Git LFS pointer, not the file itself; fetch it with git lfs pull"
    },
    {"\u00fd7zXZ\0", "an xz archive" + UNPACK},
    {"(\u00b5/\u00fd", "a zstd archive" + UNPACK},
    {"\4\"M\u0018", "an lz4 archive" + UNPACK},
    {"7z\u00bc\u00af'\u001c", "a 7-Zip archive" + UNPACK},
    {"Rar!\u001a\7", "a RAR archive" + UNPACK},
    {"PAR1\u0015", "a Parquet file; save its table as CSV"},
    {"ARROW1\0\0", "an Arrow file; save its table as CSV"},
    {"FEA1\0\0", "a Feather file; save its table as CSV"},
    {"\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1", "an old Excel or Word file; save as CSV"},
    {"SQLite format 3\0", "an SQLite database; export its table as CSV"},
    {"GGUF", "a GGUF file of weights, which is not read; convert it to safetensors"},
    {"\u007fELF", "a program, not data"},
    {"\u00ca\u00fe\u00ba\u00be", "a Java class or a Mac program, not data"},
    {"MZ\u0090\0", "a program, not data"},
    {"RDX2\n", "R's data; save them with write.csv"},
    {"RDX3\n", "R's data; save them with write.csv"},
    {"X\n\0\0\0", "R's data; save them with write.csv"},
    {"OggS\0", "a sound or a film; save its samples as npy"},
    {"fLaC\0", "a sound; save its samples as npy"},
    {"ID3\3", "a sound; save its samples as npy"},
    {"ID3\4", "a sound; save its samples as npy"},
    {"\u001aE\u00df\u00a3", "a film; save its frames as PNG"},
    {"SIMPLE  =", "a FITS file; save its arrays as npy"},
    {
      "%%MatrixMarket",
      "a Matrix Market file; save it as npy: np.save('m.npy', scipy.io.mmread('m.mtx'))"
    },
    {"CDF\1", "a NetCDF file; save its arrays as npy"},
    {"CDF\2", "a NetCDF file; save its arrays as npy"},
    {"NRRD0", "an NRRD file; save its array as npy"},
  };

  private ForeignFile() {}

  /** What a file with these first bytes is and what to do, or null if that is not known. */
  static String of(byte[] head) {
    boolean safetensors = head.length >= 10 && head[8] == '{' && head[6] == 0 && head[7] == 0;
    if (safetensors || head.length < 2) {
      return null;
    }
    String start = new String(head, StandardCharsets.ISO_8859_1);
    for (String[] signature : SIGNATURES) {
      if (start.startsWith(signature[0])) {
        return signature[1];
      }
    }
    String further = ofContainer(start);
    return further == null ? ofMarkup(start) : further;
  }

  private static String ofContainer(String start) {
    if (start.startsWith("RIFF") && start.length() >= 12) {
      return switch (start.substring(8, 12)) {
        case "WEBP" -> "a WebP picture" + PICTURE;
        case "WAVE" -> "a sound (WAV); save its samples as npy";
        case "AVI " -> "a film (AVI); save its frames as PNG";
        default -> null;
      };
    }
    if (start.startsWith("ftyp", 4)) {
      String brand = start.length() >= 12 ? start.substring(8, 12) : "";
      return brand.startsWith("hei") || brand.startsWith("avi") || brand.equals("mif1")
          ? "a HEIC or AVIF picture" + PICTURE
          : "a film (MP4); save its frames as PNG";
    }
    if (start.startsWith("BZh") && start.startsWith("1AY&SY", 4)) {
      return "a bzip2 archive" + UNPACK;
    }
    if (start.startsWith("ustar", 257)) {
      return "a tar archive" + UNPACK;
    }
    if (start.startsWith("DICM", 128)) {
      return "a DICOM picture" + PICTURE;
    }
    if (start.startsWith("TFL3", 4)) {
      return "a TensorFlow Lite model, which is not read";
    }
    char protocol = start.charAt(1);
    if (start.charAt(0) == '\u0080' && protocol >= 2 && protocol <= 5 && start.length() > 2) {
      return start.charAt(2) == 0 ? null : PICKLE;
    }
    // ONNX is a protocol buffer: its version, then who produced it.
    boolean onnx =
        start.length() > 4
            && start.charAt(0) == 8
            && protocol < 32
            && (start.charAt(2) == 0x12 || start.charAt(2) == 0x3a || start.charAt(2) == 0x42);
    return onnx ? "an ONNX model, not a tensor" : null;
  }

  private static String ofMarkup(String start) {
    String text = start.startsWith("\u00ef\u00bb\u00bf") ? start.substring(3) : start;
    text = text.stripLeading().toLowerCase(Locale.ROOT);
    if (text.startsWith("<!doctype html") || text.startsWith("<html") || text.startsWith("<head")) {
      return "a web page (HTML), perhaps a download that failed; get the file itself";
    }
    if (text.startsWith("<svg") || (text.startsWith("<?xml") && text.contains("<svg"))) {
      return "an SVG picture" + PICTURE;
    }
    if (text.startsWith("@relation")) {
      return "an ARFF file; save its table as CSV";
    }
    return text.startsWith("<?xml") || text.startsWith("<!doctype") || text.startsWith("<!--")
        ? "an XML file; save its numbers as CSV or JSON"
        : null;
  }

  /** Whether bytes that are no known format are no text either. */
  static boolean isBinary(byte[] head) {
    for (byte b : head) {
      if (b == 0) {
        return true;
      }
    }
    return false;
  }

  /** What a zip file without arrays is, by the names in it: the end of a message. */
  static String ofEntries(List<String> names) {
    String all = "\n" + String.join("\n", names) + "\n";
    if (all.contains("data.pkl\n")) {
      return "is " + PYTORCH;
    }
    if (all.contains("\nxl/")) {
      return "is an Excel workbook; save the sheet as CSV";
    }
    if (all.contains("\nword/") || all.contains("\nppt/") || all.contains("\nmimetype\n")) {
      return "is a document of an office program; save its numbers as CSV";
    }
    if (all.contains("\nmodel.weights.h5\n")) {
      return "is a Keras model; save its weights with numpy.savez";
    }
    if (names.isEmpty()) {
      return "an npz file without arrays: an empty zip file";
    }
    return "a zip file without arrays (it holds "
        + Source.printable(String.join(", ", names))
        + "); unpack it first";
  }
}
