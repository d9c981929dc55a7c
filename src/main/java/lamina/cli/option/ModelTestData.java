package lamina.cli.option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lamina.format.OnnxSequence;
import lamina.format.OnnxTensor;
import lamina.format.TensorArgument;
import lamina.network.Model;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * A folder in the layout of ONNX's tests: a model's inputs {@code input_0.pb} and so on, and the
 * outputs {@code output_0.pb} that it is to give.
 */
public final class ModelTestData {
  private final String folder;
  private final Path directory;
  private final Model model;
  private final TensorInputs inputs;
  private final List<Integer> counts = new ArrayList<>();

  /**
   * @param folder its name as typed
   * @throws InputException if there is none
   */
  public ModelTestData(String folder, Model model, TensorInputs inputs) {
    this.folder = folder;
    this.model = model;
    this.inputs = inputs;
    this.directory = inputs.options().directory().resolve(folder);
    if (!Files.isDirectory(directory)) {
      throw new InputException("--test-data: there is no folder '" + folder + "'");
    }
  }

  /** The inputs, in the model's order; of sequences all tensors one after another. */
  public List<Tensor> inputs() {
    List<Tensor> all = new ArrayList<>();
    counts.clear();
    for (Model.Port port : model.inputs()) {
      String name = "input_" + counts.size();
      if (!port.isSequence()) {
        all.add(ModelInputs.fitted(file(name, port.isInteger()), port));
        counts.add(1);
        continue;
      }
      List<Tensor> items = OnnxSequence.read(path(name), inputs.dtype());
      counts.add(items == null ? -1 : items.size());
      all.addAll(items == null ? List.of() : items);
    }
    return all;
  }

  /** The model for inputs that were read: it takes so many tensors as they are. */
  public Model model() {
    return model.unfolded(counts);
  }

  /** The outputs in the model's order; of sequences all tensors one after another. */
  public List<Tensor> outputs() {
    List<Tensor> expected = new ArrayList<>();
    for (int i = 0; i < model.outputs().size(); i++) {
      String name = "output_" + i;
      if (model.givesSequence(i)) {
        List<Tensor> items = OnnxSequence.read(path(name), inputs.dtype());
        expected.addAll(items == null ? List.of() : items);
      } else {
        expected.add(OnnxTensor.read(path(name), inputs.dtype()));
      }
    }
    return expected;
  }

  private Path path(String name) {
    String file = name + ".pb";
    if (!Files.isRegularFile(directory.resolve(file))) {
      boolean isAbove = Files.isDirectory(directory.resolve("test_data_set_0"));
      throw new InputException(
          "--test-data: there is no '"
              + file
              + "' in '"
              + folder
              + "'"
              + (isAbove ? "; give the folder test_data_set_0 in it" : ""));
    }
    return directory.resolve(file);
  }

  private Tensor file(String name, boolean isInteger) {
    // A folder's name may look like a literal; its files do not.
    DType dtype = isInteger ? DType.INT64 : inputs.dtype();
    return TensorArgument.file(path(name).toString(), inputs.options(dtype));
  }
}
