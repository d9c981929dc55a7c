package lamina.layer.recurrent;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import lamina.kernel.Cell;
import lamina.op.Blocks;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * The names and layouts that a framework gives the weights of recurrent layers, and how to turn
 * them into PyTorch's and back. It does not concern the functions, states and outputs of a layer.
 */
public enum RecurrentConvention {
  /** {@code weight_ih_l0 (G·H, I)}, ..., biases all or none. */
  TORCH("torch"),
  /**
   * {@code W (D, G·H, I)}, {@code R (D, G·H, H)}, {@code B (D, 2·G·H)}, {@code P (D, 3·H)}; gates
   * i, o, f, c and z, r, h. Source: the ONNX operators RNN, GRU and LSTM.
   */
  ONNX("onnx"),
  /**
   * {@code kernel (I, G·H)}, {@code recurrent_kernel (H, G·H)}, {@code bias (G·H)}, or {@code (2,
   * G·H)} of a GRU that resets after; with {@code forward_} and {@code backward_} before them in
   * both directions. Gates i, f, c, o and z, r, h.
   */
  KERAS("keras");

  private final String label;

  RecurrentConvention(String label) {
    this.label = label;
  }

  /** The convention with a name. */
  public static RecurrentConvention of(String label) {
    for (RecurrentConvention candidate : values()) {
      if (candidate.label.equals(label)) {
        return candidate;
      }
    }
    throw new IllegalArgumentException(label);
  }

  /** The name in options. */
  public String label() {
    return label;
  }

  /** Where PyTorch's gate of each index lies in the other convention. */
  private int[] order(Cell cell) {
    return switch (cell) {
      case RNN -> new int[] {0};
      case LSTM -> this == ONNX ? new int[] {0, 2, 3, 1} : new int[] {0, 1, 2, 3};
      case GRU -> new int[] {1, 0, 2};
    };
  }

  /** Whether these weights are of a GRU that resets after, as far as the convention tells. */
  public boolean resetAfter(Map<String, Tensor> weights) {
    if (this != KERAS) {
      return this == TORCH;
    }
    Tensor bias = weights.getOrDefault("bias", weights.get("forward_bias"));
    return bias != null && bias.rank() == 2;
  }

  /**
   * Weights by PyTorch's names and in its layouts.
   *
   * @throws InputException if one is missing, has no place or another shape
   */
  public Map<String, Tensor> toTorch(Cell cell, Map<String, Tensor> weights) {
    return switch (this) {
      case TORCH -> checkedBiases(weights);
      case ONNX -> fromOnnx(cell, weights);
      case KERAS -> fromKeras(cell, weights);
    };
  }

  /** Tells users what to do with a single bias, which PyTorch's layers do not have. */
  private static final String ONE_BIAS =
      "; a layer with one bias is that of --convention keras (kernel, recurrent_kernel, bias), or"
          + " give it as bias_ih_l0 and zeros as bias_hh_l0";

  private static Map<String, Tensor> checkedBiases(Map<String, Tensor> weights) {
    String some = null;
    for (String name : weights.keySet()) {
      if (name.equals("bias") || name.startsWith("bias_l")) {
        throw new InputException("weight " + name + " has no place" + ONE_BIAS);
      }
      if (name.startsWith("bias_")) {
        some = name;
      }
    }
    for (String name : weights.keySet()) {
      if (some != null && (name.startsWith("weight_ih_l") || name.startsWith("weight_hh_l"))) {
        String bias = "bias" + name.substring("weight".length());
        if (!weights.containsKey(bias)) {
          throw new InputException(
              "weight "
                  + bias
                  + " is missing although there is "
                  + some
                  + "; give all biases or none"
                  + ONE_BIAS);
        }
      }
    }
    return weights;
  }

