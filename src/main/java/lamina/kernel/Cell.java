package lamina.kernel;

/** The recurrent cells, and the gates whose weights they stack, in PyTorch's order. */
public enum Cell {
  /** {@code h = f(W x + R h + b)}. */
  RNN("rnn", "h"),
  /** Input, forget, candidate and output gate. */
  LSTM("lstm", "ifgo"),
  /** Reset and update gate, candidate. */
  GRU("gru", "rzn");

  private final String label;

  /** One letter a gate. */
  private final String gates;

  Cell(String label, String gates) {
    this.label = label;
    this.gates = gates;
  }

  /** The cell with a name. */
  public static Cell of(String label) {
    for (Cell candidate : values()) {
      if (candidate.label.equals(label)) {
        return candidate;
      }
    }
    throw new IllegalArgumentException(label);
  }

  /** The name in options and messages: {@code rnn}, {@code lstm} or {@code gru}. */
  public String label() {
    return label;
  }

  /** How many blocks of {@code hiddenSize} rows the weights have. */
  public int gates() {
    return gates.length();
  }

  /** The name of a gate, as in the equations of torch.nn.LSTM and torch.nn.GRU. */
  public String gate(int index) {
    return gates.substring(index, index + 1);
  }
}
