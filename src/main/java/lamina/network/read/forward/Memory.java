package lamina.network.read.forward;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import lamina.layer.Cast;
import lamina.layer.Compare;
import lamina.layer.Layer;
import lamina.layer.Written;
import lamina.layer.recurrent.RecurrentLayer;
import lamina.network.Node;
import lamina.network.read.forward.ForwardValue.Ref;
import lamina.text.InputException;

/**
 * Which output of the network a tensor is, while {@code forward()} changes tensors in place. Layers
 * never change what they take; so a tensor that was changed is another output from then on, and
 * views of it, which share its elements, are made anew when they are asked for.
 */
final class Memory {
  /**
   * A layer that shows elements of a tensor otherwise.
   *
   * @param others what it takes beside the tensor, for sizes
   */
  record View(String name, Layer layer, String text, List<String> others) {}

  /** New elements in place of those that some views show. */
  private record Change(List<View> views, String output) {}

  /** The elements that a tensor and its views share. */
  static final class Elements {
    private final List<Change> changes = new ArrayList<>();

    /** Those that are the same ones or copies, which depends on the order of the elements. */
    private final Set<Elements> copies = new HashSet<>();

    /** The output that has all of them, and how many changes that has. */
    private String whole;

    private int applied;

    /** Why nobody can say what they are now; null while that is known. */
    private String doubt;

    /** The parameter or buffer that they are; null if they come and go with the call. */
    private String parameter;

    Elements(String whole) {
      this.whole = whole;
    }
  }

  /** Layers that leave elements as they are. */
  private static final Set<String> KEEPING =
      Set.of(
          "Slice",
          "Select",
          "Chunk",
          "Transpose",
          "Permute",
          "Expand",
          "Unsqueeze",
          "Squeeze",
          "Unflatten",
          "View",
          "Flatten",
          "Identity",
          "Detach",
          "Repeat",
          "Concat",
          "Tril",
          "Triu",
          "Flip",
          "Roll",
          "Gather",
          "Write");

  private final Trace trace;

  Memory(Trace trace) {
    this.trace = trace;
  }

  /**
   * The output that a tensor is now.
   *
   * @throws InputException if it may be a copy of what was changed, or the same
   */
  String output(Ref ref) {
    Elements elements = ref.elements;
    if (elements.doubt != null) {
      throw new InputException(elements.doubt);
    }
    int count = elements.changes.size();
    if (ref.changes < count) {
      Change last = elements.changes.get(count - 1);
      ref.output = last.views().equals(ref.views) ? last.output() : shown(whole(elements), ref);
      ref.changes = count;
    }
    return ref.output;
  }

  /** The output that has all elements with all changes. */
  private String whole(Elements elements) {
    for (; elements.applied < elements.changes.size(); elements.applied++) {
      Change change = elements.changes.get(elements.applied);
      elements.whole = written(elements.whole, change, 0);
    }
    return elements.whole;
  }

  /** An output with a change of what its views from one on show. */
  private String written(String output, Change change, int first) {
    if (first == change.views().size()) {
      return change.output();
    }
    View view = change.views().get(first);
    boolean isLast = first == change.views().size() - 1;
    String part = isLast ? change.output() : written(again(view, output), change, first + 1);
    List<String> taken = new ArrayList<>(List.of(output, part));
    taken.addAll(view.others());
    String name = trace.free(view.name() + "_write");
    return trace.node(name, new Written(view.layer()), "Write(" + view.text() + ")", taken);
  }

  private String shown(String whole, Ref ref) {
    String output = whole;
    for (View view : ref.views) {
      output = again(view, output);
    }
    return output;
  }

  private String again(View view, String output) {
    List<String> taken = new ArrayList<>(List.of(output));
    taken.addAll(view.others());
    return trace.node(trace.free(view.name()), view.layer(), view.text(), taken);
  }

  /** A tensor with the same elements, which later changes do not reach. */
  Ref copy(Ref ref) {
    Ref copy = new Ref(output(ref));
    copy.isContiguous = ref.isContiguous;
    copy.isTruth = ref.isTruth;
    return copy;
  }

  /** A tensor of which the layout decides whether it shares elements with another. */
  Ref maybeCopy(Ref ref) {
    Ref copy = copy(ref);
    doubt(copy, ref);
    return copy;
  }