  private Map<String, Tensor> fromOnnx(Cell cell, Map<String, Tensor> weights) {
    checkNames(weights, cell == Cell.LSTM ? "W, R, B, P" : "W, R, B");
    Tensor w = required(weights, "W");
    Tensor r = required(weights, "R");
    int gates = cell.gates();
    int directions = r.rank() == 3 ? r.dim(0) : 0;
    int hidden = r.rank() == 3 ? r.dim(2) : 0;
    int rows = gates * hidden;
    if ((directions != 1 && directions != 2) || r.dim(1) != rows || hidden == 0) {
      throw new InputException(
          "weight R has shape "
              + Tensor.text(r.shape())
              + " but the R of "
              + article(cell)
              + " is (1 or 2 directions, "
              + times(gates)
              + "hidden, hidden)");
    }
    int features = w.rank() == 3 ? w.dim(2) : 0;
    check("W", w, "(directions, " + times(gates) + "hidden, features)", directions, rows, features);
    Tensor b = weights.get("B");
    Tensor p = weights.get("P");
    if (b != null) {
      check("B", b, "(directions, 2·" + times(gates) + "hidden)", directions, 2 * rows);
    }
    if (p != null) {
      check("P", p, "(directions, 3·hidden)", directions, 3 * hidden);
    }
    Map<String, Tensor> torch = new LinkedHashMap<>();
    for (int d = 0; d < directions; d++) {
      String suffix = d == 0 ? "_l0" : "_l0_reverse";
      torch.put("weight_ih" + suffix, Tensor.zeros(w.dtype(), rows, features));
      torch.put("weight_hh" + suffix, Tensor.zeros(w.dtype(), rows, hidden));
      if (b != null) {
        torch.put("bias_ih" + suffix, Tensor.zeros(w.dtype(), rows));
        torch.put("bias_hh" + suffix, Tensor.zeros(w.dtype(), rows));
      }
      if (p != null) {
        torch.put("weight_peephole" + suffix, Tensor.zeros(w.dtype(), 3 * hidden));
      }
    }
    moveOnnx(cell, weights, torch, true);
    return torch;
  }

  /** Moves every block of gates between ONNX's tensors and PyTorch's, either way. */
  private void moveOnnx(
      Cell cell, Map<String, Tensor> onnx, Map<String, Tensor> torch, boolean toTorch) {
    Tensor r = onnx.get("R");
    int hidden = r.dim(2);
    int rows = cell.gates() * hidden;
    int features = onnx.get("W").dim(2);
    int[] order = order(cell);
    for (int d = 0; d < r.dim(0); d++) {
      String suffix = d == 0 ? "_l0" : "_l0_reverse";
      int firstRow = d * rows;
      move(onnx.get("W"), firstRow * features, torch.get("weight_ih" + suffix), order, toTorch);
      move(r, firstRow * hidden, torch.get("weight_hh" + suffix), order, toTorch);
      if (onnx.get("B") != null) {
        move(onnx.get("B"), 2 * firstRow, torch.get("bias_ih" + suffix), order, toTorch);
        move(onnx.get("B"), 2 * firstRow + rows, torch.get("bias_hh" + suffix), order, toTorch);
      }
      if (onnx.get("P") != null) {
        Tensor peephole = torch.get("weight_peephole" + suffix);
        move(onnx.get("P"), d * 3 * hidden, peephole, new int[] {0, 2, 1}, toTorch);
      }
    }
  }

  /** Moves the blocks of one tensor: block k of PyTorch's is block order[k] of the other. */
  private static void move(Tensor other, int offset, Tensor torch, int[] order, boolean toTorch) {
    int size = torch.size() / order.length;
    for (int k = 0; k < order.length; k++) {
      int otherOffset = offset + order[k] * size;
      if (toTorch) {
        Blocks.copy(other, otherOffset, torch, k * size, size);
      } else {
        Blocks.copy(torch, k * size, other, otherOffset, size);
      }
    }
  }

  private Map<String, Tensor> fromKeras(Cell cell, Map<String, Tensor> weights) {
    boolean both = false;
    for (String name : weights.keySet()) {
      both |= name.startsWith("forward_") || name.startsWith("backward_");
    }
    checkNames(
        weights,
        both
            ? "forward_kernel, forward_recurrent_kernel, forward_bias, backward_kernel,"
                + " backward_recurrent_kernel, backward_bias"
            : "kernel, recurrent_kernel, bias");
    Map<String, Tensor> torch = new LinkedHashMap<>();
    for (String prefix : both ? new String[] {"forward_", "backward_"} : new String[] {""}) {
      String suffix = prefix.equals("backward_") ? "_l0_reverse" : "_l0";
      Tensor kernel = required(weights, prefix + "kernel");
      Tensor recurrent = required(weights, prefix + "recurrent_kernel");
      Tensor bias = weights.get(prefix + "bias");
      int hidden = recurrent.rank() == 2 ? recurrent.dim(0) : 0;
      int columns = cell.gates() * hidden;
      String gates = times(cell.gates());
      check(
          prefix + "recurrent_kernel", recurrent, "(hidden, " + gates + "hidden)", hidden, columns);
      int features = kernel.rank() == 2 ? kernel.dim(0) : 0;
      check(prefix + "kernel", kernel, "(features, " + gates + "hidden)", features, columns);
      torch.put("weight_ih" + suffix, transposed(kernel, cell, true));
      torch.put("weight_hh" + suffix, transposed(recurrent, cell, true));
      if (bias != null && bias.rank() == 2 && cell == Cell.GRU) {
        check(prefix + "bias", bias, "(2, " + gates + "hidden)", 2, columns);
        torch.put("bias_ih" + suffix, reordered(Blocks.entry(bias, 0), cell, true));
        torch.put("bias_hh" + suffix, reordered(Blocks.entry(bias, 1), cell, true));
      } else if (bias != null) {
        check(prefix + "bias", bias, "(" + gates + "hidden)", columns);
        torch.put("bias_ih" + suffix, reordered(bias, cell, true));
      }
    }
    return torch;
  }

