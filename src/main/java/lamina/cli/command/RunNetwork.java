package lamina.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lamina.cli.option.NetworkArgument;
import lamina.cli.option.TensorInputs;
import lamina.cli.option.UsageException;
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

  /** The network if it names its inputs: an ONNX model, or Keras's with several; else null. */
  private final Network model;

  private Checkpoint trained;

  /** Reads it if it names its inputs. */
  RunNetwork(String name, Path directory) {
    this.name = name;
    this.directory = directory;
    try {
      model = isTrained() ? null : NetworkArgument.readModel(directory, name);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** What was typed. */
  String name() {
    return name;
  }

  /** The network if it names its inputs, else null. */
  Network model() {
    return model;
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
        trained = Checkpoint.read(file, name, dtype);
      } catch (IOException e) {
        throw unreadable(e);
      }
      if (trained == null) {
        throw new InputException(
            name + ": has weights but no network; give NET, and this file as --weights");
      }
    }
    return trained;
  }

  /** The network, whatever it is. */
  Network read(TensorInputs inputs) throws IOException {
    if (model != null) {
      return model;
    }
    if (isTrained()) {
      return NetworkArgument.parse(trained(inputs.dtype()).network(), name);
    }
    Network network = NetworkArgument.read(name, inputs);
    if (network.model() != null && name.equals("-")) {
      throw new UsageException("a network that names its inputs comes from a file, not from -");
    }
    return network;
  }

  private InputException unreadable(IOException e) {
    return new InputException(name + ": cannot be read: " + e.getMessage(), e);
  }
}
