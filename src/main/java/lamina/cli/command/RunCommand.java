package lamina.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import lamina.check.Comparison;
import lamina.cli.Help;
import lamina.cli.Io;
import lamina.cli.Program;
import lamina.cli.UsageException;
import lamina.cli.option.Arguments;
import lamina.cli.option.CommonOptions;
import lamina.cli.option.ModelInputs;
import lamina.cli.option.NetworkArgument;
import lamina.cli.option.TensorInputs;
import lamina.format.TensorArgument;
import lamina.format.Vocabulary;
import lamina.kernel.Backends;
import lamina.layer.Gradients;
import lamina.layer.Pass;
import lamina.network.Model;
import lamina.network.Network;
import lamina.network.RunnableNetwork;
import lamina.report.DiagnosisText;
import lamina.report.Document;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import lamina.text.NearSpelling;
import lamina.train.Checkpoint;
import lamina.train.EncoderDecoder;
import lamina.train.Loss;
import lamina.train.LossKind;
import lamina.train.Trainer;
import lamina.train.data.AnswerTexts;
import lamina.train.data.Preparation;
import lamina.train.diagnosis.OnePass;
import picocli.CommandLine.Model.CommandSpec;

/** {@code lamina run}: a network forward, in evaluation mode, and backward. */
public final class RunCommand extends TensorCommand {
  private Io io;

  /** The network if it names its inputs: an ONNX model, or Keras's with several. */
  private Network modelNetwork;

  /** The file of a trained network, read once, and what is in it. */
  private String trainedName;

  private Checkpoint trained;

  @Override
  void defineOwn(CommandSpec spec) {
    spec.addPositional(
        CommonOptions.positionals(
            "NET [INPUT...]",
            "1..*",
            "layers such as 'Linear(4, 2), ReLU()', a file of them (also print(model), JSON,"
                + " Keras), an ONNX model or -; then the tensor to run them on, default: standard"
                + " input; an ONNX model may take several. The first axis is the batch where no"
                + " layer tells how many axes a sample has, as in PyTorch"));
    spec.addOption(
        CommonOptions.value(
                "FILE",
                "weights by the names of PyTorch's state_dict (0.weight, features.0.bias): a JSON"
                    + " object, npz or safetensors; default: initial values drawn with --seed",
                "--weights")
            .build());
    spec.addOption(
        CommonOptions.repeatable(
                "NAME=TENSOR", "an ONNX model's input by its name; several times", "--input-tensor")
            .build());
    spec.addOption(
        CommonOptions.value(
                "DIR",
                "run an ONNX model on input_0.pb, input_1.pb, ... of this folder and compare its"
                    + " outputs with output_0.pb, ...; --rtol 1e-3 and --atol 1e-7 by default, as"
                    + " ONNX's own tests",
                "--test-data")
            .build());
    spec.addOption(
        CommonOptions.repeatable(
                "LAYER", "print this layer's output instead; several: as members", "--layer")
            .build());
    spec.addOption(
        CommonOptions.flag("print the outputs of all layers as members too", "--all").build());
    spec.addOption(
        CommonOptions.value(
                "DY",
                "gradient of the output, or a number for all its elements: adds grad_input and"
                    + " grad_<parameter>",
                "--grad")
            .build());
    spec.addOption(
        CommonOptions.choice(
                "NAME",
                LossKind.labels(),
                "adds the loss between output and --target, and its gradients as --grad does: "
                    + String.join(", ", LossKind.labels()),
                "--loss")
            .build());
    spec.addOption(
        CommonOptions.value(
                "TENSOR", "what --loss compares with: class indices, or a tensor", "--target")
            .build());
    spec.addOption(
        CommonOptions.flag(
                "with --loss: say what is wrong with this pass, such as dead or saturated units and"
                    + " vanishing gradients",
                "--diagnose")
            .build());
    spec.addOption(
        CommonOptions.value(
                "TEXT",
                "the input as text: its words in lower case become indices by --vocab, or by what"
                    + " the network was trained with",
                "--text")
            .build());
    spec.addOption(
        CommonOptions.flag(
                "write the answer of a network that was trained with --decoder, each token the"
                    + " likeliest after those before it",
                "--generate")
            .build());
    spec.addOption(
        CommonOptions.value(
                "FILE",
                "words of --text, one a line; the line, counted from 0, is the index; the first"
                    + " two are <pad> and <unk>",
                "--vocab")
            .build());
    Help.examples(
        spec,
        "  A small network of random weights, every layer's output:",
        "    lamina run 'Linear(4, 3), ReLU(), Linear(3, 2)' '[1,2,3,4]' --seed 1 --all",
        "  Loss and gradients of weights saved by PyTorch:",
        "    lamina run net.txt x.npy --weights model.safetensors \\",
        "        --loss cross-entropy --target '[2,0]'",
        "  A sentence:",
        "    lamina run 'Embedding(1000, 16), LSTM(16, 8, batch_first=True),",
        "        Select(1, -1), Linear(8, 2), Softmax(-1)' \\",
        "        --text 'a fine film' --vocab words.txt");
  }

