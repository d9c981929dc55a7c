package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lamina.network.Model;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/** What the sizes that a file leaves open come to for inputs of given shapes. */
final class Symbols {
  private final Map<String, Dim> sizes = new HashMap<>();

  /**
   * Takes in what the shape of an input says of the file's symbols.
   *
   * @throws InputException if it is not what the file wants, or another input says otherwise
   */
  void unify(Model.Port port, Shape shape) {
    Shape declared = port.shape();
    if (declared == null || shape == null) {
      return;
    }
    boolean fits = declared.rank() == shape.rank();
    for (int axis = 0; fits && axis < shape.rank(); axis++) {
      Dim there = declared.dim(axis);
      Dim here = shape.dim(axis);
      if (there.isNumber()) {
        fits = there.equals(here) || !here.isNumber();
        continue;
      }
      Dim before = sizes.putIfAbsent(there.toString(), here);
      if (before != null && !before.equals(here) && before.isNumber() && here.isNumber()) {
        throw new InputException(
            "the input '"
                + port.name()
                + "' is "
                + shape
                + ", but "
                + there
                + " is "
                + before
                + " in another input");
      }
    }
    if (!fits) {
      throw new InputException(
          "the input '" + port.name() + "' is " + shape + ", but the file wants " + declared);
    }
  }

  /** A shape of the file with the symbols that are known replaced. */
  Shape in(Shape shape) {
    List<Dim> dims = new ArrayList<>();
    for (Dim dim : shape.dims()) {
      dims.add(dim.isNumber() ? dim : sizes.getOrDefault(dim.toString(), dim));
    }
    return new Shape(dims);
  }

  /** What the file says of its version and its outputs that does not go with what was found. */
  List<String> doubts(OnnxModel model, NodeScope scope) {
    List<String> doubts = new ArrayList<>();
    int opset = model.opset("");
    boolean usesIt = model.graph().nodes().stream().anyMatch(node -> node.domain().isEmpty());
    if (usesIt && (opset < OnnxModel.FIRST_OPSET || opset > OnnxModel.LAST_OPSET)) {
      doubts.add(
          model.source()
              + ": is of opset "
              + opset
              + ", but opsets "
              + OnnxModel.FIRST_OPSET
              + " to "
              + OnnxModel.LAST_OPSET
              + " are known: its operators may mean something else");
    }
    for (OnnxGraph.Info output : model.graph().outputs()) {
      Shape found = scope.value(output.name()).shape();
      if (found == null || output.shape() == null || !output.isTensor()) {
        continue;
      }
      Shape declared = in(output.shape());
      boolean fits = declared.rank() == found.rank();
      for (int axis = 0; fits && axis < found.rank(); axis++) {
        Dim there = declared.dim(axis);
        Dim here = found.dim(axis);
        fits = !there.isNumber() || !here.isNumber() || there.equals(here);
      }
      if (!fits) {
        doubts.add(
            model.source()
                + ": says that its output '"
                + output.name()
                + "' is "
                + declared
                + ", but its nodes give "
                + found);
      }
    }
    return doubts;
  }
}
