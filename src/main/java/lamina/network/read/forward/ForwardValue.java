package lamina.network.read.forward;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.layer.recurrent.StatefulRecurrent.Result;
import lamina.tensor.symbol.Dim;

/**
 * What expressions in {@code forward()} give, beside numbers (Long, Double), Boolean, String, null
 * and lists of these.
 */
sealed interface ForwardValue {
  /**
   * A tensor, as Python holds it: two names may stand for one, and a change in place is seen under
   * all of them. {@link Memory} knows which output of the network it is at the time.
   */
  final class Ref implements ForwardValue {
    /** What others see of its elements, too. */
    Memory.Elements elements;

    /** How it shows the elements: one layer after another. */
    List<Memory.View> views = List.of();

    /** The output that it was when it was asked for last, and how many changes that has. */
    String output;

    int changes;

    /** Whether its elements are truth values; null if nobody knows. */
    Boolean isTruth;

    /** Whether its elements are known to lie in the order of its axes. */
    boolean isContiguous;

    Ref(String output) {
      this.output = output;
      this.elements = new Memory.Elements(output);
    }
  }

  /** The shape of a tensor, of which the number of axes is not known yet. */
  record ShapeOf(Ref tensor) implements ForwardValue {}

  /** Some axes of a shape, from one to before another; null for the ends. */
  record ShapePart(Ref tensor, Integer start, Integer stop) implements ForwardValue {}

  /** An expression of sizes of tensors; {@link Trace#size} makes their symbols. */
  record Size(Dim dim) implements ForwardValue {}

  /** A number that follows from a size: {@code factor · size ^ exponent}. */
  record Factor(double factor, Dim size, double exponent) implements ForwardValue {}

  /** {@code start:stop:step} between brackets. */
  record Range(Object start, Object stop, Object step) implements ForwardValue {}

  /** A module or another attribute of the model, by its path. */
  record Attribute(String path) implements ForwardValue {}

  /** A function or method by name; a method with what it belongs to. */
  record Function(String name, Object self) implements ForwardValue {}

  /** Three dots. */
  record Ellipsis() implements ForwardValue {}

  /**
   * Several tensors that come into being as they are asked for, such as chunks.
   *
   * @param count how many there are; 0 if that is not known
   * @param names what they are called, if they have names
   */
  record Several(IndexedPart part, int count, List<String> names) implements ForwardValue {
    public Several(IndexedPart part, int count, List<String> names) {
      // Two names of a part stand for the same tensor.
      Map<Integer, Object> made = new LinkedHashMap<>();
      this.part = index -> made.computeIfAbsent(index, part::at);
      this.count = count;
      this.names = names;
    }

    Several(IndexedPart part, int count) {
      this(part, count, List.of());
    }

    /** All of them. */
    List<Object> all() {
      Object[] all = new Object[count];
      for (int i = 0; i < count; i++) {
        all[i] = part.at(i);
      }
      return List.of(all);
    }
  }

  /**
   * The final hidden states of a recurrent layer, or those of its cell: {@code (layers ·
   * directions, N, H)}. The hidden ones of its last layer are in its output: at the last step, and
   * of the direction back at the first.
   */
  record States(RecurrentCall of, Result result) implements ForwardValue {
    /** One of them. */
    Ref at(FunctionCall call, long index) {
      int directions = of.layer().bidirectional() ? 2 : 1;
      long count = (long) of.layer().numLayers() * directions;
      long place = index < 0 ? index + count : index;
      if (place < 0 || place >= count) {
        throw call.error("takes state " + index + " of " + count);
      }
      Map<String, Object> values = new LinkedHashMap<>();
      if (result == Result.CELL || place < count - directions) {
        values.put("dim", 0L);
        values.put("index", place);
        return call.between("state", "Select", values, of.part(result));
      }
      boolean isBack = directions == 2 && place == count - 1;
      Ref own = of.part(Result.OUTPUT);
      if (directions == 2) {
        Map<String, Object> half = new LinkedHashMap<>();
        half.put("chunks", 2L);
        half.put("dim", -1L);
        half.put("index", isBack ? 1L : 0L);
        own = call.between("direction", "Chunk", half, own);
      }
      values.put("dim", of.layer().batchFirst() ? 1L : 0L);
      values.put("index", isBack ? 0L : -1L);
      Ref state = call.between("state", "Select", values, own);
      return call.trace().memory().copy(state);
    }

    /** All of them. */
    Ref tensor(FunctionCall call) {
      if (result == Result.CELL || of.layer().numLayers() > 1) {
        return of.part(result);
      }
      Ref[] states = new Ref[of.layer().bidirectional() ? 2 : 1];
      for (int i = 0; i < states.length; i++) {
        states[i] = call.between("states", "Unsqueeze", Map.of("dim", 0L), at(call, i));
      }
      return states.length == 1
          ? states[0]
          : call.between("both", "Concat", Map.of("dim", 0L), states);
    }
  }

  /** Makes one of several tensors. */
  interface IndexedPart {
    Object at(int index);
  }
}
