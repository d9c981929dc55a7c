package lamina.report;

import java.util.ArrayList;
import java.util.List;
import lamina.network.Solver.Solution;

/** What {@code shape --solve} found, as a document. */
public final class SolutionDocument {
  private SolutionDocument() {}

  /** The smallest value, one for all axes if they agree, and all values an axis. */
  public static Document of(Solution solution) {
    List<Long> smallest = new ArrayList<>();
    boolean same = true;
    for (List<Long> values : solution.values()) {
      smallest.add(values.get(0));
      same &= values.get(0).equals(smallest.get(0));
    }
    Document document = new Document();
    document.put("layer", solution.layer());
    document.put("type", solution.type());
    document.put(solution.argument(), same ? smallest.get(0) : smallest);
    for (int axis = 0; axis < solution.values().size(); axis++) {
      document.put("axis_" + axis, solution.values().get(axis));
    }
    return document;
  }
}
