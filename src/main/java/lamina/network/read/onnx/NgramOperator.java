package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lamina.layer.NgramCounts;

/** TfIdfVectorizer: how often the n-grams of a list stand in rows of words' numbers. */
final class NgramOperator {
  private NgramOperator() {}

  static void apply(Operator op) {
    OnnxNode node = op.node();
    long[] pool = node.integers("pool_int64s");
    long[] starts = node.integers("ngram_counts");
    long[] places = node.integers("ngram_indexes");
    if (pool == null || !op.input(0).isInteger()) {
      throw op.unresolved("counts strings, which are not read; give the numbers of words");
    }
    if (starts == null || places == null) {
      throw op.error("needs 'ngram_counts' and 'ngram_indexes'");
    }
    int width = 0;
    for (long place : places) {
      if (place < 0 || place >= places.length) {
        throw op.error("has the column " + place + " for " + places.length + " n-grams");
      }
      width = (int) Math.max(width, place + 1);
    }
    Map<List<Long>, Integer> columns = new HashMap<>();
    int gram = 0;
    for (int n = 1; n <= starts.length; n++) {
      long end = n < starts.length ? starts[n] : pool.length;
      long start = starts[n - 1];
      boolean fits = start >= 0 && start <= end && end <= pool.length && (end - start) % n == 0;
      if (!fits || gram + (end - start) / n > places.length) {
        throw op.error("has n-grams of " + n + " words from " + start + " to " + end);
      }
      for (int at = (int) start; at < end; at += n) {
        List<Long> words = new ArrayList<>();
        for (int i = 0; i < n; i++) {
          words.add(pool[at + i]);
        }
        columns.put(words, (int) places[gram++]);
      }
    }
    op.emit(0, layer(op, columns, places, width), List.of(op.input(0)), Map.of(), false);
  }

  private static NgramCounts layer(
      Operator op, Map<List<Long>, Integer> columns, long[] places, int width) {
    OnnxNode node = op.node();
    String mode = node.text("mode", "TF");
    if (!List.of("TF", "IDF", "TFIDF").contains(mode)) {
      throw op.error("has the mode '" + mode + "'; it is TF, IDF or TFIDF");
    }
    double[] given = mode.equals("TF") ? null : node.numbers("weights");
    if (given != null && given.length != places.length) {
      throw op.error("has " + given.length + " weights for " + places.length + " n-grams");
    }
    double[] factors = given == null ? null : new double[width];
    for (int i = 0; given != null && i < places.length; i++) {
      factors[(int) places[i]] = given[i];
    }
    int longest = columns.keySet().stream().mapToInt(List::size).max().orElse(0);
    int least = node.size("min_gram_length", 1, 1);
    // Longer ones than the list has are never found.
    int most = Math.min(node.size("max_gram_length", 1, least), longest);
    int skips = node.size("max_skip_count", 0, 0);
    return new NgramCounts(
        columns, width, least, most, skips, mode.equals("IDF"), factors, op.walk().dtype());
  }
}
