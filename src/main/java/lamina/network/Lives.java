package lamina.network;

import java.util.ArrayList;
import java.util.List;
import lamina.layer.Pass;
import lamina.tensor.Buffers;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/** The outputs that later layers take in a pass, each until its last use. */
final class Lives {
  private final List<LayerAnalysis> layers;
  private final List<Tensor> inputs;
  private final Tensor[] outputs;

  /** How often each output is still to be taken. */
  private final int[] uses;

  /** Outputs whose elements must stay as they are: a view of the input, or kept by a listener. */
  private final boolean[] isFixed;

  /** Whether the last layer depends on an output. */
  private final boolean[] leads;

  Lives(List<LayerAnalysis> layers, List<Tensor> inputs) {
    this.layers = layers;
    this.inputs = inputs;
    this.outputs = new Tensor[layers.size()];
    this.uses = new int[layers.size()];
    this.isFixed = new boolean[layers.size()];
    this.leads = leading(layers);
    for (LayerAnalysis layer : layers) {
      for (int source : layer.inputs()) {
        if (source >= 0) {
          uses[source]++;
        }
      }
    }
  }

  private static boolean[] leading(List<LayerAnalysis> layers) {
    boolean[] leads = new boolean[layers.size()];
    leads[layers.size() - 1] = true;
    for (int node = layers.size() - 1; node >= 0; node--) {
      for (int source : layers.get(node).inputs()) {
        if (source >= 0) {
          leads[source] |= leads[node];
        }
      }
    }
    return leads;
  }

  /** What a layer takes: a batch is put in or left out, or a flatten is implied. */
  List<Tensor> take(int node, Pass pass) {
    LayerAnalysis layer = layers.get(node);
    int count = layer.inputs().size();
    int[] sources = new int[count];
    int[][] shapes = new int[count][];
    boolean[] carries = new boolean[count];
    List<Tensor> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sources[i] = layer.inputs().get(i);
      Tensor source = sources[i] < 0 ? inputs.get(-1 - sources[i]) : outputs[sources[i]];
      shapes[i] = source.shape();
      carries[i] = leads[node] && source.dtype() != DType.INT64;
      taken.add(source.reshape(layer.takenShapes().get(i).sizes()));
    }
    pass.begin(sources, shapes, carries);
    return taken;
  }

  /** The place of a layer's first input whose elements nobody needs after it; −1 for none. */
  int free(LayerAnalysis layer) {
    for (int i = 0; i < layer.inputs().size(); i++) {
      int source = layer.inputs().get(i);
      if (source >= 0 && !isFixed[source] && uses[source] == 1 && !isShared(source)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Whether an output that is still to be taken has the same elements: some layers give views of
   * what they take.
   */
  private boolean isShared(int node) {
    for (int other = 0; other < outputs.length; other++) {
      if (other != node && outputs[other] != null && outputs[other].sharesElements(outputs[node])) {
        return true;
      }
    }
    return false;
  }

  /** Keeps a layer's output until its last use, and lets go of inputs that had theirs. */
  void add(int node, Tensor output, boolean isKept, Pass pass) {
    // A layer that takes nothing gives weights.
    isFixed[node] = isKept || layers.get(node).inputs().isEmpty();
    for (Tensor input : inputs) {
      isFixed[node] |= output.sharesElements(input);
    }
    for (int other = 0; other < node; other++) {
      if (outputs[other] != null && output.sharesElements(outputs[other])) {
        isFixed[node] |= isFixed[other];
        isFixed[other] |= isKept;
      }
    }
    outputs[node] = output;
    for (int source : layers.get(node).inputs()) {
      if (source >= 0 && --uses[source] == 0) {
        // The steps of a recorded pass need what layers took.
        if (!isFixed[source] && !pass.isRecording() && !isShared(source)) {
          Buffers.giveBack(outputs[source]);
        }
        outputs[source] = null;
      }
    }
  }
}
