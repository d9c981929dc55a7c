package lamina.cli.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import lamina.check.Comparison;
import lamina.cli.option.ModelInputs;
import lamina.cli.process.ExitCode;
import lamina.cli.process.Io;
import lamina.kernel.Backends;
import lamina.layer.Gradients;
import lamina.layer.Pass;
import lamina.network.Network;
import lamina.network.RunnableNetwork;
import lamina.report.DiagnosisText;
import lamina.report.Document;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import lamina.text.NearSpelling;
import lamina.train.EncoderDecoder;
import lamina.train.Loss;
import lamina.train.Trainer;
import lamina.train.data.AnswerTexts;
import lamina.train.data.Preparation;
import lamina.train.diagnosis.OnePass;

/**
 * What the options of {@code lamina run} mean, which {@link RunCommand} sets, applied to one input
 * after another.
 */
final class NetworkRun implements TensorCommand.Operation {
  private static final List<String> RESERVED = Arrays.asList("shape", "dtype", "data");

  List<String> layers;
  boolean all;
  Network network;
  String source;
  Map<String, Tensor> given;
  DType dtype;
  long seed;
  boolean tellsOfSeed;
  Io remarks;
  Consumer<String> warnings;
  Consumer<String> notes;
  Tensor dy;
  Loss loss;
  Tensor target;
  boolean isDiagnosed;

  /** How the data of a trained network was prepared, and its classes; else null. */
  Preparation preparation;

  /** The decoder of a trained network and its tokens, and both networks as one; else null. */
  Map.Entry<String, AnswerTexts> decoder;

  EncoderDecoder both;

  boolean isImage;

  List<String> classes;

  /** The inputs of an ONNX model; null if they come one by one. */
  List<Tensor> inputs;

  ModelInputs modelInputs;
  String testData;
  double rtol;
  double atol;
  boolean quiet;

  /** What an ONNX model gave. */
  private List<Tensor> results;

  private int[] shape;
  private RunnableNetwork model;

  /** Those of the network for the input at hand. */
  Map<String, Tensor> weights;

  private Pass.Prepared prepared;

  @Override
  public Document apply(Tensor given) {
    List<Tensor> taken = taken(given);
    if (classes != null || both != null) {
      requireFinite(given, "input", true);
    }
    if (both != null) {
      return answer(taken.get(0));
    }
    boolean isSame = !taken.isEmpty() && Arrays.equals(shape, taken.get(0).shape());
    if (!isSame || model.usesValues()) {
      adapt(taken);
    }
    boolean backward = dy != null || loss != null;
    List<String> ends = network.model() == null ? List.of() : model.outputs();
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    Pass pass = backward ? Pass.evaluation() : Pass.inference(prepared);
    Tensor output =
        model.forward(
            taken,
            weights,
            pass,
            (layer, result) -> {
              boolean isWanted =
                  all || layers.contains(layer.name()) || ends.contains(layer.name());
              if (isWanted) {
                outputs.put(layer.name(), result);
              }
              return isWanted;
            });
    results = new ArrayList<>();
    for (String end : ends) {
      results.add(outputs.get(end));
    }
    if (!all) {
      outputs.keySet().retainAll(layers);
    }
    Document document = new Document(main(output, outputs));
    if (all || layers.size() > 1) {
      for (Map.Entry<String, Tensor> entry : outputs.entrySet()) {
        put(document, entry.getKey(), entry.getValue());
      }
    }
    for (int i = 1; i < ends.size() && layers.isEmpty(); i++) {
      put(document, network.model().outputs().get(i), results.get(i));
    }
    if (classes != null) {
      requireFinite(output, "output", false);
    }
    if (classes != null && output.size() == classes.size()) {
      addAnswer(output, document);
    } else if (classes != null && output.rank() == 2 && output.dim(1) == classes.size()) {
      document.put("classes", answers(output));
    }
    if (backward) {
      addGradients(output, pass, document);
    }
    if (isDiagnosed) {
      DiagnosisText.add(
          document, OnePass.diagnose(network, weights, taken.get(0), target, loss), true);
    }
    tellOfSeed();
    return document;
  }

