package lamina.cli.command;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.cli.option.ModelInputs;
import lamina.cli.option.RunOptions;
import lamina.format.TensorLines;
import lamina.layer.Pass;
import lamina.network.FittedNetwork;
import lamina.network.Model;
import lamina.report.AnswerDocument;
import lamina.report.DiagnosisText;
import lamina.report.Document;
import lamina.tensor.Buffers;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import lamina.text.NearSpelling;
import lamina.train.diagnosis.OnePass;

/** {@code lamina run}: a network forward, and back, on one input after another. */
final class NetworkRun implements TensorCommand.Operation {
  /** Members that every result has. */
  private static final List<String> RESERVED = Arrays.asList("shape", "dtype", "data");

  private final FittedNetwork network;

  /** The network if it names its inputs, else null. */
  private final Model model;

  /** How inputs are prepared for a network that was trained, else null. */
  private final TrainedInput trained;

  private final NetworkGradients gradients;
  private final List<String> layers;
  private final boolean all;
  private final boolean isDiagnosed;
  private final NetworkNotes notes;
  private List<Tensor> results;

  /** Arrays of outputs that were taken for the last time, for later layers and inputs. */
  private final Buffers buffers = new Buffers();

  /**
   * @param trained how inputs are prepared for a network that was trained, else null
   */
  NetworkRun(
      FittedNetwork network,
      TrainedInput trained,
      NetworkGradients gradients,
      RunOptions options,
      NetworkNotes notes) {
    this.network = network;
    this.model = network.network().model();
    this.trained = trained;
    this.gradients = gradients;
    this.layers = options.layers();
    this.all = options.isAll();
    this.isDiagnosed = options.isDiagnosed();
    this.notes = notes;
  }

  @Override
  public Document apply(Tensor input) {
    if (model != null) {
      return run(List.of(ModelInputs.fitted(input, model.inputs().get(0))));
    }
    if (trained == null) {
      return run(List.of(input));
    }
    Tensor prepared = trained.prepared(input);
    if (trained.preparation().classes() != null) {
      TrainedInput.requireFinite(input, "input", true);
    }
    return run(List.of(prepared));
  }

  @Override
  public Document apply(TensorLines line) {
    return model == null || model.inputs().size() == 1
        ? apply(line.tensor())
        : run(ModelInputs.ordered(model, line.tensors()));
  }

  /** Runs the network on all its inputs. */
  Document run(List<Tensor> inputs) {
    boolean isPlain = !all && layers.isEmpty() && !gradients.areWanted();
    if (network.fit(inputs, isPlain)) {
      requireLayers(network.model().layerNames());
      notes.fitted(network.model().report(), inputs.isEmpty() ? null : inputs.get(0).shape());
    }
    List<String> outputs = network.model().outputs();
    List<String> ends = model == null && outputs.size() == 1 ? List.of() : outputs;
    Map<String, Tensor> found = new LinkedHashMap<>();
    Pass pass = gradients.areWanted() ? Pass.evaluation() : network.inference();
    Tensor output = forward(inputs, pass, ends, found);
    Document document = document(output, found, ends);
    if (trained != null && trained.preparation().classes() != null) {
      TrainedInput.requireFinite(output, "output", false);
      AnswerDocument.addClasses(document, output, trained.preparation().classes());
    }
    if (gradients.areWanted()) {
      gradients.add(document, output, pass, network.model(), model);
    }
    if (isDiagnosed) {
      DiagnosisText.add(
          document,
          OnePass.diagnose(
              network.network(),
              network.weights(),
              inputs.get(0),
              gradients.target(),
              gradients.loss()),
          true);
    }
    notes.ran(network.isDrawn());
    return document;
  }

  /** Runs the network forward, and keeps the outputs that are asked for. */
  private Tensor forward(
      List<Tensor> inputs, Pass pass, List<String> ends, Map<String, Tensor> outputs) {
    buffers.open();
    try {
      return network
          .model()
          .forward(
              inputs,
              network.weights(),
              pass,
              (layer, result) -> {
                String name = layer.name();
                boolean isWanted = all || layers.contains(name) || ends.contains(name);
                if (isWanted) {
                  outputs.put(name, result);
                }
                return isWanted;
              });
    } finally {
      // The outputs are still to be written.
      buffers.leave();
    }
  }

  /** The output, or those of the layers that are wanted, and a model's further ones. */
  private Document document(Tensor output, Map<String, Tensor> outputs, List<String> ends) {
    Document document =
        new Document(
            switch (layers.size()) {
              case 0 -> output;
              case 1 -> outputs.get(layers.get(0));
              default -> null;
            });
    if (all || layers.size() > 1) {
      outputs.forEach(
          (layer, result) -> {
            if (all || layers.contains(layer)) {
              put(document, layer, result);
            }
          });
    }
    for (int i = 1; i < ends.size() && layers.isEmpty(); i++) {
      put(document, network.model().outputNames().get(i), outputs.get(ends.get(i)));
    }
    results = ends.stream().map(outputs::get).toList();
    return document;
  }

  /** What a network that names its outputs gave last. */
  List<Tensor> results() {
    return results;
  }

  /** What such a network calls them. */
  List<String> outputNames() {
    return network.model().outputNames();
  }

  private static void put(Document document, String layer, Tensor output) {
    if (RESERVED.contains(layer)) {
      throw new InputException(
          "layer '" + layer + "' is called as a member of every result; rename it");
    }
    document.put(layer, output);
  }

  private void requireLayers(List<String> names) {
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
  }

  @Override
  public boolean givesSentences() {
    return isDiagnosed;
  }
}
