package lamina.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import lamina.kernel.Backends;
import lamina.kernel.Parallel;
import lamina.network.LayerAnalysis;
import lamina.network.NetworkAnalysis;
import lamina.network.Timing;
import lamina.tensor.DType;

/** How long a network took, each layer and in all, as a document. */
public final class BenchDocument {
  private final DType dtype;
  private final boolean backward;
  private final double peak;
  private final List<Document> batches = new ArrayList<>();

  /**
   * Starts without a batch.
   *
   * @param backward whether gradients were timed too
   * @param peak what the machine reaches, in FLOP/s
   */
  public BenchDocument(DType dtype, boolean backward, double peak) {
    this.dtype = dtype;
    this.backward = backward;
    this.peak = peak;
  }

  /** The document of all batches. */
  public Document of() {
    return new Document()
        .put("backend", Backends.reason())
        .put("dtype", dtype.label())
        .put("threads", Parallel.threads())
        .put("direction", backward ? "forward and backward" : "forward")
        .put("peak_gflops", rounded(peak * 1e-9))
        .put("batches", batches);
  }

  /**
   * Adds a batch.
   *
   * @param samples how many samples the network's figures are to be multiplied by
   */
  public void add(int batch, int samples, Timing timing) {
    NetworkAnalysis analysis = timing.model().report();
    // The gradients of the input and of the weights each cost what forward does.
    double work = (backward ? 3.0 : 1.0) * samples;
    List<Document> rows = new ArrayList<>();
    for (int i = 0; i < analysis.layers().size(); i++) {
      LayerAnalysis layer = analysis.layers().get(i);
      Document row = new Document().put("name", layer.name()).put("type", layer.type());
      row.put("output", layer.output().toString());
      row.put("algorithm", algorithm(layer));
      addFigures(row, timing.median(i), work * layer.flops().value());
      rows.add(row);
    }
    Document document = new Document().put("batch", batch).put("passes", timing.passes());
    double total = work * analysis.flops().value();
    addFigures(document, timing.median(rows.size()), total);
    batches.add(document.put("layers", rows));
  }

  private String algorithm(LayerAnalysis layer) {
    return layer.taken() == null ? null : layer.layer().algorithm(layer.taken(), dtype, !backward);
  }

  private void addFigures(Document document, double seconds, double flops) {
    document.put("ms", rounded(seconds * 1e3));
    document.put("gflops", flops == 0 ? null : rounded(flops / seconds * 1e-9));
    document.put("percent_of_peak", flops == 0 ? null : rounded(100 * flops / seconds / peak));
  }

  /** To four significant digits: more would only be noise. */
  private static Double rounded(double value) {
    if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
      return 0.0;
    }
    return new BigDecimal(value).round(new MathContext(4)).doubleValue();
  }
}
