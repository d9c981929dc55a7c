package lamina.network.read.forward;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.layer.AttentionMask;
import lamina.layer.Call;
import lamina.layer.Filled;
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
  private final Map<String, Object> given;

  /** The weights of attention, {@code (N, heads, L, S)}, once there is an output. */
  private Ref weights;

  /**
   * @param given the constructor's arguments by name
   */
  MultiheadAttention(Trace trace, String path, FunctionCall call, Map<String, Object> given) {
    this.trace = trace;
    this.path = path;
    this.call = call;
    this.given = given;
  }

  static boolean is(Call module) {
    return module != null && module.type().equals("MultiheadAttention");
  }

  /** The output and the weights of attention: a mean over the heads, or those of each head. */
  static Object run(Trace trace, String path, FunctionCall call) {
    Call module = trace.modules().call(path);
    MultiheadAttention attention =
        new MultiheadAttention(
            trace, path, call, ConstructorArguments.named(module, ARGUMENTS, call));
    Ref query = call.tensor(0, "query");
    Ref key = call.tensor(1, "key");
    Ref value = call.tensor(2, "value");
    Masks masks =
        new Masks(
            call.get(5, "attn_mask"),
            call.get(3, "key_padding_mask"),
            call.flag(7, "is_causal", false));
    boolean isNeeded = call.flag(4, "need_weights", true);
    boolean isMean = call.flag(6, "average_attn_weights", true);
    call.requireAllAsked();
    Ref output =
        attention.given.isEmpty()
            ? attention.hidden(query, key, value)
            : attention.output(query, key, value, masks);
    return new ForwardValue.Several(
        part -> part == 0 ? output : isNeeded ? attention.weights(isMean) : null, 2);
  }

  /**
   * What a call of attention leaves out.
   *
   * @param attention for each query and key, or null
   * @param padding for each key of each sample, or null
   */
  record Masks(Object attention, Object padding, boolean isCausal) {}

  private Object weights(boolean isMean) {
    if (weights == null) {
      return "the weights of attention, whose heads print(model) does not show";
    }
    return isMean ? call.between("mean", "Mean", Map.of("dim", 1L), weights) : weights;
  }

  private long number(String name, Object otherwise) {
    Object value = given.getOrDefault(name, otherwise);
    if (value instanceof Long number && number >= 1 && number <= Integer.MAX_VALUE / 3) {
      return number;
    }
    throw call.error("needs a whole number of at least 1 for " + name);
  }

  /** Attention under masks. */
  Ref output(Ref query, Ref key, Ref value, Masks masks) {
    for (String name : List.of("add_bias_kv", "add_zero_attn")) {
      if (given.get(name) != null && !Boolean.FALSE.equals(given.get(name))) {
        throw call.error("has " + name + ", which is not known here");
      }
    }
    boolean bias = !Boolean.FALSE.equals(given.get("bias"));
    long size = number("embed_dim", null);
    long heads = number("num_heads", null);
    if (size % heads != 0) {
      throw call.error("has " + heads + " heads, which do not divide its size of " + size);
    }
    boolean first = Boolean.TRUE.equals(given.get("batch_first"));
    int[] order = first ? new int[] {0, 2, 1, 3} : new int[] {1, 2, 0, 3};
    Ref[] parts = {query, key, value};
    Ref[] projections = projections(size);
    Ref shift = bias ? trace.own(path + ".in_proj_bias", Shape.of((int) (3 * size)), true) : null;
    for (int i = 0; i < 3; i++) {
      String name = "qkv".substring(i, i + 1);
      Ref projected = product(name, parts[i], projections[i]);
      if (bias) {
        Ref own = slice(shift, name + "_bias", i, size);
        projected = call.between(name + "_shifted", "Add", Map.of(), projected, own);
      }
      Ref apart = view(name + "_heads", projected, parts[i], List.of(heads, size / heads));
      parts[i] = permuted(name + "_moved", apart, order);
    }
    Ref mixed = mixed(parts, (double) size / heads, masks);
    int[] back = first ? new int[] {0, 2, 1, 3} : new int[] {2, 0, 1, 3};
    Ref joined = view("joined", permuted("moved", mixed, back), query, List.of(size));
    Ref last = trace.own(path + ".out_proj.weight", Shape.of((int) size, (int) size), true);
    Ref y = product("out", joined, last);
    return bias
        ? call.emit(
            "Add", Map.of(), y, trace.own(path + ".out_proj.bias", Shape.of((int) size), true))
        : trace.memory().copy(y);
  }

  /** The values, mixed by the softmax of queries times keys. */
  private Ref mixed(Ref[] parts, double headSize, Masks masks) {
    Map<String, Object> scale = Map.of("scale", 1 / Math.sqrt(headSize));
    Ref scaled = call.between("scaled", "Affine", scale, parts[0]);
    Ref scores = call.between("scores", new MatMul(), scaled, turned(call, "k_turned", parts[1]));
    weights = call.between("weights", "Softmax", Map.of("dim", -1L), masked(scores, masks));
    return call.between("mixed", new MatMul(), weights, parts[2]);
  }

  /** The weights of queries, keys and values: one matrix, or three where sizes differ. */
  private Ref[] projections(long size) {
    long keys = number("kdim", size);
    long values = number("vdim", size);
    Ref[] projections = new Ref[3];
    if (keys == size && values == size) {
      Shape shape = Shape.of((int) (3 * size), (int) size);
      Ref weight = trace.own(path + ".in_proj_weight", shape, true);
      for (int i = 0; i < 3; i++) {
        projections[i] = slice(weight, "qkv".charAt(i) + "_weight", i, size);
      }
      return projections;
    }
    long[] sizes = {size, keys, values};
    for (int i = 0; i < 3; i++) {
      String name = path + "." + "qkv".charAt(i) + "_proj_weight";
      projections[i] = trace.own(name, Shape.of((int) size, (int) sizes[i]), true);
    }
    return projections;
  }

  private Ref masked(Ref scores, Masks masks) {
    Ref sum = scores;
    if (masks.attention() != null) {
      sum = added(call, sum, call.asTensor(masks.attention()), false);
    } else if (masks.isCausal()) {
      throw call.error("needs attn_mask beside is_causal, as PyTorch does");
    }
    if (masks.padding() != null) {
      Ref padding = call.asTensor(masks.padding());
      Ref heads = call.between("padding", "Unsqueeze", Map.of("dim", 1L), padding);
      sum = added(call, sum, call.between("padding", "Unsqueeze", Map.of("dim", 1L), heads), false);
    }
    return sum;
  }

  /** Scores to which a mask is added. */
  private static Ref added(FunctionCall call, Ref scores, Ref mask, boolean allows) {
    AttentionMask.Kind kind;
    if (mask.isTruth == null) {
      kind = allows ? AttentionMask.Kind.OPEN_ALLOWS : AttentionMask.Kind.OPEN;
    } else if (mask.isTruth) {
      kind = allows ? AttentionMask.Kind.ALLOWS : AttentionMask.Kind.FORBIDS;
    } else {
      kind = AttentionMask.Kind.NUMBERS;
    }
    Ref bias = call.between("mask", new AttentionMask(kind), mask, scores);
    return call.between("masked", "Add", Map.of(), scores, bias);
  }

  /** torch.nn.functional.scaled_dot_product_attention: softmax(q · kᵀ / √E + mask) · v. */
  static Object scaledProduct(FunctionCall call) {
    Ref query = call.tensor(0, "query");
    Ref key = call.tensor(1, "key");
    Ref value = call.tensor(2, "value");
    Object mask = call.get(3, "attn_mask");
    // In evaluation nothing is dropped.
    call.get(4, "dropout_p");
    boolean isCausal = call.flag(5, "is_causal", false);
    Object scale = call.option("scale");
    if (Boolean.TRUE.equals(call.option("enable_gqa"))) {
      throw call.error("is not known with enable_gqa=True");
    }
    if (mask != null && isCausal) {
      throw call.error("takes attn_mask or is_causal, not both");
    }
    Ref scaled =
        scale == null
            ? ArithmeticFunctions.scaled(
                call.named("scaled"),
                query,
                new ForwardValue.Factor(1, call.trace().size(query, -1).dim(), -0.5))
            : call.between("scaled", "Affine", Map.of("scale", call.number(9, "scale", 1)), query);
    Ref scores = call.between("scores", new MatMul(), scaled, turned(call, "k_turned", key));
    if (isCausal) {
      Ref ones = call.between("ones", Filled.like(1, false), scores);
      Ref lower = ShapeFunctions.triangle(call.named("lower"), ones, false, 0);
      Ref bias = call.between("mask", new AttentionMask(AttentionMask.Kind.ALLOWS), lower, scores);
      scores = call.between("masked", "Add", Map.of(), scores, bias);
    } else if (mask != null) {
      scores = added(call, scores, call.asTensor(mask), true);
    }
    Ref weights = call.between("weights", "Softmax", Map.of("dim", -1L), scores);
    return call.emit(new MatMul(), "", weights, value);
  }

  private Ref hidden(Ref query, Ref key, Ref value) {
    Call printed = trace.modules().call(path + ".out_proj");
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
    return call.between(name + "_product", new MatMul(), x, turned(call, name + "_turned", weight));
  }

  private static Ref turned(FunctionCall call, String name, Ref x) {
    Map<String, Object> last = new LinkedHashMap<>();
    last.put("dim0", -2L);
    last.put("dim1", -1L);
    return call.between(name, "Transpose", last, x);
  }

  private Ref permuted(String name, Ref x, int... order) {
    List<Object> dims = new ArrayList<>();
    for (int axis : order) {
      dims.add((long) axis);
    }
    return call.between(name, "Permute", Map.of("dims", dims), x);
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
