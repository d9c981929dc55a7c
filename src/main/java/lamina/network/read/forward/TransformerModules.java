package lamina.network.read.forward;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lamina.layer.Call;
import lamina.layer.Compatibility;
import lamina.layer.Layer;
import lamina.layer.LayerRegistry;
import lamina.network.read.forward.ForwardValue.Ref;
import lamina.network.read.forward.MultiheadAttention.Masks;

/**
 * torch.nn's Transformer, its encoder and decoder and their layers, where their constructors are
 * written: {@code TransformerEncoderLayer(512, 8, batch_first=True)}. Prints hide the heads.
 */
final class TransformerModules {
  private static final List<String> LAYER =
      List.of(
          "d_model",
          "nhead",
          "dim_feedforward",
          "dropout",
          "activation",
          "layer_norm_eps",
          "batch_first",
          "norm_first",
          "bias");

  private static final List<String> ENCODER =
      List.of("encoder_layer", "num_layers", "norm", "enable_nested_tensor", "mask_check");

  private static final List<String> DECODER = List.of("decoder_layer", "num_layers", "norm");

  private static final List<String> TRANSFORMER =
      List.of(
          "d_model",
          "nhead",
          "num_encoder_layers",
          "num_decoder_layers",
          "dim_feedforward",
          "dropout",
          "activation",
          "custom_encoder",
          "custom_decoder",
          "layer_norm_eps",
          "batch_first",
          "norm_first",
          "bias");

  private final Trace trace;
  private final FunctionCall call;

  private TransformerModules(Trace trace, FunctionCall call) {
    this.trace = trace;
    this.call = call;
  }

  /** Whether a module is one of them, with its constructor's arguments. */
  static boolean is(Call module) {
    return module != null
        && module.children().isEmpty()
        && !module.arguments().isEmpty()
        && List.of(
                "Transformer",
                "TransformerEncoder",
                "TransformerEncoderLayer",
                "TransformerDecoder",
                "TransformerDecoderLayer")
            .contains(module.type());
  }

  /** What a module gives. */
  static Ref run(Trace trace, String path, FunctionCall call) {
    TransformerModules modules = new TransformerModules(trace, call);
    Call module = trace.modules().call(path);
    trace.modules().use(path);
    Ref made =
        switch (module.type()) {
          case "TransformerEncoderLayer" -> {
            Ref source = call.tensor(0, "src");
            yield modules.encoderLayer(
                path,
                module,
                source,
                modules.masks(1, "src_mask", 2, "src_key_padding_mask", 3, "is_causal"));
          }
          case "TransformerEncoder" -> {
            Ref source = call.tensor(0, "src");
            yield modules.encoder(
                path,
                module,
                source,
                modules.masks(1, "mask", 2, "src_key_padding_mask", 3, "is_causal"));
          }
          case "Transformer" -> modules.transformer(path, module);
          default -> modules.decoded(path, module);
        };
    call.requireAllAsked();
    return made;
  }

  private Masks masks(
      int attention,
      String attentionName,
      int padding,
      String paddingName,
      int causal,
      String causalName) {
    return new Masks(
        call.get(attention, attentionName),
        call.get(padding, paddingName),
        call.flag(causal, causalName, false));
  }

  /** The output of a decoder or of one of its layers. */
  private Ref decoded(String path, Call module) {
    Ref target = call.tensor(0, "tgt");
    Ref memory = call.tensor(1, "memory");
    Masks own = masks(2, "tgt_mask", 4, "tgt_key_padding_mask", 6, "tgt_is_causal");
    Masks across = masks(3, "memory_mask", 5, "memory_key_padding_mask", 7, "memory_is_causal");
    return module.type().equals("TransformerDecoder")
        ? decoder(path, module, target, memory, own, across)
        : decoderLayer(path, module, target, memory, own, across);
  }

