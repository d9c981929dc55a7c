package lamina.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lamina.layer.Compatibility;
import lamina.layer.MergeLayer;
import lamina.layer.Pass;
import lamina.network.Network;
import lamina.network.Node;
import lamina.network.RunnableNetwork;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import lamina.train.data.AnswerTexts;
import lamina.train.data.Dataset;

/**
 * Two networks as one: the encoder reads a sample and gives a state {@code (N, H)}; the decoder's
 * first recurrent layer starts from it and writes an answer, token by token. While learning, the
 * decoder is given the right token before each (teacher forcing); later its own.
 *
 * <p>The input of the whole has both in a row: the elements of the sample, and the tokens that the
 * decoder is given, {@code (N, S + L)}. It gives {@code (N, L, V)}.
 *
 * @param encoder from a sample to a state
 * @param decoder from tokens to the scores of the next
 * @param sampleShape the shape of a sample
 * @param answers the tokens
 */
public record EncoderDecoder(
    Network encoder, Network decoder, int[] sampleShape, AnswerTexts answers) {
  /** The scope of the encoder's weights, and of the decoder's. */
  public static final String ENCODER = "encoder";

  private static final String DECODER = "decoder";

  /**
   * Both as one network.
   *
   * @throws InputException if the decoder has no recurrent layer to start
   */
  public Network network() {
    int elements = Tensor.elements(sampleShape);
    List<Node> parts = new ArrayList<>();
    parts.add(leaf("sample", "Narrow(1, 0, " + elements + ")", List.of(Node.NETWORK_INPUT)));
    boolean isShaped = sampleShape.length > 1;
    if (isShaped) {
      String sizes = Arrays.toString(sampleShape).replace('[', '(').replace(']', ')');
      parts.add(leaf("shaped", "Unflatten(1, " + sizes + ")", null));
    }
    parts.add(taking(isShaped ? "shaped" : "sample", encoder.root()).named(ENCODER, null));
    parts.add(
        leaf(
            "given",
            "Narrow(1, " + elements + ", " + answers.length() + ")",
            List.of(Node.NETWORK_INPUT)));
    parts.add(taking("given", started()).named(DECODER, null));
    return new Network(new Node.Container("", "Sequential", true, parts), null, false);
  }

  /** A part of which those that take the network's input take another part's output instead. */
  private static Node taking(String source, Node node) {
    List<String> inputs = node.inputs();
    if (inputs != null) {
      inputs = new ArrayList<>(inputs);
      inputs.replaceAll(name -> name.equals(Node.NETWORK_INPUT) ? source : name);
    }
    if (!(node instanceof Node.Container container)) {
      return node.named(node.name(), inputs);
    }
    List<Node> parts = new ArrayList<>();
    for (Node part : container.parts()) {
      parts.add(taking(source, part));
    }
    return new Node.Container(
        container.name(), container.type(), container.sequential(), parts, inputs);
  }

  private static Node leaf(String name, String text, List<String> inputs) {
    return Network.parse(text, name, Compatibility.TORCH).leaves().get(0).named(name, inputs);
  }

  /** The decoder, its first recurrent layer started by the encoder. */
  private Node.Container started() {
    List<Node> parts = new ArrayList<>();
    String before = null;
    boolean isStarted = false;
    for (Node part : decoder.root().parts()) {
      MergeLayer layer =
          !isStarted && part instanceof Node.Leaf leaf && leaf.layer() != null
              ? leaf.layer().started()
              : null;
      if (layer != null) {
        String sequence = before == null ? "given" : before;
        String text = ((Node.Leaf) part).text();
        parts.add(new Node.Leaf(part.name(), part.type(), text, layer, List.of(sequence, ENCODER)));
        isStarted = true;
      } else {
        parts.add(part);
      }
      before = part.name();
    }
    if (!isStarted) {
      throw new InputException(
          "--decoder needs an RNN, LSTM or GRU that starts from the encoder's state, e.g."
              + " 'Embedding(_, 32), GRU(_, 64, batch_first=True), Linear(_, _)'");
    }
    return new Node.Container(DECODER, "Sequential", true, parts);
  }

  /**
   * Samples with their answers as one input, for teacher forcing: after the elements of a sample
   * stands what comes before each token of its right answer.
   */
  public Dataset forced(Dataset data) {
    int width = data.inputs().size() / data.size();
    int length = answers.length();
    Tensor inputs = Tensor.zeros(data.inputs().dtype(), data.size(), Math.addExact(width, length));
    for (int i = 0; i < data.size(); i++) {
      for (int j = 0; j < width; j++) {
        inputs.set(i * (width + length) + j, data.inputs().get(i * width + j));
      }
      int at = i * (width + length) + width;
      inputs.set(at, AnswerTexts.START);
      for (int t = 1; t < length; t++) {
        inputs.set(at + t, Math.max(0, data.targets().get(i * length + t - 1)));
      }
    }
    return new Dataset(inputs, data.targets(), data.classes());
  }

  /**
   * What the network answers, each token the likeliest after those before it.
   *
   * @param samples {@code (N, ...)}, prepared; or inputs of {@link #forced}, whose tokens are not
   *     looked at
   * @param weights by the names of {@link #network}
   */
  public List<String> generate(Tensor samples, Map<String, Tensor> weights) {
    int count = samples.dim(0);
    int elements = Tensor.elements(sampleShape);
    int given = samples.size() / count;
    int length = answers.length();
    DType type = samples.dtype();
    Tensor input = Tensor.zeros(type, count, elements + length);
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < elements; j++) {
        input.set(i * (elements + length) + j, samples.get(i * given + j));
      }
      input.set(i * (elements + length) + elements, AnswerTexts.START);
    }
    RunnableNetwork network = RunnableNetwork.of(network(), input.shape());
    long[][] tokens = new long[count][length];
    // The decoder sees only what is before each step: running all steps again is simple, and
    // answers are short.
    for (int t = 0; t < length; t++) {
      Tensor scores = network.forward(copy(input), weights, Pass.inference());
      int classes = scores.dim(2);
      for (int i = 0; i < count; i++) {
        int token = Trainer.greatest(scores, (i * length + t) * classes, classes);
        tokens[i][t] = token;
        if (t + 1 < length) {
          input.set(i * (elements + length) + elements + t + 1, token);
        }
      }
    }
    List<String> texts = new ArrayList<>();
    for (long[] each : tokens) {
      texts.add(answers.text(each));
    }
    return texts;
  }

  private static Tensor copy(Tensor tensor) {
    return switch (tensor.dtype()) {
      case FLOAT64 -> Tensor.of(tensor.doubles().clone(), tensor.shape());
      case FLOAT32 -> Tensor.of(tensor.floats().clone(), tensor.shape());
      case INT64 -> Tensor.of(tensor.longs().clone(), tensor.shape());
    };
  }

  /** The right answer to a sample. */
  public String answer(Dataset data, int sample) {
    long[] tokens = new long[answers.length()];
    System.arraycopy(data.targets().longs(), sample * tokens.length, tokens, 0, tokens.length);
    return answers.text(tokens);
  }
}
