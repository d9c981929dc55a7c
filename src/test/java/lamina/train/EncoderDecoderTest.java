package lamina.train;

import static lamina.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.Golden;
import lamina.format.Vocabulary;
import lamina.layer.Compatibility;
import lamina.layer.Gradients;
import lamina.layer.Pass;
import lamina.network.Network;
import lamina.network.RunnableNetwork;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import lamina.train.data.AnswerTexts;
import lamina.train.data.Dataset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An encoder and its decoder as one network. */
class EncoderDecoderTest {
  private static List<Golden> cases() {
    return Golden.read("encoder_decoder");
  }

  private static Network parse(String net) {
    return Network.parse(net, "NET", Compatibility.TORCH);
  }

  /** Tokens besides the four marks are called c, d, e and so on. */
  private static AnswerTexts answers(int tokens, int length) {
    List<String> words = new ArrayList<>(List.of("<start>", "<end>"));
    for (int i = 4; i < tokens; i++) {
      words.add(Character.toString('a' + i - 2));
    }
    return new AnswerTexts(false, new Vocabulary(words), length);
  }

  private static EncoderDecoder both(Golden c) {
    List<?> sizes = (List<?>) c.args().get("sample");
    int tokens = ((Number) c.args().get("tokens")).intValue();
    return new EncoderDecoder(
        parse((String) c.args().get("encoder")),
        parse((String) c.args().get("decoder")).sizedByData((path, leaf) -> tokens),
        sizes.stream().mapToInt(size -> ((Number) size).intValue()).toArray(),
        answers(tokens, ((Number) c.args().get("length")).intValue()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void forwardAndGradientsAreThoseOfPyTorch(Golden c) {
    for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32)) {
      double rtol = dtype == DType.FLOAT64 ? 1e-9 : 1e-4;
      double atol = dtype == DType.FLOAT64 ? 1e-12 : 1e-4;
      Tensor input = c.input("input", dtype);
      RunnableNetwork network = RunnableNetwork.of(both(c).network(), input.shape());
      Map<String, Tensor> given = new LinkedHashMap<>();
      Golden.object(c.json().get("weights"))
          .forEach((name, value) -> given.put(name, Golden.tensor(value).as(dtype)));
      Map<String, Tensor> weights = network.weights(given, "weights");
      Pass pass = Pass.training(1).withoutInputGradient();
      Tensor output = network.forward(input, weights, pass);
      assertClose(c.name(), output, c.output(), rtol, atol);
      assertClose(
          c.name() + ", nothing kept",
          network.forward(input, weights, Pass.inference()),
          c.output(),
          rtol,
          atol);
      Gradients gradients = new Gradients();
      pass.backward(c.input("dy", dtype), gradients);
      assertThat(gradients.byName().keySet()).isEqualTo(c.grads().keySet());
      gradients
          .byName()
          .forEach(
              (name, gradient) -> assertClose(name, gradient, c.grads().get(name), rtol, atol));
    }
  }

  /** Two samples of two words, with the answers "d c" and "c", worked by hand. */
  @Test
  void givesTheDecoderWhatComesBefore() {
    EncoderDecoder both =
        new EncoderDecoder(
            parse("Embedding(5, 2), GRU(2, 3, batch_first=True), Select(1, -1)"),
            parse("Embedding(6, 2), GRU(2, 3, batch_first=True), Linear(3, 6)"),
            new int[] {2},
            answers(6, 3));
    Dataset data =
        new Dataset(
            Tensor.of(new long[] {2, 3, 4, 2}, 2, 2),
            Tensor.of(new long[] {5, 4, 3, 4, 3, -100}, 2, 3),
            List.of("<pad>", "<unk>", "<start>", "<end>", "c", "d"));
    Dataset forced = both.forced(data);
    assertThat(forced.inputs())
        .isEqualTo(Tensor.of(new long[] {2, 3, 2, 5, 4, 4, 2, 2, 4, 3}, 2, 5));
    assertThat(forced.targets()).isSameAs(data.targets());
    assertThat(both.answer(forced, 0)).isEqualTo("d c");
    assertThat(both.answer(forced, 1)).isEqualTo("c");
  }

  /** The scores of a step must not depend on later tokens, or greedy decoding would be wrong. */
  @Test
  void writesTokenByToken() {
    EncoderDecoder both = both(cases().get(1));
    RunnableNetwork network = RunnableNetwork.of(both.network(), 2, 9);
    Map<String, Tensor> weights = network.initialWeights(DType.FLOAT64, 4);
    Tensor samples = Tensor.of(new long[] {1, 2, 3, 4, 5, 6, 5, 4, 3, 2}, 2, 5);
    List<String> texts = both.generate(samples, weights);
    assertThat(texts).hasSize(2);
    for (int sample = 0; sample < 2; sample++) {
      long[] input = new long[9];
      System.arraycopy(samples.longs(), 5 * sample, input, 0, 5);
      input[5] = AnswerTexts.START;
      long[] tokens = new long[4];
      for (int t = 0; t < 4; t++) {
        Tensor scores =
            RunnableNetwork.of(both.network(), 1, 9)
                .forward(Tensor.of(input.clone(), 1, 9), weights, Pass.inference());
        tokens[t] = Trainer.greatest(scores, t * 9, 9);
        if (t < 3) {
          input[6 + t] = tokens[t];
        }
      }
      assertThat(texts.get(sample)).isEqualTo(both.answers().text(tokens));
    }
  }

  /** An encoder with branches takes the sample, not all that the whole takes. */
  @Test
  void branchesTakeTheSample() {
    String net =
        "[{'name':'a','type':'Linear','out_features':3},{'name':'b','type':'Linear',"
            + "'out_features':3,'inputs':['input']},{'type':'Add','inputs':['a','b']}]";
    EncoderDecoder both =
        new EncoderDecoder(
            parse(net.replace('\'', '"')),
            parse("Embedding(6, 2), GRU(2, 3, batch_first=True), Linear(3, 6)"),
            new int[] {2},
            answers(6, 3));
    RunnableNetwork network = RunnableNetwork.of(both.network(), 1, 5);
    assertThat(network.parameters().get("encoder.b.weight").shape().toString()).isEqualTo("3x2");
  }

  @Test
  void saysWhyADecoderCannotStart() {
    Network encoder = parse("Embedding(5, 2), GRU(2, 3, batch_first=True), Select(1, -1)");
    for (String[] decoder :
        new String[][] {
          {"Embedding(6, 2), Linear(2, 6)", "--decoder needs an RNN, LSTM or GRU that starts"},
          {
            "Embedding(6, 2), GRU(2, 4, batch_first=True), Linear(4, 6)",
            "starts from a state of 4 numbers (hidden_size), but the encoder gives 1x3"
          },
          {"Embedding(6, 2), GRU(2, 3), Linear(3, 6)", "needs batch_first=True, one direction"},
        }) {
      assertThatThrownBy(
              () ->
                  RunnableNetwork.of(
                      new EncoderDecoder(encoder, parse(decoder[0]), new int[] {2}, answers(6, 3))
                          .network(),
                      1,
                      5))
          .isInstanceOf(InputException.class)
          .hasMessageContaining(decoder[1]);
    }
  }
}