  private Ref transformer(String path, Call module) {
    Ref source = call.tensor(0, "src");
    Ref target = call.tensor(1, "tgt");
    Masks ofSource = masks(2, "src_mask", 5, "src_key_padding_mask", 8, "src_is_causal");
    Masks ofTarget = masks(3, "tgt_mask", 6, "tgt_key_padding_mask", 9, "tgt_is_causal");
    Masks across = masks(4, "memory_mask", 7, "memory_key_padding_mask", 10, "memory_is_causal");
    Map<String, Object> given = ConstructorArguments.named(module, TRANSFORMER, call);
    List<Call.Argument> ofLayers = new ArrayList<>();
    given.forEach(
        (name, value) -> {
          if (name.startsWith("custom") && value != null) {
            throw call.error("has " + name + ", which is not known here");
          }
          if (LAYER.contains(name)) {
            ofLayers.add(new Call.Argument(name, value, module.place()));
          }
        });
    if (!given.containsKey("d_model")) {
      ofLayers.add(new Call.Argument("d_model", 512L, module.place()));
    }
    if (!given.containsKey("nhead")) {
      ofLayers.add(new Call.Argument("nhead", 8L, module.place()));
    }
    Call layer = new Call("layer", ofLayers, List.of(), module.place(), module.text());
    Map<String, Object> sizes = arguments(layer);
    Ref memory = source;
    for (int i = 0; i < count(given, "num_encoder_layers", 6L); i++) {
      memory = encoderLayer(path + ".encoder.layers." + i, layer, memory, ofSource);
    }
    memory = norm(path + ".encoder.norm", sizes, memory);
    Ref y = target;
    for (int i = 0; i < count(given, "num_decoder_layers", 6L); i++) {
      y = decoderLayer(path + ".decoder.layers." + i, layer, y, memory, ofTarget, across);
    }
    return norm(path + ".decoder.norm", sizes, y);
  }

  private long count(Map<String, Object> given, String name, Object otherwise) {
    Object value = given.getOrDefault(name, otherwise);
    if (value instanceof Long count && count >= 1 && count <= 1000) {
      return count;
    }
    throw call.error("needs a whole number from 1 to 1000 for " + name);
  }

  private Call inner(Map<String, Object> given, String name, String type) {
    if (given.get(name) instanceof Call layer && layer.type().equals(type)) {
      return layer;
    }
    throw call.error("needs a " + type + "(...) as " + name);
  }

  private Ref encoder(String path, Call module, Ref source, Masks masks) {
    Map<String, Object> given = ConstructorArguments.named(module, ENCODER, call);
    Call layer = inner(given, "encoder_layer", "TransformerEncoderLayer");
    Ref x = source;
    for (int i = 0; i < count(given, "num_layers", null); i++) {
      x = encoderLayer(path + ".layers." + i, layer, x, masks);
    }
    return last(path, given, x);
  }

  private Ref decoder(String path, Call module, Ref target, Ref memory, Masks own, Masks across) {
    Map<String, Object> given = ConstructorArguments.named(module, DECODER, call);
    Call layer = inner(given, "decoder_layer", "TransformerDecoderLayer");
    Ref x = target;
    for (int i = 0; i < count(given, "num_layers", null); i++) {
      x = decoderLayer(path + ".layers." + i, layer, x, memory, own, across);
    }
    return last(path, given, x);
  }

  /** The norm at the end, if there is one. */
  private Ref last(String path, Map<String, Object> given, Ref x) {
    if (given.get("norm") == null) {
      return x;
    }
    Layer norm =
        given.get("norm") instanceof Call made
            ? LayerRegistry.create(made, Compatibility.TORCH)
            : null;
    if (norm == null) {
      throw call.error("needs a layer such as LayerNorm(512) as norm");
    }
    return module(path + ".norm", norm, ((Call) given.get("norm")).text(), x);
  }

  private Map<String, Object> arguments(Call layer) {
    Map<String, Object> given = ConstructorArguments.named(layer, LAYER, call);
    count(given, "nhead", null);
    if (!(given.get("d_model") instanceof Long)) {
      throw call.error("needs a whole number for d_model");
    }
    return given;
  }