  @Override
  String mainInput(Arguments arguments) {
    String text = arguments.text("--text");
    boolean vocabulary = arguments.has("--vocab");
    if (arguments.positionals().isEmpty()) {
      throw new UsageException(
          "missing argument NET, e.g. 'Linear(4, 2), ReLU()' or a file of layers");
    }
    if (arguments.positionals().size() > 2 && model(arguments) == null) {
      throw new UsageException("unexpected argument '" + arguments.positional(2) + "'");
    }
    if (model(arguments) != null && !arguments.has("--each") && !isLines(arguments)) {
      return null;
    }
    String given = arguments.positional(1);
    if (text == null) {
      if (vocabulary) {
        throw new UsageException("--vocab goes with --text");
      }
      return given == null ? "-" : given;
    }
    boolean isTrained = isTrained(arguments.positional(0));
    if (!vocabulary && !isTrained) {
      throw new UsageException("--text needs --vocab, the file of its words");
    }
    if (given != null) {
      throw new UsageException("either INPUT or --text, not both");
    }
    if (!vocabulary) {
      Checkpoint network = trained(arguments.positional(0), new TensorInputs(arguments, io));
      return Arrays.toString(network.preparation().apply(text).longs());
    }
    String file = arguments.text("--vocab");
    Tensor words = Vocabulary.read(io.directory().resolve(file), file).encode(text);
    return Arrays.toString(words.longs());
  }

  private static boolean isLines(Arguments arguments) {
    String given = arguments.positional(1);
    return given != null && TensorArgument.parse(given).isJsonLines();
  }

  /** The network that NET is if it names its inputs, read once; null if it does not. */
  private Model model(Arguments arguments) {
    String net = arguments.positional(0);
    try {
      if (modelNetwork == null) {
        modelNetwork = NetworkArgument.readModel(io.directory(), net);
      }
    } catch (IOException e) {
      throw new InputException(net + ": cannot be read: " + e.getMessage(), e);
    }
    return modelNetwork == null ? null : modelNetwork.model();
  }

  @Override
  public int run(Arguments arguments, Io streams) throws IOException {
    io = streams;
    return super.run(arguments, streams);
  }

