package lamina.cli.option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /** The inputs, in the model's order. */
  public List<Tensor> inputs() {
    List<Tensor> all = new ArrayList<>();
    for (Model.Port port : model.inputs()) {
      all.add(ModelInputs.fitted(file("input_" + all.size(), port.isInteger()), port));
    }
    return all;
  }

  /**
   * The outputs, by their names.
   *
   * @param given what the model gave, whose types decide how files are read
   */
  public Map<String, Tensor> outputs(List<Tensor> given) {
    Map<String, Tensor> expected = new LinkedHashMap<>();
    for (int i = 0; i < given.size(); i++) {
      boolean isInteger = given.get(i).dtype() == DType.INT64;
      expected.put(model.outputs().get(i), file("output_" + i, isInteger));
    }
    return expected;
  }

  private Tensor file(String name, boolean isInteger) {
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
    // A folder's name may look like a literal; its files do not.
    String path = directory.resolve(file).toString();
    return TensorArgument.file(path, inputs.options(isInteger ? DType.INT64 : inputs.dtype()));
  }
}
