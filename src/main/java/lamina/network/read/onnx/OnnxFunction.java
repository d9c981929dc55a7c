package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lamina.format.OnnxTensor;
import lamina.format.ProtoInput;

/** ONNX's FunctionProto: an operator that the file itself makes of others. */
final class OnnxFunction {
  private final List<String> inputs = new ArrayList<>();
  private final List<String> outputs = new ArrayList<>();
  private final List<OnnxNode> nodes = new ArrayList<>();
  private final Map<String, Object> defaults = new HashMap<>();
  private final Map<String, Long> opsets = new HashMap<>();
  private String name = "";
  private String domain = "";

  static OnnxFunction parse(ProtoInput in, OnnxTensor.Bytes bytes) {
    OnnxFunction function = new OnnxFunction();
    in.fields(
        field -> {
          switch (field) {
            case 1 -> function.name = in.text();
            case 4 -> function.inputs.add(in.text());
            case 5 -> function.outputs.add(in.text());
            case 7 -> in.message(() -> function.nodes.add(OnnxNode.parse(in, bytes)));
            case 9 -> in.message(() -> OnnxModel.readOpset(in, function.opsets));
            case 10 -> function.domain = in.text();
            case 11 -> in.message(() -> OnnxNode.readAttribute(in, bytes, function.defaults));
            default -> {
              return false;
            }
          }
          return true;
        });
    return function;
  }

  /** What nodes that call it have as their operator: its domain and name. */
  String key() {
    return key(domain, name);
  }

  static String key(String domain, String name) {
    return domain + ":" + name;
  }

  List<String> inputs() {
    return inputs;
  }

  List<String> outputs() {
    return outputs;
  }

  List<OnnxNode> nodes() {
    return nodes;
  }

  /** What attributes are that a call leaves out. */
  Map<String, Object> defaults() {
    return defaults;
  }

  /** The version of an operator set; null if it is the model's. */
  Long opset(String of) {
    return opsets.get(of);
  }
}