  @Override
  Operation prepare(Arguments arguments, TensorInputs inputs) throws IOException {
    Runner runner = new Runner();
    runner.layers = arguments.texts("--layer");
    runner.all = arguments.has("--all");
    if (runner.all && !runner.layers.isEmpty()) {
      throw new UsageException("either --all or --layer, not both");
    }
    String loss = arguments.choice("--loss", null, LossKind.labels());
    if ((loss == null) != !arguments.has("--target")) {
      throw new UsageException("--loss and --target go together");
    }
    if (loss != null && arguments.has("--grad")) {
      throw new UsageException("either --grad or --loss, which gives the gradient itself");
    }
    if (arguments.has("--diagnose") && loss == null) {
      throw new UsageException("--diagnose goes with --loss and --target");
    }
    runner.isDiagnosed = arguments.has("--diagnose");
    runner.tellsOfSeed = !arguments.has("--seed") && !arguments.has("--quiet");
    runner.remarks = io;
    runner.warnings =
        note -> {
          if (!arguments.has("--quiet")) {
            io.tell(arguments.command() + ": " + note);
          }
        };
    runner.notes = arguments.has("--verbose") ? runner.warnings : note -> {};
    String weights = arguments.text("--weights");
    String net = arguments.positional(0);
    if (modelNetwork != null) {
      prepareModel(runner, arguments, inputs);
    } else if (arguments.has("--input-tensor") || arguments.has("--test-data")) {
      throw new UsageException(
          (arguments.has("--test-data") ? "--test-data" : "--input-tensor")
              + " goes with an ONNX model, whose inputs have names");
    }
    Checkpoint checkpoint = isTrained(net) ? trained(net, inputs) : null;
    if (checkpoint == null) {
      runner.network = modelNetwork != null ? modelNetwork : NetworkArgument.read(net, inputs);
    } else {
      String input = arguments.positional(1);
      runner.network = NetworkArgument.parse(checkpoint.network(), net);
      runner.preparation = checkpoint.preparation();
      runner.isImage = input != null && TensorArgument.parse(input).isImage();
      runner.classes = checkpoint.preparation().classes();
      runner.decoder = checkpoint.decoder();
      weights = weights == null ? net : weights;
    }
    if (arguments.has("--generate") != (runner.decoder != null)) {
      throw new UsageException(
          runner.decoder == null
              ? "--generate goes with a network that was trained with --decoder"
              : net + " was trained with --decoder, so its answer is written by --generate");
    }
    runner.source = weights == null ? null : TensorArgument.parse(weights).name();
    runner.given = weights == null ? null : inputs.readAll("--weights", weights);
    if (weights != null) {
      Map<String, Tensor> given = runner.given;
      String scope = runner.decoder == null ? "" : EncoderDecoder.ENCODER + ".";
      runner.network =
          runner.network.sizedByData((path, leaf) -> rows(given.get(scope + path + ".weight")));
    }
    if (runner.decoder != null) {
      runner.both = both(runner);
    }
    runner.dtype = inputs.dtype();
    runner.seed = inputs.seed();
    runner.dy = read(inputs, arguments, "--grad");
    runner.loss = loss == null ? null : Loss.byName(loss);
    runner.target = read(inputs, arguments, "--target");
    return runner;
  }

  private static EncoderDecoder both(Runner runner) {
    Network decoder =
        NetworkArgument.parse(runner.decoder.getKey(), runner.source)
            .sizedByData((path, leaf) -> runner.decoder.getValue().vocabulary().size());
    int[] sample = runner.preparation.sampleShape();
    EncoderDecoder both =
        new EncoderDecoder(runner.network, decoder, sample, runner.decoder.getValue());
    int width = Tensor.elements(sample) + runner.decoder.getValue().length();
    runner.weights =
        RunnableNetwork.of(both.network(), 1, width).weights(runner.given, runner.source);
    return both;
  }

  private static int rows(Tensor weight) {
    return weight == null || weight.rank() == 0 ? 0 : weight.dim(0);
  }

