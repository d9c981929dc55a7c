package lamina.network.read.forward;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.layer.Call;
import lamina.layer.HiddenHeads;
import lamina.layer.MatMul;
import lamina.layer.View;
import lamina.network.read.forward.ForwardValue.Ref;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;

/**
 * torch.nn.MultiheadAttention, whose print shows neither its heads nor its weights: where somebody
 * writes {@code MultiheadAttention(embed_dim, num_heads, batch_first=True)}, it becomes the
 * products that it is made of.
 */
final class MultiheadAttention {
  private static final List<String> ARGUMENTS =
      List.of(
          "embed_dim",
          "num_heads",
          "dropout",
          "bias",
          "add_bias_kv",
          "add_zero_attn",
          "kdim",
          "vdim",
          "batch_first");

  private final Trace trace;
  private final String path;
  private final FunctionCall call;
  private final Map<String, Object> given = new LinkedHashMap<>();

  private MultiheadAttention(Trace trace, String path, FunctionCall call) {
    this.trace = trace;
    this.path = path;
    this.call = call;
    int next = 0;
    for (Call.Argument argument : trace.modules().call(path).arguments()) {
      String name =
          argument.name() != null
              ? argument.name()
              : next < ARGUMENTS.size() ? ARGUMENTS.get(next++) : "a tenth argument";
      if (!ARGUMENTS.contains(name)) {
        throw call.error("has no argument '" + name + "'");
      }
      given.put(name, argument.value());
    }
  }

  static boolean is(Call module) {
    return module != null && module.type().equals("MultiheadAttention");
  }

  /** The output and the weights of attention, of which the latter cannot be taken. */
  static Object run(Trace trace, String path, FunctionCall call) {
    MultiheadAttention attention = new MultiheadAttention(trace, path, call);
    return Arrays.asList(attention.output(), "the weights of attention");
  }

  private long number(String name) {
    if (given.get(name) instanceof Long number && number >= 1 && number <= Integer.MAX_VALUE / 3) {
      return number;
    }
    throw call.error("needs a whole number of at least 1 for " + name);
  }

  private void checkArguments() {
    for (String name : List.of("attn_mask", "key_padding_mask")) {
      if (call.named().get(name) != null) {
        throw call.error("is called with " + name + ", which is not known here");
      }
    }
    for (String name : List.of("kdim", "vdim", "add_bias_kv", "add_zero_attn")) {
      if (given.get(name) != null && !Boolean.FALSE.equals(given.get(name))) {
        throw call.error("has " + name + ", which is not known here");
      }
    }
  }

  private Ref output() {
    checkArguments();
    Ref query = call.tensor(0, "query");
    Ref key = call.tensor(1, "key");
    Ref value = call.tensor(2, "value");
    String project = path + ".out_proj";
    if (given.isEmpty()) {
      return hidden(trace.modules().call(project), query, key, value);
    }
    boolean bias = !Boolean.FALSE.equals(given.get("bias"));
    long size = number("embed_dim");
    long heads = number("num_heads");
    if (size % heads != 0) {
      throw call.error("has " + heads + " heads, which do not divide its size of " + size);
    }
    boolean first = Boolean.TRUE.equals(given.get("batch_first"));
    Ref[] parts = {query, key, value};
    Ref weight = trace.own(path + ".in_proj_weight", Shape.of((int) (3 * size), (int) size), true);
    Ref shift = bias ? trace.own(path + ".in_proj_bias", Shape.of((int) (3 * size)), true) : null;
    for (int i = 0; i < 3; i++) {
      String name = "qkv".substring(i, i + 1);
      Ref projected = product(name, parts[i], slice(weight, name + "_weight", i, size));
      if (bias) {
        Ref own = slice(shift, name + "_bias", i, size);
        projected = call.between(name + "_shifted", "Add", Map.of(), projected, own);
      }
      Ref apart = view(name + "_heads", projected, parts[i], List.of(heads, size / heads));
      parts[i] =
          first
              ? permuted(name + "_moved", apart, 0, 2, 1, 3)
              : permuted(name + "_moved", apart, 1, 2, 0, 3);
    }
    Ref mixed = mixed(parts, (double) size / heads);
    Ref moved = first ? permuted("moved", mixed, 0, 2, 1, 3) : permuted("moved", mixed, 2, 0, 1, 3);
    Ref joined = view("joined", moved, query, List.of(size));
    Ref last = trace.own(project + ".weight", Shape.of((int) size, (int) size), true);
    Ref y = product("out", joined, last);
    if (!bias) {
      return y;
    }
    return call.emit("Add", Map.of(), y, trace.own(project + ".bias", Shape.of((int) size), true));
  }

  /** The values, mixed by the softmax of queries times keys. */
  private Ref mixed(Ref[] parts, double headSize) {
    Map<String, Object> scale = Map.of("scale", 1 / Math.sqrt(headSize));
    Ref scaled = call.between("scaled", "Affine", scale, parts[0]);
    Ref scores = call.between("scores", new MatMul(), scaled, turned("k_turned", parts[1]));
    Ref weights = call.between("weights", "Softmax", Map.of("dim", -1L), scores);
    return call.between("mixed", new MatMul(), weights, parts[2]);
  }

  private Ref permuted(String name, Ref x, long... order) {
    List<Object> dims = new ArrayList<>();
    for (long axis : order) {
      dims.add(axis);
    }
    return call.between(name, "Permute", Map.of("dims", dims), x);
  }

  private Ref hidden(Call printed, Ref query, Ref key, Ref value) {
    Object size = null;
    boolean bias = true;
    for (Call.Argument argument :
        printed == null ? List.<Call.Argument>of() : printed.arguments()) {
      size = "in_features".equals(argument.name()) ? argument.value() : size;
      bias &= !("bias".equals(argument.name()) && Boolean.FALSE.equals(argument.value()));
    }
    if (!(size instanceof Long number) || number < 1 || number > Integer.MAX_VALUE / 3) {
      throw call.error("has a size that print(model) does not show");
    }
    HiddenHeads layer = new HiddenHeads(number.intValue(), bias);
    return trace.add(path, layer, "MultiheadAttention(" + number + ")", query, key, value);
  }

  /** {@code x · Wᵀ}. */
  private Ref product(String name, Ref x, Ref weight) {
    return call.between(name + "_product", new MatMul(), x, turned(name + "_turned", weight));
  }

  private Ref turned(String name, Ref x) {
    Map<String, Object> last = new LinkedHashMap<>();
    last.put("dim0", -2L);
    last.put("dim1", -1L);
    return call.between(name, "Transpose", last, x);
  }

  private Ref slice(Ref x, String name, int index, long size) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("dim", 0L);
    values.put("start", index * size);
    values.put("stop", (index + 1) * size);
    return call.between(name, "Slice", values, x);
  }

  /** The first two sizes of a tensor, and others. */
  private Ref view(String name, Ref x, Ref like, List<Long> others) {
    List<Dim> sizes = new ArrayList<>();
    sizes.add(trace.size(like, 0).dim());
    sizes.add(trace.size(like, 1).dim());
    others.forEach(size -> sizes.add(Dim.of(size)));
    Ref[] taken = trace.takenFor(x, sizes);
    return call.between(name, new View(trace.within(sizes, taken), taken.length), taken);
  }
}
