package lamina.cli.option;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import lamina.layer.Compatibility;
import lamina.network.Network;
import lamina.text.InputException;

/** A NET argument: layer expressions, a file of them, or {@code -} for standard input. */
public final class NetworkArgument {
  private NetworkArgument() {}

  /**
   * Reads a network.
   *
   * @param argument text if it has a parenthesis, bracket, brace or line break, else a file's name
   */
  public static Network read(String argument, TensorInputs inputs) throws IOException {
    return parse(text(argument, inputs), sourceName(argument));
  }

  /** The text of a network, as {@link #read} understands its argument. */
  public static String text(String argument, TensorInputs inputs) throws IOException {
    if (argument.equals("-")) {
      byte[] text = inputs.claimStandardInput("NET").readAllBytes();
      return new String(text, StandardCharsets.UTF_8);
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
    if (!Files.isRegularFile(path)) {
      throw new InputException(
          "there is no file '" + name + "'; a layer is written with parentheses, e.g. ReLU()");
    }
    return new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
  }
}