  private void prepareModel(Runner runner, Arguments arguments, TensorInputs inputs) {
    Model model = modelNetwork.model();
    for (String option : List.of("--weights", "--text", "--vocab", "--diagnose")) {
      if (arguments.has(option) && (model.bringsWeights() || !option.equals("--weights"))) {
        throw new UsageException(
            option
                + " does not go with "
                + (model.bringsWeights() ? "an ONNX model" : "a model that names its inputs"));
      }
    }
    runner.tellsOfSeed &= !model.bringsWeights();
    runner.testData = arguments.text("--test-data");
    runner.modelInputs = new ModelInputs(model, inputs);
    if (runner.testData != null) {
      if (arguments.positionals().size() > 1 || arguments.has("--input-tensor")) {
        throw new UsageException("either INPUT or --test-data, not both");
      }
      runner.rtol = arguments.number("--rtol", 1e-3);
      runner.atol = arguments.number("--atol", 1e-7);
      runner.quiet = arguments.has("--quiet");
      runner.inputs = runner.modelInputs.readTestData(runner.testData);
      return;
    }
    List<String> positionals = arguments.positionals();
    if (arguments.has("--each") || isLines(arguments)) {
      if (model.inputs().size() != 1 || positionals.size() > 2) {
        throw new UsageException("--each goes with a model of one input");
      }
      return;
    }
    runner.inputs =
        runner.modelInputs.read(
            positionals.subList(1, positionals.size()), arguments.texts("--input-tensor"));
  }

  private static boolean isTrained(String net) {
    return net.endsWith(".safetensors") && !NetworkArgument.isText(net);
  }

  /** The network that {@code train --save} wrote. */
  private Checkpoint trained(String name, TensorInputs inputs) {
    if (!name.equals(trainedName)) {
      try {
        trained = readTrained(name, inputs);
      } catch (IOException e) {
        throw new InputException(name + ": cannot be read: " + e.getMessage(), e);
      }
      trainedName = name;
    }
    return trained;
  }

  private static Checkpoint readTrained(String name, TensorInputs inputs) throws IOException {
    Path file = inputs.options().directory().resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new InputException("there is no file '" + name + "'");
    }
    Checkpoint checkpoint = Checkpoint.read(file, name, inputs.dtype());
    if (checkpoint == null) {
      throw new InputException(
          name + ": has weights but no network; give NET, and this file as --weights");
    }
    return checkpoint;
  }

  private static Tensor read(TensorInputs inputs, Arguments arguments, String option) {
    String argument = arguments.text(option);
    return argument == null ? null : inputs.read(option, argument);
  }

  /** What the options mean, applied to one input after another. */
  private static final class Runner implements Operation {
    private static final List<String> RESERVED = Arrays.asList("shape", "dtype", "data");

    private List<String> layers;
    private boolean all;
    private Network network;
    private String source;
    private Map<String, Tensor> given;
    private DType dtype;
    private long seed;
    private boolean tellsOfSeed;
    private Io remarks;
    private Consumer<String> warnings;
    private Consumer<String> notes;
    private Tensor dy;
    private Loss loss;
    private Tensor target;
    private boolean isDiagnosed;

    /** How the data of a trained network was prepared, and its classes; else null. */
    private Preparation preparation;

    /** The decoder of a trained network and its tokens, and both networks as one; else null. */
    private Map.Entry<String, AnswerTexts> decoder;

    private EncoderDecoder both;

    private boolean isImage;

    private List<String> classes;

    /** The inputs of an ONNX model; null if they come one by one. */
    private List<Tensor> inputs;

    private ModelInputs modelInputs;
    private String testData;
    private double rtol;
    private double atol;
    private boolean quiet;

    /** What an ONNX model gave. */
    private List<Tensor> results;

    private int[] shape;
    private RunnableNetwork model;
    private Map<String, Tensor> weights;
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
      int code = Program.OK;
      if (testData == null) {
        return code;
      }
      Map<String, Tensor> expected = modelInputs.readExpected(testData, results);
      int index = 0;
      for (Map.Entry<String, Tensor> output : expected.entrySet()) {
        Comparison comparison = Comparison.of(results.get(index++), output.getValue(), rtol, atol);
        if (!comparison.matches()) {
          code = Program.CHECK_FAILED;
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
      Tensor filled = Tensor.zeros(output.dtype(), output.shape());
      for (int i = 0; i < filled.size(); i++) {
        if (filled.dtype() == DType.FLOAT32) {
          filled.floats()[i] = (float) dy.get(0);
        } else {
          filled.doubles()[i] = dy.get(0);
        }
      }
      return filled;
    }
  }
}
