package lamina.cli.option;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import lamina.format.NetworkSource;
import lamina.format.OnnxTensor;
import lamina.layer.Compatibility;
import lamina.network.Network;
import lamina.tensor.DType;
import lamina.text.InputException;
import lamina.train.Checkpoint;

/**
 * A NET argument: layer expressions, a file of them, an ONNX model, what {@code train --save}
 * wrote, or {@code -} for standard input.
 */
public final class NetworkArgument {
  /** What to do with a file that holds weights alone. */
  private static final String GIVE = "give its layers, or what print(model) shows";

  private NetworkArgument() {}

  /**
   * Reads a network.
   *
   * @param argument text if it has a parenthesis, bracket, brace or line break, else a file's name
   */
  public static Network read(String argument, TensorInputs inputs) throws IOException {
    if (argument.equals("-")) {
      byte[] bytes = inputs.claimStandardInput("NET").readAllBytes();
      return read(bytes, sourceName(argument), Compatibility.TORCH);
    }
    return isText(argument)
        ? parse(argument, sourceName(argument))
        : readFile(inputs.options().directory(), argument, Compatibility.TORCH);
  }

  /** The network of a stream: an ONNX model, or a text. */
  public static Network read(byte[] bytes, String source, Compatibility compatibility)
      throws IOException {
    return isModel(bytes)
        ? Network.read(OnnxTensor.bytes(bytes), source)
        : Network.parse(NetworkSource.of(bytes, source), source, compatibility);
  }

  /** The network of a file: an ONNX model, what {@code train --save} wrote, or a text. */
  public static Network readFile(Path directory, String name, Compatibility compatibility)
      throws IOException {
    if (isWeightsFile(name)) {
      return Checkpoint.readNetwork(weightsFile(directory, name), name, DType.FLOAT32, GIVE)
          .sized(name);
    }
    return isModelFile(directory, name)
        ? Network.read(OnnxTensor.bytes(directory.resolve(name)), name)
        : Network.parse(readFile(directory.resolve(name), name), name, compatibility);
  }

  /**
   * Whether a text may describe a network that names its inputs: one of Keras with several inputs
   * or outputs, or one whose forward() takes several.
   */
  public static boolean mayNameInputs(String text) {
    boolean isKeras = text.strip().startsWith("{") && text.contains("\"class_name\"");
    return isKeras || text.contains("placeholder[") || text.contains("def forward(");
  }

  /** Whether an argument names an ONNX model, by its name or its first bytes. */
  public static boolean isModelFile(Path directory, String argument) throws IOException {
    if (argument.equals("-") || isText(argument)) {
      return false;
    }
    Path path = directory.resolve(argument);
    if (!Files.isRegularFile(path)) {
      return false;
    }
    if (argument.toLowerCase(Locale.ROOT).endsWith(".onnx")) {
      return true;
    }
    try (InputStream in = Files.newInputStream(path)) {
      return isModel(in.readNBytes(3));
    }
  }

  /** Whether an argument names a file of weights, as {@code train --save} writes. */
  public static boolean isWeightsFile(String argument) {
    return argument.endsWith(".safetensors") && !isText(argument);
  }

  private static Path weightsFile(Path directory, String name) {
    Path file = directory.resolve(name);
    requireFile(file, name);
    return file;
  }

  /**
   * A model starts with its version, and then says who made it; no text starts with such a byte.
   */
  private static boolean isModel(byte[] head) {
    return head.length > 2
        && head[0] == 8
        && head[1] > 0
        && head[1] < 32
        && (head[2] == 0x12 || head[2] == 0x1a || head[2] == 0x3a || head[2] == 0x42);
  }

  /** The text of a network, as {@link #read} understands its argument. */
  public static String text(String argument, TensorInputs inputs) throws IOException {
    if (argument.equals("-")) {
      byte[] text = inputs.claimStandardInput("NET").readAllBytes();
      return NetworkSource.of(text, sourceName(argument));
    }
    if (isModelFile(inputs.options().directory(), argument)) {
      throw new InputException(
          argument
              + ": is an ONNX model, which has no layers to train; give layers, JSON or Keras");
    }
    if (isWeightsFile(argument)) {
      return Checkpoint.requireNetwork(
          weightsFile(inputs.options().directory(), argument), argument, GIVE);
    }
    return isText(argument)
        ? argument
        : readFile(inputs.options().directory().resolve(argument), argument);
  }

  /** What messages call a network. */
  public static String sourceName(String argument) {
    if (argument.equals("-")) {
      return "standard input";
    }
    return isText(argument) ? "NET" : argument;
  }

  /** The network that a text describes. */
  public static Network parse(String text, String source) {
    return Network.parse(text, source, Compatibility.TORCH);
  }

  /** Whether an argument is the network itself rather than a file's name. */
  public static boolean isText(String argument) {
    for (int i = 0; i < argument.length(); i++) {
      if ("([{\n".indexOf(argument.charAt(i)) >= 0) {
        return true;
      }
    }
    return false;
  }

  /** The text of a file. */
  public static String readFile(Path path, String name) throws IOException {
    if (name.isBlank()) {
      throw new InputException("NET is empty; write a layer, e.g. ReLU(), or name a file");
    }
    requireFile(path, name);
    return NetworkSource.of(Files.readAllBytes(path), name);
  }

  private static void requireFile(Path path, String name) {
    if (Files.isDirectory(path)) {
      throw InputException.at(name, "is a folder, not a file");
    }
    if (!Files.isRegularFile(path)) {
      throw new InputException(
          "there is no file '" + name + "'; a layer is written with parentheses, e.g. ReLU()");
    }
  }
}
