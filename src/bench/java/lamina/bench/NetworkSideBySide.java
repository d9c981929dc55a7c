package lamina.bench;

import ai.onnxruntime.OrtException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lamina.format.Npy;
import lamina.format.OnnxTensor;
import lamina.kernel.Backends;
import lamina.kernel.Parallel;
import lamina.layer.Pass;
import lamina.network.RunnableNetwork;
import lamina.network.read.onnx.OnnxModel;
import lamina.tensor.Buffers;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * Times whole ONNX models with one image as input here and in ONNX Runtime: warm, within one
 * process, in turns and on one thread each, by processor time; then as whole processes from the
 * start to the output in a file, in turns, by the clock on the wall.
 *
 * <p>Arguments: the models, or none to be the peer's process ({@code -Dpeer=MODEL}).
 */
public final class NetworkSideBySide {
  private static final int PROCESSES = Integer.getInteger("processes", 7);

  private NetworkSideBySide() {}

  /** Prints a row a model in each of two tables. */
  public static void main(String[] args) throws Exception {
    String peer = System.getProperty("peer");
    if (peer != null) {
      runPeer(Path.of(peer));
      return;
    }
    Backends.use("auto");
    Parallel.use(1);
    SideBySide.heading("ONNX Runtime models/s", "lamina models/s");
    for (String model : args) {
      compare(Path.of(model));
    }
    System.out.println();
    System.out.println("| whole process | ONNX Runtime ms | lamina ms | ratio |");
    System.out.println("| --- | --- | --- | --- |");
    for (String model : args) {
      compareProcesses(Path.of(model));
    }
  }

  private static void compare(Path file) throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    OnnxModel model = OnnxModel.read(OnnxTensor.bytes(file), file.toString());
    Tensor input = input(model.inputs().get(0).shape().sizes());
    RunnableNetwork network = RunnableNetwork.of(model, List.of(input), DType.FLOAT32, true);
    Map<String, Tensor> weights = network.ownWeights();
    Pass.Prepared prepared = new Pass.Prepared();
    try (Peer peer = new Peer(bytes)) {
      peer.bind(model.inputs().get(0).name(), input.floats(), input.shape());
      Tensor output = network.forward(input, weights, Pass.inference(prepared));
      SideBySide.checkEqual(file.toString(), output.floats(), peer.output());
      // As lamina run does it for one input after another.
      Buffers buffers = new Buffers();
      Runnable here =
          () -> {
            buffers.open();
            network.forward(input, weights, Pass.inference(prepared));
            buffers.leave();
          };
      SideBySide.report(file.getFileName().toString(), 1, peer::run, 1, here);
    }
  }

  /** Numbers from 0 to 1, as the tests of ONNX take them. */
  private static Tensor input(int[] shape) {
    Tensor input = Tensor.zeros(DType.FLOAT32, shape);
    for (int i = 0; i < input.size(); i++) {
      input.floats()[i] = i / (float) input.size();
    }
    return input;
  }

  /** The peer's whole process: the model and the image from files, the output to a file. */
  private static void runPeer(Path file) throws OrtException, IOException {
    try (Peer peer = new Peer(Files.readAllBytes(file))) {
      byte[] image = Files.readAllBytes(Path.of(System.getProperty("image")));
      Tensor input =
          Npy.read(new ByteArrayInputStream(image), image.length, DType.FLOAT32, "the image");
      peer.bind(System.getProperty("name"), input.floats(), input.shape());
      float[] values = peer.output();
      Tensor output = Tensor.of(values, values.length);
      try (OutputStream out = Files.newOutputStream(Path.of(System.getProperty("output")))) {
        Npy.write(output, out);
      }
    }
  }

  private static void compareProcesses(Path file) throws IOException, InterruptedException {
    OnnxModel model = OnnxModel.read(OnnxTensor.bytes(file), file.toString());
    Path folder = Files.createTempDirectory("lamina-bench");
    Path image = folder.resolve("image.npy");
    Path output = folder.resolve("output.npy");
    try (OutputStream out = Files.newOutputStream(image)) {
      Npy.write(input(model.inputs().get(0).shape().sizes()), out);
    }
    List<String> peer =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dpeer=" + file,
            "-Dname=" + model.inputs().get(0).name(),
            "-Dimage=" + image,
            "-Doutput=" + output,
            "-cp",
            System.getProperty("java.class.path"),
            NetworkSideBySide.class.getName());
    List<String> here = new ArrayList<>(List.of("scripts/lamina", "run"));
    here.addAll(List.of(file.toString(), image.toString(), "--threads", "1", "-o", "" + output));
    milliseconds(here);
    double[] ofPeer = new double[PROCESSES];
    double[] ofLamina = new double[PROCESSES];
    double[] ratios = new double[PROCESSES];
    for (int i = 0; i < PROCESSES; i++) {
      ofPeer[i] = milliseconds(peer);
      ofLamina[i] = milliseconds(here);
      ratios[i] = ofPeer[i] / ofLamina[i];
    }
    System.out.printf(
        Locale.ROOT,
        "| %s | %.0f | %.0f | %.2f |%n",
        file.getFileName(),
        SideBySide.median(ofPeer),
        SideBySide.median(ofLamina),
        SideBySide.median(ratios));
  }

  private static double milliseconds(List<String> command)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    byte[] said = process.getInputStream().readAllBytes();
    if (process.waitFor() != 0) {
      throw new IllegalStateException(command + ": " + new String(said, StandardCharsets.UTF_8));
    }
    return (System.nanoTime() - start) * 1e-6;
  }
}
