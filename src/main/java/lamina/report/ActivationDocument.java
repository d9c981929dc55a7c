package lamina.report;

import java.util.ArrayList;
import java.util.List;
import lamina.op.ActivationStatistics;

/** The statistics of an activation as a document. */
public final class ActivationDocument {
  private ActivationDocument() {}

  /** The document; units only of an output that has some. */
  public static Document of(ActivationStatistics statistics) {
    Document document =
        new Document()
            .put("count", statistics.count())
            .put("mean", statistics.mean())
            .put("std", statistics.std())
            .put("min", statistics.min())
            .put("max", statistics.max())
            .put("zero", statistics.zero())
            .put("negative", statistics.negative())
            .put("positive", statistics.positive())
            .put("saturated", statistics.saturated())
            .put("gradient_zero", statistics.gradientZero());
    if (statistics.units() > 0) {
      document.put("units", statistics.units()).put("dead", statistics.deadUnits().size());
      document.put("dead_indices", deadIndices(statistics));
    }
    return document;
  }

  /** Plain numbers where one index names a unit. */
  private static List<Object> deadIndices(ActivationStatistics statistics) {
    List<Object> units = new ArrayList<>();
    for (List<Integer> index : statistics.deadUnits()) {
      units.add(index.size() == 1 ? index.get(0) : index);
    }
    return units;
  }
}
