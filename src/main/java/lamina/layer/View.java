package lamina.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * The same elements in another shape, as torch.Tensor.view and reshape: {@code View(-1, 400)}. One
 * size of -1 follows from the others. The batch counts.
 *
 * @param sizes numbers, or expressions of sizes of the inputs: {@link #sizeOf}
 * @param count how many inputs there are; all but the first only give sizes
 */
public record View(List<Dim> sizes, int count) implements MergeLayer {
  static final LayerType TYPE =
      new LayerType("View", "*shape", "the same elements in another shape: View(-1, 400)") {
        @Override
        public Layer layer(LayerArguments args) {
          return View.of(args);
        }
      };

  private static Layer of(LayerArguments args) {
    List<Dim> sizes = new ArrayList<>();
    for (int size : args.list("shape", -1)) {
      sizes.add(Dim.of(size));
    }
    return new View(sizes, 1);
  }

  /**
   * The symbol that stands for a size of an input until that is known.
   *
   * @param axis negative from the last
   */
  public static Dim sizeOf(int input, int axis) {
    return Dim.symbol("input" + input + (axis < 0 ? "_last" + -axis : "_axis" + axis));
  }

  @Override
  public String type() {
    return "View";
  }

  @Override
  public int least() {
    return 1;
  }

  @Override
  public boolean countsAxes() {
    return true;
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return new Shape(resolved(sizes, inputs));
  }

  /** Sizes with those of the inputs in place of their symbols, and no -1 among them. */
  private static List<Dim> resolved(List<Dim> sizes, List<Shape> inputs) {
    List<Dim> dims = new ArrayList<>();
    int open = -1;
    for (Dim size : sizes) {
      Dim dim = of(size, inputs);
      if (dim.is(-1) && open < 0) {
        open = dims.size();
      } else if (dim.isNumber() && dim.value() < 1) {
        throw new InputException("has the size " + dim + "; sizes are at least 1, or one is -1");
      }
      dims.add(dim);
    }
    Shape input = inputs.get(0);
    if (open >= 0) {
      dims.set(open, Dim.ONE);
      dims.set(open, rest(input, dims));
    }
    Dim given = input.elements();
    Dim made = new Shape(dims).elements();
    if (!made.equals(given) && made.isNumber() && given.isNumber()) {
      throw new InputException(
          "makes " + new Shape(dims) + " of " + made + " elements, but its input has " + given);
    }
    return dims;
  }

  /** An expression with the sizes of inputs in place of their symbols. */
  public static Dim of(Dim size, List<Shape> inputs) {
    Dim dim = size;
    for (int input = 0; input < inputs.size() && !dim.isNumber(); input++) {
      Shape shape = inputs.get(input);
      for (int axis = -shape.rank(); axis < shape.rank(); axis++) {
        String symbol = sizeOf(input, axis).toString();
        if (size.symbols().contains(symbol)) {
          dim = dim.substitute(symbol, shape.dim(axis));
        }
      }
    }
    for (String symbol : dim.symbols()) {
      if (symbol.startsWith("input")) {
        throw new InputException("needs a size of an axis that its input has not");
      }
    }
    return dim;
  }

  /** What the other sizes leave of all elements. */
  private static Dim rest(Shape input, List<Dim> others) {
    List<Dim> left = new ArrayList<>(input.dims());
    Dim divisor = Dim.ONE;
    for (Dim dim : others) {
      if (!left.remove(dim)) {
        divisor = divisor.times(dim);
      }
    }
    Dim elements = new Shape(left).elements();
    boolean shares =
        divisor.isNumber() && elements.floorDiv(divisor.value()).times(divisor).equals(elements);
    if (!shares) {
      throw new InputException(
          "cannot share the elements of " + input + " out among rows of " + new Shape(others));
    }
    return elements.floorDiv(divisor.value());
  }

  @Override
  public Reach reach(Shape input) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Pass pass) {
    List<Shape> shapes = new ArrayList<>();
    for (Tensor input : inputs) {
      shapes.add(Shape.of(input.shape()));
    }
    Tensor x = inputs.get(0);
    pass.recordMerge(
        dy -> {
          Tensor[] gradients = new Tensor[inputs.size()];
          gradients[0] = dy.reshape(x.shape());
          return Arrays.asList(gradients);
        });
    return x.reshape(output(shapes).sizes());
  }
}
