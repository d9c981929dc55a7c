package lamina.network.read.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lamina.format.OnnxTensor;
import lamina.format.ProtoInput;
import lamina.layer.Cast;
import lamina.network.Model;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * ONNX's ModelProto, opset 6 to 25. Fields by number: onnx.proto of the ONNX project (Apache-2.0).
 */
public final class OnnxModel implements Model {
  static final int FIRST_OPSET = 6;
  static final int LAST_OPSET = 25;

  private final String source;
  private final Map<String, Long> opsets = new HashMap<>();
  private final List<Model.Port> inputs = new ArrayList<>();
  private final Map<String, OnnxFunction> functions = new HashMap<>();
  private OnnxGraph graph;

  private OnnxModel(String source) {
    this.source = source;
  }

  /**
   * Reads a model; its weights stay in the file until they are asked for.
   *
   * @param source what messages call the file
   * @throws InputException if it is damaged, or no ONNX model
   */
  public static OnnxModel read(OnnxTensor.Bytes bytes, String source) {
    OnnxModel model = new OnnxModel(source);
    try (InputStream stream = bytes.open(0)) {
      ProtoInput in = new ProtoInput(stream, bytes.length(), source);
      in.fields(field -> model.readField(field, in, bytes));
    } catch (IOException e) {
      throw InputException.at(source, "cannot be read: " + e.getMessage(), e);
    }
    model.check();
    return model;
  }

  private boolean readField(int field, ProtoInput in, OnnxTensor.Bytes bytes) {
    switch (field) {
      case 7 -> in.message(() -> graph = OnnxGraph.parse(in, bytes));
      case 8 -> in.message(() -> readOpset(in, opsets));
      case 25 -> in.message(() -> addFunction(OnnxFunction.parse(in, bytes)));
      default -> {
        return false;
      }
    }
    return true;
  }

  private void addFunction(OnnxFunction function) {
    if (functions.put(function.key(), function) != null) {
      throw InputException.at(source, "has two functions '" + function.key() + "'");
    }
  }

  /** The function of the file that a node calls; null if it calls none. */
  OnnxFunction function(OnnxNode node) {
    return functions.get(OnnxFunction.key(node.domain(), node.type()));
  }

  /** Reads the version of an operator set into a table of them by domain. */
  static void readOpset(ProtoInput in, Map<String, Long> opsets) {
    String[] domain = {""};
    long[] version = {0};
    in.fields(
        field -> {
          switch (field) {
            case 1 -> domain[0] = in.text();
            case 2 -> version[0] = in.integer();
            default -> {
              return false;
            }
          }
          return true;
        });
    opsets.put(domain[0].equals("ai.onnx") ? "" : domain[0], version[0]);
  }

  private void check() {
    if (graph == null) {
      throw InputException.at(source, "has no graph; it is no ONNX model, or a damaged one");
    }
    if (graph.outputs().isEmpty()) {
      throw InputException.at(source, "its graph has no output");
    }
    Set<String> names = new HashSet<>();
    for (OnnxGraph.Info input : graph.inputs()) {
      if (input.name().isEmpty() || !names.add(input.name())) {
        throw new InputException(
            source
                + ": its graph has "
                + (input.name().isEmpty()
                    ? "an input without a name"
                    : "two inputs '" + input.name() + "'"));
      }
      if (!graph.initializers().containsKey(input.name())) {
        if (input.type() == 8 || input.type() == 0) {
          throw new InputException(
              source
                  + ": its input '"
                  + input.name()
                  + (input.type() == 8
                      ? "' holds strings, which are no numbers"
                      : "' is neither a tensor nor a sequence of them, or without a type"));
        }
        Cast.Kind kind = Cast.Kind.ofOnnx(input.type());
        Shape shape = input.isTensor() ? input.shape() : null;
        inputs.add(new Model.Port(input.name(), shape, input.isInteger(), kind, !input.isTensor()));
      }
    }
  }

  OnnxGraph graph() {
    return graph;
  }

  /** What messages call the file. */
  String source() {
    return source;
  }

  /** The version of an operator set; of ONNX's own, 1 if the file does not say. */
  int opset(String domain) {
    return version(opsets.getOrDefault(domain, domain.isEmpty() ? 1L : 0L));
  }

  /** A version as an int; no operator set has a million of them. */
  static int version(long opset) {
    return (int) Math.min(opset, 1_000_000L);
  }

  @Override
  public List<Model.Port> inputs() {
    return inputs;
  }

  @Override
  public List<String> outputs() {
    List<String> names = new ArrayList<>();
    for (OnnxGraph.Info output : graph.outputs()) {
      names.add(output.name());
    }
    return names;
  }

  @Override
  public boolean givesSequence(int output) {
    return !graph.outputs().get(output).isTensor();
  }

  @Override
  public Model unfolded(List<Integer> counts) {
    if (inputs.stream().noneMatch(Model.Port::isSequence)) {
      return this;
    }
    Map<String, Integer> byName = new HashMap<>();
    for (int i = 0; i < counts.size(); i++) {
      byName.put(inputs.get(i).name(), counts.get(i));
    }
    OnnxModel model = new OnnxModel(source);
    model.opsets.putAll(opsets);
    model.functions.putAll(functions);
    model.graph = graph.unfolded(byName);
    model.check();
    return model;
  }

  @Override
  public Model.Bound bind(List<Shape> shapes, List<Tensor> values, DType dtype, boolean merges) {
    for (Model.Port port : inputs) {
      if (port.isSequence()) {
        throw new InputException(
            source
                + ": its input '"
                + port.name()
                + "' is a sequence or an optional value, which only lamina run --test-data gives");
      }
    }
    Set<Integer> needed = new HashSet<>();
    while (true) {
      try {
        InputValues given = new InputValues(values, needed);
        return new Walk(this, shapes, given, dtype, merges).bound();
      } catch (NeedsValues e) {
        needed.addAll(e.inputs());
      } catch (InputException e) {
        throw e.placed(source);
      }
    }
  }
}