  /** Once, and not before all went well: an error is one line. */
  private void tellOfSeed() {
    if (tellsOfSeed && given == null && !weights.isEmpty()) {
      remarks.tell(
          "lamina run: no --weights: the parameters are drawn at random; --seed N fixes which");
    }
    tellsOfSeed = false;
  }

  /** What goes into the network. */
  private List<Tensor> taken(Tensor given) {
    if (inputs != null) {
      return inputs;
    }
    return network.model() == null
        ? List.of(fitted(given))
        : List.of(ModelInputs.fitted(given, network.model().inputs().get(0)));
  }

  @Override
  public int check(Io io) {
    int code = ExitCode.OK;
    if (testData == null) {
      return code;
    }
    Map<String, Tensor> expected = modelInputs.readExpected(testData, results);
    int index = 0;
    for (Map.Entry<String, Tensor> output : expected.entrySet()) {
      Comparison comparison = Comparison.of(results.get(index++), output.getValue(), rtol, atol);
      if (!comparison.matches()) {
        code = ExitCode.CHECK_FAILED;
        if (!quiet) {
          io.tell("run: output '" + output.getKey() + "': " + comparison.description());
        }
      }
    }
    return code;
  }

  /** The input as the network was trained on. */
  private Tensor fitted(Tensor input) {
    if (preparation == null) {
      return input;
    }
    return isImage ? preparation.applyImage(input) : preparation.apply(input);
  }

  /**
   * Some output is the greatest even where NaN went in, but it says nothing.
   *
   * @param fromBelow whether minus infinity is refused, too; as an output it tells what is not
   */
  private static void requireFinite(Tensor tensor, String what, boolean fromBelow) {
    for (int i = 0; i < tensor.size(); i++) {
      double value = tensor.get(i);
      boolean isLeast = value == Double.NEGATIVE_INFINITY && !fromBelow;
      if (!Double.isFinite(value) && !isLeast) {
        throw new InputException(
            what
                + " "
                + (i + 1)
                + " of "
                + tensor.size()
                + " is "
                + value
                + "; only finite numbers have a class");
      }
    }
  }

  /** The class of the greatest output, and its share by softmax. */
  private void addAnswer(Tensor output, Document document) {
    int answer = Trainer.greatest(output, 0, output.size());
    double sum = 0;
    for (int i = 0; i < output.size(); i++) {
      sum += Math.exp(output.get(i) - output.get(answer));
    }
    document.put("class", classes.get(answer)).put("probability", 1 / sum);
  }

  /** What the decoder writes about a sample, or about each of several. */
  private Document answer(Tensor input) {
    int[] sample = preparation.sampleShape();
    boolean one = input.rank() == sample.length;
    int[] shape = new int[sample.length + 1];
    shape[0] = one ? 1 : input.dim(0);
    System.arraycopy(sample, 0, shape, 1, sample.length);
    if (input.size() != Tensor.elements(shape)) {
      throw new InputException(
          "the input has shape "
              + Tensor.text(input.shape())
              + " but the network learned from samples of shape "
              + Tensor.text(sample));
    }
    List<String> texts = both.generate(input.reshape(shape), weights);
    return one ? new Document().put("text", texts.get(0)) : new Document().put("texts", texts);
  }

  /** The class of each row's greatest output. */
  private List<String> answers(Tensor output) {
    List<String> answers = new ArrayList<>();
    for (int row = 0; row < output.dim(0); row++) {
      int answer = Trainer.greatest(output, row * classes.size(), classes.size());
      answers.add(classes.get(answer));
    }
    return answers;
  }

