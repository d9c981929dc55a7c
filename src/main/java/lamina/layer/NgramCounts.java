package lamina.layer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * How often n-grams of words stand in each row of words' numbers, a bag of words: ONNX's
 * TfIdfVectorizer. Input {@code (T)} or {@code (N, T)}, output {@code (columns)} or {@code (N,
 * columns)}.
 *
 * @param columns by n-gram the column that counts it
 * @param width how many columns there are
 * @param least the shortest n-gram that is counted
 * @param most the longest
 * @param skips how many words may lie between two of an n-gram, always as many
 * @param isBinary whether a column says only that its n-gram is there
 * @param factors what columns are multiplied by; null for 1
 * @param number the type of the counts
 */
public record NgramCounts(
    Map<List<Long>, Integer> columns,
    int width,
    int least,
    int most,
    int skips,
    boolean isBinary,
    double[] factors,
    DType number)
    implements Layer {
  @Override
  public String type() {
    return "TfIdfVectorizer";
  }

  @Override
  public Shape output(Shape input) {
    if (input.rank() < 1 || input.rank() > 2) {
      throw new InputException("needs one row of words or a matrix of them, not " + input);
    }
    return input.with(input.rank() - 1, Dim.of(width));
  }

  @Override
  public Reach reach(Shape input) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    // Words' numbers have no gradient.
    pass.record((dy, gradients) -> null);
    int length = input.dim(-1);
    int[] shape = input.shape().clone();
    shape[shape.length - 1] = width;
    Tensor y = Tensor.zeros(number, shape);
    Map<Integer, Integer> counts = new HashMap<>();
    for (int row = 0; width > 0 && row < y.size() / width; row++) {
      counts.clear();
      count(Arrays.copyOfRange(input.longs(), row * length, (row + 1) * length), counts);
      for (Map.Entry<Integer, Integer> entry : counts.entrySet()) {
        double factor = factors == null ? 1 : factors[entry.getKey()];
        y.set(row * width + entry.getKey(), (isBinary ? 1 : entry.getValue()) * factor);
      }
    }
    return y;
  }

  private void count(long[] words, Map<Integer, Integer> counts) {
    for (int skip = 0; skip <= skips; skip++) {
      long step = skip + 1L;
      // Single words have nothing between them.
      for (int n = Math.max(least, skip == 0 ? 1 : 2); n <= most; n++) {
        for (int start = 0; start + (n - 1) * step < words.length; start++) {
          Long[] gram = new Long[n];
          for (int i = 0; i < n; i++) {
            gram[i] = words[(int) (start + i * step)];
          }
          Integer column = columns.get(List.of(gram));
          if (column != null) {
            counts.merge(column, 1, Integer::sum);
          }
        }
      }
      if (step >= words.length) {
        return;
      }
    }
  }
}
