package lamina.layer.recurrent;

import static lamina.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import lamina.kernel.Cell;
import lamina.kernel.plain.ScalarBackend;
import lamina.layer.recurrent.Recurrent.Direction;
import lamina.op.Blocks;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SequenceModelTest {
  private static final ScalarBackend BACKEND = new ScalarBackend();
  private static final long SEED = 5;

  private static SequencePart part(
      Random random, Cell cell, int in, int hidden, int out, int layers, Direction direction) {
    Recurrent layer = Recurrent.torch(cell, in, hidden, layers, direction);
    return new SequencePart(
        layer,
        layer.initialWeights(true, DType.FLOAT64, random),
        Recurrent.uniform(1, DType.FLOAT64, random, out, layer.outputSize()),
        Recurrent.uniform(1, DType.FLOAT64, random, out));
  }

  /** A model and an input for it. */
  record Case(SequenceModel model, Tensor input, int[] lengths) {
    @Override
    public String toString() {
      return model.topology().label() + " " + model.part().layer().describe();
    }
  }

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Cell cell : Cell.values()) {
      Random random = new Random(SEED);
      for (RecurrentTopology topology : RecurrentTopology.values()) {
        for (boolean feedback : new boolean[] {true, false}) {
          boolean both = topology != RecurrentTopology.ONE_TO_MANY && feedback;
          Direction direction = both ? Direction.BIDIRECTIONAL : Direction.FORWARD;
          SequencePart decoder =
              topology == RecurrentTopology.ENCODER_DECODER
                  ? part(random, cell, 3, direction.count() * 2, 3, 2, Direction.FORWARD)
                  : null;
          SequenceModel model =
              new SequenceModel(
                  topology, part(random, cell, 3, 2, 3, 2, direction), decoder, 3, feedback, true);
          int steps = topology.takesOne() ? 1 : 4;
          cases.add(
              new Case(
                  model,
                  Recurrent.uniform(1, DType.FLOAT64, random, 2, steps, 3),
                  topology.takesOne() ? null : new int[] {4, 2}));
        }
      }
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientsAreThoseOfCentralDifferences(Case test) {
    SequenceModel model = test.model();
    SequenceModel.Run run = model.forward(test.input(), null, null, test.lengths(), BACKEND);
    Tensor dy = Recurrent.uniform(1, DType.FLOAT64, new Random(9), run.output().shape());
    SequenceModel.Gradients gradients = run.backward(dy);
    Map<Tensor, Tensor> pairs = new LinkedHashMap<>();
    assertThat(gradients.input().shape()).isEqualTo(test.input().shape());
    pairs.put(test.input(), gradients.input());
    add(pairs, model.part(), gradients.weights());
    if (model.decoder() != null) {
      add(pairs, model.decoder(), gradients.decoder());
    }
    double step = 1e-6;
    for (Map.Entry<Tensor, Tensor> pair : pairs.entrySet()) {
      double[] values = pair.getKey().doubles();
      for (int i = 0; i < values.length; i++) {
        double kept = values[i];
        values[i] = kept + step;
        double up = loss(test, dy);
        values[i] = kept - step;
        double down = loss(test, dy);
        values[i] = kept;
        assertThat(pair.getValue().get(i))
            .as("%s, seed %s", test, SEED)
            .isCloseTo((up - down) / (2 * step), offset(1e-7));
      }
    }
  }

  private static void add(
      Map<Tensor, Tensor> pairs, SequencePart part, Map<String, Tensor> gradients) {
    Map<String, Tensor> weights = new LinkedHashMap<>(part.weights());
    weights.put("weight_out", part.outWeight());
    weights.put("bias_out", part.outBias());
    assertThat(gradients.keySet()).isEqualTo(weights.keySet());
    weights.forEach((name, weight) -> pairs.put(weight, gradients.get(name)));
  }

  private static double loss(Case test, Tensor dy) {
    Tensor y = test.model().forward(test.input(), null, null, test.lengths(), BACKEND).output();
    double sum = 0;
    for (int i = 0; i < y.size(); i++) {
      sum += y.get(i) * dy.get(i);
    }
    return sum;
  }

  /** What was put out, read as a whole sequence, gives the same again. */
  @ParameterizedTest
  @EnumSource(Cell.class)
  void feedingBackIsReadingOnesOwnOutputs(Cell cell) {
    SequencePart part = part(new Random(1), cell, 3, 4, 3, 2, Direction.FORWARD);
    Tensor first = Tensor.of(new double[] {1, -1, 0.5}, 3);
    Tensor y =
        new SequenceModel(RecurrentTopology.ONE_TO_MANY, part, null, 5, true, false)
            .forward(first, null, null, null, BACKEND)
            .output();
    assertThat(y.shape()).containsExactly(5, 3);
    Tensor inputs = Tensor.zeros(DType.FLOAT64, 5, 3);
    Blocks.copy(first, 0, inputs, 0, 3);
    Blocks.copy(y, 0, inputs, 3, 12);
    Tensor again =
        new SequenceModel(RecurrentTopology.MANY_TO_MANY, part, null, 0, true, false)
            .forward(inputs, null, null, null, BACKEND)
            .output();
    assertClose("outputs", again, y, 1e-13, 1e-13);
  }

  @ParameterizedTest
  @EnumSource(Cell.class)
  void decoderStartsFromTheEncodersState(Cell cell) {
    Random random = new Random(2);
    SequencePart encoder = part(random, cell, 2, 3, 1, 1, Direction.FORWARD);
    SequencePart decoder = part(random, cell, 4, 3, 4, 1, Direction.FORWARD);
    Tensor x = Recurrent.uniform(1, DType.FLOAT64, random, 6, 2);
    Tensor y =
        new SequenceModel(RecurrentTopology.ENCODER_DECODER, encoder, decoder, 3, true, false)
            .forward(x, null, null, null, BACKEND)
            .output();
    SequenceModel.Run read =
        new SequenceModel(RecurrentTopology.MANY_TO_MANY, encoder, null, 0, true, false)
            .forward(x, null, null, null, BACKEND);
    Tensor inputs = Tensor.zeros(DType.FLOAT64, 3, 4);
    Blocks.copy(y, 0, inputs, 4, 8);
    Tensor again =
        new SequenceModel(RecurrentTopology.MANY_TO_MANY, decoder, null, 0, true, false)
            .forward(inputs, read.hidden(), read.cell(), null, BACKEND)
            .output();
    assertClose("outputs", again, y, 1e-13, 1e-13);
  }

  @ParameterizedTest
  @EnumSource(Cell.class)
  void manyToOneIsTheLastStepForwardAndTheFirstBackward(Cell cell) {
    Random random = new Random(3);
    Recurrent layer = Recurrent.torch(cell, 2, 3, 1, Direction.BIDIRECTIONAL);
    SequencePart part =
        new SequencePart(layer, layer.initialWeights(true, DType.FLOAT64, random), null, null);
    Tensor x = Recurrent.uniform(1, DType.FLOAT64, random, 4, 2);
    Tensor all =
        new SequenceModel(RecurrentTopology.MANY_TO_MANY, part, null, 0, true, false)
            .forward(x, null, null, null, BACKEND)
            .output();
    Tensor one =
        new SequenceModel(RecurrentTopology.MANY_TO_ONE, part, null, 0, true, false)
            .forward(x, null, null, null, BACKEND)
            .output();
    assertThat(one.shape()).containsExactly(6);
    for (int j = 0; j < 3; j++) {
      assertThat(one.get(j)).isEqualTo(all.get(3 * 6 + j));
      assertThat(one.get(3 + j)).isEqualTo(all.get(3 + j));
    }
  }
}