  /** Layers that leave sizes to their input, and the batch, depend on the input's shape. */
  private void adapt(List<Tensor> taken) {
    int[] inputShape = taken.isEmpty() ? null : taken.get(0).shape();
    RunnableNetwork adapted =
        network.model() == null
            ? RunnableNetwork.of(network, inputShape)
            : RunnableNetwork.of(
                network.model(),
                taken,
                dtype,
                !all && layers.isEmpty() && dy == null && loss == null);
    List<String> names = adapted.layerNames();
    for (String layer : layers) {
      if (!names.contains(layer)) {
        String hint = NearSpelling.hint(layer, names);
        throw new InputException(
            "--layer: there is no layer '"
                + layer
                + "'"
                + (hint.isEmpty() ? "; there are " + String.join(", ", names) : hint));
      }
    }
    Backends.expect(adapted.report().macs().value(), dtype);
    // Inputs of another batch or length mostly leave the weights as they are.
    if (network.model() != null && network.model().bringsWeights()) {
      weights = adapted.ownWeights();
      prepared = new Pass.Prepared();
    } else if (model == null || !adapted.parameters().equals(model.parameters())) {
      weights =
          given == null ? adapted.initialWeights(dtype, seed) : adapted.weights(given, source);
      prepared = new Pass.Prepared();
    }
    adapted.report().gaps().forEach(warnings);
    if (model == null) {
      adapted.report().doubts().forEach(warnings);
    }
    // A first axis of 1 is a batch of one to everybody.
    boolean isDoubtful = adapted.report().batchReading() != null && inputShape[0] != 1;
    if (isDoubtful && model == null) {
      warnings.accept(adapted.report().batchReading());
    }
    adapted.report().notes().forEach(notes);
    model = adapted;
    shape = inputShape;
  }

  private static void put(Document document, String layer, Tensor output) {
    if (RESERVED.contains(layer)) {
      throw new InputException(
          "layer '" + layer + "' is called as a member of every result; rename it");
    }
    document.put(layer, output);
  }

  private Tensor main(Tensor output, Map<String, Tensor> outputs) {
    return switch (layers.size()) {
      case 0 -> output;
      case 1 -> outputs.get(layers.get(0));
      default -> null;
    };
  }

  private void addGradients(Tensor output, Pass pass, Document document) {
    if (output.dtype() == DType.INT64) {
      throw new InputException(
          "the output holds whole numbers or truth values, which have no gradient");
    }
    Tensor gradient;
    if (loss != null) {
      Tensor value = loss.forward(output, target);
      gradient = loss.backward(output, target);
      document.put("loss", shortest(value));
    } else {
      gradient = filled(output);
    }
    Gradients gradients = new Gradients();
    Tensor input = pass.backward(gradient, gradients);
    if (input != null) {
      document.put("grad_input", input);
    }
    for (int i = 1; i < pass.inputGradients().size(); i++) {
      if (pass.inputGradients().get(i) != null) {
        String name = network.model().inputs().get(i).name();
        document.put("grad_" + name, pass.inputGradients().get(i));
      }
    }
    Set<String> names = new LinkedHashSet<>();
    for (String name : model.parameters().keySet()) {
      names.add(model.nameOf(name));
    }
    names.retainAll(gradients.byName().keySet());
    for (String name : names) {
      document.put("grad_" + name, gradients.byName().get(name));
    }
  }

  /** A number with no more digits than its dtype holds. */
  private static Double shortest(Tensor scalar) {
    return scalar.dtype() == DType.FLOAT32
        ? Double.valueOf(Float.toString(scalar.floats()[0]))
        : Double.valueOf(scalar.get(0));
  }

  /** The gradient in the output's shape: a number stands for all elements. */
  private Tensor filled(Tensor output) {
    if (Arrays.equals(dy.shape(), output.shape())) {
      return dy;
    }
    if (dy.rank() > 0) {
      throw new InputException(
          "--grad has shape "
              + Tensor.text(dy.shape())
              + " but the output has "
              + Tensor.text(output.shape()));
    }
    return Tensor.filled(output.dtype(), dy.get(0), output.shape());
  }
}