  private Tensor reordered(Tensor rows, Cell cell, boolean toTorch) {
    Tensor result = Tensor.zeros(rows.dtype(), rows.shape());
    if (toTorch) {
      move(rows, 0, result, order(cell), true);
    } else {
      move(result, 0, rows, order(cell), false);
    }
    return result;
  }

  private Tensor transposed(Tensor matrix, Cell cell, boolean toTorch) {
    return toTorch
        ? reordered(matrix.permute(1, 0), cell, true)
        : reordered(matrix, cell, false).permute(1, 0);
  }

  /**
   * Gradients by this convention's names and in its layouts.
   *
   * @param torch by PyTorch's names
   * @param weights the weights in this convention
   */
  public Map<String, Tensor> fromTorch(
      Cell cell, Map<String, Tensor> torch, Map<String, Tensor> weights) {
    if (this == TORCH) {
      return torch;
    }
    Map<String, Tensor> gradients = new LinkedHashMap<>();
    if (this == ONNX) {
      for (Map.Entry<String, Tensor> weight : weights.entrySet()) {
        gradients.put(
            weight.getKey(), Tensor.zeros(weight.getValue().dtype(), weight.getValue().shape()));
      }
      moveOnnx(cell, gradients, torch, false);
      return gradients;
    }
    for (Map.Entry<String, Tensor> weight : weights.entrySet()) {
      String name = weight.getKey();
      String suffix = name.startsWith("backward_") ? "_l0_reverse" : "_l0";
      if (!name.endsWith("bias")) {
        String kind = name.endsWith("recurrent_kernel") ? "weight_hh" : "weight_ih";
        gradients.put(name, transposed(torch.get(kind + suffix), cell, false));
        continue;
      }
      Tensor bias = Tensor.zeros(weight.getValue().dtype(), weight.getValue().shape());
      Tensor input = reordered(torch.get("bias_ih" + suffix), cell, false);
      Blocks.copy(input, 0, bias, 0, input.size());
      if (bias.rank() == 2) {
        Tensor hidden = reordered(torch.get("bias_hh" + suffix), cell, false);
        Blocks.copy(hidden, 0, bias, input.size(), input.size());
      }
      gradients.put(name, bias);
    }
    return gradients;
  }

  private void checkNames(Map<String, Tensor> weights, String known) {
    for (String name : weights.keySet()) {
      if (!(", " + known + ",").contains(" " + name + ",")) {
        throw new InputException(
            "weight "
                + name
                + " has no place in convention "
                + label
                + "; known are "
                + known
                + hint(weights));
      }
    }
  }

  /** Tells users what to do if weights have the names of another convention; else it is empty. */
  String hint(Map<String, Tensor> weights) {
    RecurrentConvention likely = this;
    if (weights.containsKey("weight_ih_l0")) {
      likely = TORCH;
    } else if (weights.containsKey("W") && weights.containsKey("R")) {
      likely = ONNX;
    } else if (weights.containsKey("kernel") || weights.containsKey("forward_kernel")) {
      likely = KERAS;
    }
    return likely == this ? "" : "; these names are those of --convention " + likely.label;
  }

  private Tensor required(Map<String, Tensor> weights, String name) {
    Tensor weight = weights.get(name);
    if (weight == null) {
      throw new InputException(
          "weight "
              + name
              + " is missing for convention "
              + label
              + "; there are "
              + String.join(", ", weights.keySet())
              + hint(weights));
    }
    return weight;
  }

  private static void check(String name, Tensor weight, String meaning, int... expected) {
    if (!Arrays.equals(weight.shape(), expected)) {
      throw new InputException(
          "weight "
              + name
              + " has shape "
              + Tensor.text(weight.shape())
              + " but "
              + Tensor.text(expected)
              + " is needed: "
              + meaning);
    }
  }

  private static String times(int gates) {
    return gates == 1 ? "" : gates + "·";
  }

  private static String article(Cell cell) {
    return (cell == Cell.GRU ? "a " : "an ") + cell.label();
  }
}
