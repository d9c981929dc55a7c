package lamina.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lamina.cli.option.NetworkArgument;
import lamina.cli.option.TensorInputs;
import lamina.cli.option.UsageException;
import lamina.layer.Compatibility;
import lamina.network.Network;
import lamina.tensor.DType;
import lamina.text.InputException;
import lamina.train.Checkpoint;

/**
 * The NET of {@code lamina run}, read once: layers, a model that names its inputs, or a network
 * that was trained.
 */
final class RunNetwork {
  private final String name;
  private final Path directory;

  /** The text that it is or that its file has; null if it is no text or cannot be read yet. */
  private final String text;

  /** The network if it is an ONNX model, or a text that may name its inputs; else null. */
  private final Network network;

  private Checkpoint trained;

  /** Reads it as far as it takes to tell whether it names its inputs. */
  RunNetwork(String name, Path directory) {
    this.name = name;
    this.directory = directory;
    try {
      if (!isTrained() && NetworkArgument.isModelFile(directory, name)) {
        text = null;
        network = NetworkArgument.readFile(directory, name, Compatibility.TORCH);
      } else {
        text = text();
        String specified = isTrained() ? trainedText() : text;
        network =
            specified != null && NetworkArgument.mayNameInputs(specified)
                ? NetworkArgument.parse(specified, NetworkArgument.sourceName(name))
                : null;
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private String text() throws IOException {
    if (NetworkArgument.isText(name)) {
      return name;
    }
    boolean isFile = !isTrained() && !name.equals("-");
    Path file = isFile ? directory.resolve(name) : null;
    return isFile && Files.isRegularFile(file) ? NetworkArgument.readFile(file, name) : null;
  }

  /** The text of a network that was trained; null if there is none. */
  private String trainedText() throws IOException {
    Path file = directory.resolve(name);
    return Files.isRegularFile(file) ? Checkpoint.network(file, name) : null;
  }

  /** What was typed. */
  String name() {
    return name;
  }

  /** The network if it names its inputs, else null. */
  Network model() {
    return network == null || network.model() == null ? null : network;
  }

  /** Whether it is a file that {@code train --save} wrote, or might have. */
  boolean isTrained() {
    return NetworkArgument.isWeightsFile(name);
  }

  /** The network of {@code train --save}, with its weights in a type. */
  Checkpoint trained(DType dtype) {
    if (trained == null) {
      Path file = directory.resolve(name);
      if (!Files.isRegularFile(file)) {
        throw new InputException("there is no file '" + name + "'");
      }
      try {
        trained = Checkpoint.readNetwork(file, name, dtype, "give NET, and this file as --weights");
      } catch (IOException e) {
        throw unreadable(e);
      }
    }
    return trained;
  }

  /** The network, whatever it is. */
  Network read(TensorInputs inputs) throws IOException {
    if (network != null) {
      return network;
    }
    if (isTrained()) {
      return NetworkArgument.parse(trained(inputs.dtype()).network(), name);
    }
    if (text != null) {
      return NetworkArgument.parse(text, NetworkArgument.sourceName(name));
    }
    Network read = NetworkArgument.read(name, inputs);
    if (read.model() != null && name.equals("-")) {
      throw new UsageException("a network that names its inputs comes from a file, not from -");
    }
    return read;
  }

  private InputException unreadable(IOException e) {
    return new InputException(name + ": cannot be read: " + e.getMessage(), e);
  }
}
