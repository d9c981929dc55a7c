package lamina.train.diagnosis;

import java.util.Map;
import lamina.layer.Gradients;
import lamina.layer.Pass;
import lamina.network.LayerAnalysis;
import lamina.network.Network;
import lamina.network.RunnableNetwork;
import lamina.tensor.Tensor;
import lamina.train.GradientStatistics;
import lamina.train.Loss;
import lamina.train.NonFiniteLoss;
import lamina.train.Trainer;
import lamina.train.data.Dataset;

/** The diagnosis of one pass forward and backward, in evaluation mode, that changes nothing. */
public final class OnePass {
  private OnePass() {}

  /**
   * What is wrong with a pass.
   *
   * @param input samples, or one without an axis of samples
   * @param target what the loss compares with
   */
  public static Diagnosis diagnose(
      Network network, Map<String, Tensor> weights, Tensor input, Tensor target, Loss loss) {
    Dataset data = samples(network, input, target);
    RunnableNetwork runnable = RunnableNetwork.of(network, data.inputs().shape());
    GradientStatistics statistics = new GradientStatistics(runnable.report());
    Pass pass = Pass.evaluation().observedBy(statistics);
    Tensor output = runnable.forward(data.inputs(), weights, pass, statistics);
    double value = loss.forward(output, data.targets()).get(0);
    TrainingHistory history = new TrainingHistory();
    if (Double.isFinite(value)) {
      Gradients gradients = new Gradients();
      pass.backward(loss.backward(output, data.targets()), gradients);
      gradients.byName().forEach(statistics::addGradient);
      history.add(new Trainer.Score(value, Double.NaN), null, statistics);
    } else {
      history.breakOff(
          NonFiniteLoss.forward(value, 0, runnable, data.inputs(), weights, Pass.evaluation()),
          statistics);
    }
    return Diagnosis.of(new Evidence(network, weights, history, data, null, loss, false, true));
  }

  /** The input and the target with an axis of samples. */
  private static Dataset samples(Network network, Tensor input, Tensor target) {
    LayerAnalysis first = RunnableNetwork.of(network, input.shape()).report().layers().get(0);
    if (first.layer().ranks().sample() != input.rank()) {
      return new Dataset(input, target, null);
    }
    return new Dataset(withAxis(input), withAxis(target), null);
  }

  private static Tensor withAxis(Tensor tensor) {
    int[] shape = new int[tensor.rank() + 1];
    shape[0] = 1;
    System.arraycopy(tensor.shape(), 0, shape, 1, tensor.rank());
    return tensor.reshape(shape);
  }
}