  /** Says what a layer's output shares with what it took, as PyTorch does. */
  void share(Ref made, Node.Leaf leaf, Ref... from) {
    Ref first = from.length == 0 ? null : from[0];
    boolean isContiguous = first != null && first.isContiguous;
    for (int i = 1; i < from.length && !leaf.type().equals("View"); i++) {
      isContiguous &= from[i].isContiguous;
    }
    switch (leaf.type()) {
      case "Slice", "Select", "Chunk", "Transpose", "Permute", "Expand" -> {
        view(made, first, leaf);
        isContiguous = false;
      }
      case "Unsqueeze", "Squeeze", "Unflatten", "Identity", "Detach" -> view(made, first, leaf);
      case "View", "Flatten" -> {
        if (isContiguous) {
          view(made, first, leaf);
        } else {
          doubt(made, first);
        }
      }
      // In training they make another tensor.
      case "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "StochasticDepth" ->
          doubt(made, first);
      case "MatMul" -> isContiguous = false;
      case "EinsteinSum" -> {
        isContiguous = false;
        if (from.length == 1) {
          doubt(made, first);
        }
      }
      default -> isContiguous &= !(leaf.layer() instanceof RecurrentLayer);
    }
    made.isContiguous = isContiguous;
    made.isTruth = isTruth(leaf, from);
  }

  /** Whether a layer gives truth values; null if that depends on what nobody knows. */
  private static Boolean isTruth(Node.Leaf leaf, Ref... from) {
    if (leaf.layer() instanceof Compare) {
      return true;
    }
    if (leaf.layer() instanceof Cast cast) {
      return cast.kind() == Cast.Kind.TRUTH;
    }
    if (!KEEPING.contains(leaf.type()) || from.length == 0) {
      return from.length == 0 ? null : (Boolean) false;
    }
    Boolean first = from[0].isTruth;
    boolean isAlike = true;
    for (int i = 1; i < from.length && leaf.type().equals("Concat"); i++) {
      isAlike &= Objects.equals(first, from[i].isTruth);
    }
    return isAlike ? first : null;
  }

  /** Says that a layer's output shows elements of what it took. */
  void view(Ref made, Ref from, Node.Leaf leaf) {
    List<String> taken = leaf.inputs();
    List<View> views = new ArrayList<>(from.views);
    views.add(new View(leaf.name(), leaf.layer(), leaf.text(), taken.subList(1, taken.size())));
    made.elements = from.elements;
    made.changes = from.elements.changes.size();
    made.views = List.copyOf(views);
  }

  private static void doubt(Ref made, Ref from) {
    made.elements.copies.add(from.elements);
    from.elements.copies.add(made.elements);
  }

  /** Says that a tensor belongs to the model, by its path. */
  void own(Ref ref, String path) {
    ref.elements.parameter = path;
  }

  /**
   * Changes a tensor in place.
   *
   * @param result the output with its new elements
   * @param what what does so, for messages
   */
  void change(Ref ref, Ref result, String what, String place) {
    if (result == ref) {
      return;
    }
    if (ref.elements.parameter != null) {
      throw new InputException(
          place
              + ": "
              + what
              + " changes '"
              + ref.elements.parameter
              + "' of the model in place, which lasts from one call to the next; one call is"
              + " computed here");
    }
    Elements elements = ref.elements;
    elements.changes.add(new Change(ref.views, output(result)));
    ref.output = result.output;
    ref.changes = elements.changes.size();
    Set<Elements> reached = new HashSet<>(Set.of(elements));
    List<Elements> next = new ArrayList<>(List.of(elements));
    while (!next.isEmpty()) {
      for (Elements copy : next.remove(next.size() - 1).copies) {
        if (reached.add(copy)) {
          next.add(copy);
          copy.doubt =
              place
                  + ": "
                  + what
                  + " changes a tensor in place, and another that is taken later is a copy of it"
                  + " or not, as its layout or training decides; call clone() to make it one";
        }
      }
    }
  }

  /** Makes a tensor another view of its elements, as {@code x.unsqueeze_(1)} does. */
  static void become(Ref ref, Ref view) {
    ref.elements = view.elements;
    ref.views = view.views;
    ref.output = view.output;
    ref.changes = view.changes;
    ref.isContiguous = view.isContiguous;
    ref.isTruth = view.isTruth;
  }
}
