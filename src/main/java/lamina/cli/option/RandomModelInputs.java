package lamina.cli.option;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.network.Model;
import lamina.tensor.DType;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/** Random inputs for a network from a file that names them and says their shapes. */
public final class RandomModelInputs {
  private final Model model;
  private final long seed;

  public RandomModelInputs(Model model, long seed) {
    this.model = model;
    this.seed = seed;
  }

  /**
   * Normal numbers for every input, and zeros where whole numbers are wanted, which name something
   * in every table.
   *
   * @param batch the size of the first input's first axis, if the file leaves it open
   * @param given the shapes of the inputs, with the batch or without; null for those of the file
   * @param isSample whether a shape of which the file says nothing is that of one sample
   */
  public List<Tensor> draw(int batch, List<Shape> given, boolean isSample, DType dtype) {
    Map<String, Dim> sizes = new LinkedHashMap<>();
    List<Tensor> all = new ArrayList<>();
    RandomNumbers random = new RandomNumbers(seed);
    for (Model.Port port : model.inputs()) {
      Shape shape = port.shape();
      Shape typed = given.get(all.size());
      if (typed != null) {
        shape = whole(typed, port.shape(), isSample, batch);
      }
      if (shape == null) {
        throw new UsageException(
            "the shape of the input '" + port.name() + "' is missing",
            "add --input " + port.name() + "=SHAPE");
      }
      if (all.isEmpty() && batch != 1 && typed == null && shape.dim(0).isNumber()) {
        throw new InputException(
            "--batch "
                + batch
                + ": the file fixes the input '"
                + port.name()
                + "' at "
                + shape
                + "; export it with an open batch");
      }
      if (all.isEmpty() && shape.rank() > 0 && !shape.dim(0).isNumber()) {
        shape = shape.with(0, Dim.of(batch));
      }
      for (int axis = 0; axis < shape.rank(); axis++) {
        if (all.isEmpty() && port.shape() != null && shape.rank() == port.shape().rank()) {
          sizes.put(port.shape().dim(axis).toString(), shape.dim(axis));
        }
        Dim size = shape.dim(axis);
        shape =
            size.isNumber() ? shape : shape.with(axis, sizes.getOrDefault(size.toString(), size));
      }
      if (!shape.isNumber()) {
        throw new UsageException(
            "the input '" + port.name() + "' is " + shape + ": give numbers for it as --input");
      }
      Tensor drawn = Tensor.zeros(port.isInteger() ? DType.INT64 : DType.FLOAT64, shape.sizes());
      for (int i = 0; i < drawn.size() && !port.isInteger(); i++) {
        drawn.doubles()[i] = random.nextGaussian();
      }
      all.add(port.isInteger() ? drawn : drawn.as(dtype));
    }
    return all;
  }

  private static Shape whole(Shape given, Shape declared, boolean isSample, int batch) {
    if (declared == null ? !isSample : declared.rank() != given.rank() + 1) {
      return given;
    }
    List<Dim> dims = new ArrayList<>(given.dims());
    dims.add(0, Dim.of(batch));
    return new Shape(dims);
  }
}
