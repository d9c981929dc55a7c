package lamina.format;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import lamina.text.InputException;

/**
 * The text of a network in a file: unpacked from gzip or from a Keras 3 file, in UTF-8 or UTF-16.
 */
public final class NetworkSource {
  /** As far as files are told by their beginning. */
  private static final int HEAD = 1 << 10;

  /** Far above any text of a network. */
  private static final int MAX_TEXT = 1 << 28;

  private static final String GIVE =
      "; give what print(model) shows, an ONNX model or Keras's model.to_json()";

  private NetworkSource() {}

  /**
   * Reads a text.
   *
   * @param name what messages call the file
   * @throws InputException if the file is no text: the message says what it is
   */
  public static String of(byte[] bytes, String name) throws IOException {
    byte[] content = bytes;
    if (content.length > 2 && content[0] == 0x1f && content[1] == (byte) 0x8b) {
      content = unpacked(bytes, name);
    }
    byte[] head = Arrays.copyOf(content, Math.min(content.length, HEAD));
    if (new String(head, StandardCharsets.ISO_8859_1).startsWith("PK\3\4")) {
      content = model(content, name);
    } else if (!Utf16.isIn(head)) {
      refuse(head, name);
    }
    try {
      return Utf16.text(content);
    } catch (CharacterCodingException e) {
      // Names of layers in an older encoding do not keep the rest from being read.
      return new String(content, StandardCharsets.UTF_8);
    }
  }

  private static byte[] unpacked(byte[] bytes, String name) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      byte[] content = in.readNBytes(MAX_TEXT + 1);
      if (content.length > MAX_TEXT) {
        throw InputException.at(name, "holds more than 256 MiB: no text of a network" + GIVE);
      }
      return content;
    } catch (ZipException | EOFException e) {
      throw InputException.at(name, "damaged gzip file; is it truncated?", e);
    }
  }

  /** The description of the model in a file of Keras 3. */
  private static byte[] model(byte[] bytes, String name) throws IOException {
    List<String> names = new ArrayList<>();
    try (ZipArchive zip = ZipArchive.copy(new ByteArrayInputStream(bytes), name)) {
      for (ZipEntry entry : zip.files()) {
        names.add(entry.getName());
      }
      for (ZipEntry entry : zip.files()) {
        if (entry.getName().equals("config.json") && names.contains("metadata.json")) {
          return zip.read(entry).readNBytes(MAX_TEXT);
        }
      }
    }
    throw InputException.at(
        name,
        names.stream().anyMatch(entry -> entry.endsWith(".npy"))
            ? "is an npz file of arrays, not a network" + GIVE
            : forNetwork(ForeignFile.ofEntries(names)));
  }

  private static void refuse(byte[] head, String name) {
    String foreign = ForeignFile.of(head);
    if (foreign != null) {
      throw InputException.at(name, forNetwork("is " + foreign));
    }
    FileType type = FileType.ofSignature(head);
    if (type != null) {
      throw InputException.at(
          name, (type == FileType.NPY ? "is an array (npy)" : "is a picture") + GIVE);
    }
    if (ForeignFile.isBinary(head)) {
      throw InputException.at(name, "is a binary file of a format that is not known" + GIVE);
    }
  }

  /** What a file is, with what to do for a network in place of what to do for a tensor. */
  private static String forNetwork(String foreign) {
    int advice = foreign.indexOf("; ");
    boolean isForAll =
        foreign.endsWith("unpack it first")
            || foreign.contains("; fetch it")
            || foreign.contains("; get the file");
    return isForAll ? foreign : (advice < 0 ? foreign : foreign.substring(0, advice)) + GIVE;
  }
}