  private Ref encoderLayer(String path, Call layer, Ref x, Masks masks) {
    Map<String, Object> given = arguments(layer);
    boolean isFirst = Boolean.TRUE.equals(given.get("norm_first"));
    Ref y = isFirst ? norm(path + ".norm1", given, x) : x;
    y = add(x, attention(path + ".self_attn", given, y, y, masks));
    y = isFirst ? y : norm(path + ".norm1", given, y);
    Ref z = feedForward(path, given, isFirst ? norm(path + ".norm2", given, y) : y);
    z = add(y, z);
    return isFirst ? z : norm(path + ".norm2", given, z);
  }

  private Ref decoderLayer(String path, Call layer, Ref x, Ref memory, Masks own, Masks across) {
    Map<String, Object> given = arguments(layer);
    boolean isFirst = Boolean.TRUE.equals(given.get("norm_first"));
    Ref y = isFirst ? norm(path + ".norm1", given, x) : x;
    y = add(x, attention(path + ".self_attn", given, y, y, own));
    y = isFirst ? y : norm(path + ".norm1", given, y);
    Ref query = isFirst ? norm(path + ".norm2", given, y) : y;
    Ref z = add(y, attention(path + ".multihead_attn", given, query, memory, across));
    z = isFirst ? z : norm(path + ".norm2", given, z);
    Ref last = add(z, feedForward(path, given, isFirst ? norm(path + ".norm3", given, z) : z));
    return isFirst ? last : norm(path + ".norm3", given, last);
  }

  private Ref attention(
      String path, Map<String, Object> layer, Ref query, Ref memory, Masks masks) {
    Map<String, Object> given = new LinkedHashMap<>();
    given.put("embed_dim", layer.get("d_model"));
    given.put("num_heads", layer.get("nhead"));
    given.put("batch_first", layer.get("batch_first"));
    given.put("bias", layer.get("bias"));
    FunctionCall own =
        new FunctionCall(trace, path, List.of(), Map.of(), output(path), call.place());
    return new MultiheadAttention(trace, path, own, given).output(query, memory, memory, masks);
  }

  private String output(String path) {
    return trace.free(path.replace('.', '_'));
  }

  private Ref feedForward(String path, Map<String, Object> given, Ref x) {
    long size = (Long) given.get("d_model");
    Object wide = given.getOrDefault("dim_feedforward", 2048L);
    Ref y = linear(path + ".linear1", given, size, wide, x);
    String activation = String.valueOf(given.getOrDefault("activation", "relu"));
    activation =
        switch (activation.substring(activation.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT)) {
          case "relu", "relu()" -> "ReLU";
          case "gelu", "gelu()" -> "GELU";
          default ->
              throw call.error("has the activation '" + activation + "'; relu and gelu are known");
        };
    y = trace.add(output(path + ".activation"), activation, Map.of(), call.place(), y);
    return linear(path + ".linear2", given, wide, size, y);
  }

  private Ref linear(String path, Map<String, Object> given, Object in, Object out, Ref x) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("in_features", in);
    values.put("out_features", out);
    values.put("bias", !Boolean.FALSE.equals(given.get("bias")));
    return module(path, "Linear", values, x);
  }

  private Ref norm(String path, Map<String, Object> given, Ref x) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("normalized_shape", given.get("d_model"));
    values.put("eps", given.getOrDefault("layer_norm_eps", 1e-5));
    values.put("bias", !Boolean.FALSE.equals(given.get("bias")));
    return module(path, "LayerNorm", values, x);
  }

  private Ref module(String path, String type, Map<String, Object> values, Ref x) {
    List<Call.Argument> arguments = new ArrayList<>();
    StringBuilder text = new StringBuilder(type).append('(');
    values.forEach(
        (name, value) -> {
          arguments.add(new Call.Argument(name, value, call.place()));
          text.append(arguments.size() > 1 ? ", " : "").append(Call.show(value));
        });
    Call made = new Call(type, arguments, List.of(), call.place(), text.append(')').toString());
    return module(path, LayerRegistry.create(made, Compatibility.TORCH), made.text(), x);
  }

  private Ref module(String path, Layer layer, String text, Ref x) {
    return trace.runAs(path, layer, text, output(path), x);
  }

  private Ref add(Ref x, Ref y) {
    return trace.add(trace.free(call.output() + "_add"), "Add", Map.of(), call.place(), x, y);
  }
}
