package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.op.Blocks;
import lamina.op.EmbeddingTable;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * A row of a table for every index of the input: {@code (...)} gives {@code (..., E)}.
 *
 * @param count the number of rows; 0 until the data to be learned decides
 * @param size the length of a row
 * @param paddingIndex the row that is never trained; -1 for none
 */
public record Embedding(int count, int size, int paddingIndex) implements Layer {
  static final LayerType TYPE =
      new LayerType(
          "Embedding",
          "num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0,"
              + " scale_grad_by_freq=False, sparse=False",
          "a row of a table for every index") {
        @Override
        public Layer layer(LayerArguments args) {
          return Embedding.of(args);
        }
      }.keras("Embedding").onnx("Gather");

  private static Layer of(LayerArguments args) {
    int count = args.sizeOfData("num_embeddings");
    if (!args.isNone("max_norm")) {
      throw args.error("max_norm", "shortens rows, which is not supported", args.value("max_norm"));
    }
    if (args.flag("scale_grad_by_freq")) {
      throw args.error("scale_grad_by_freq", "is not supported; leave it False", true);
    }
    args.number("norm_type");
    int padding = args.isNone("padding_idx") ? -1 : args.integer("padding_idx", -count);
    if (padding >= count && count > 0) {
      throw args.error("has padding_idx " + padding + " but only " + count + " embeddings");
    }
    return new Embedding(
        count,
        args.integer("embedding_dim", 1),
        padding < 0 && !args.isNone("padding_idx") ? padding + count : padding);
  }

  @Override
  public String type() {
    return "Embedding";
  }

  @Override
  public Ranks ranks() {
    return Ranks.anyBefore(0);
  }

  @Override
  public int indices() {
    return count;
  }

  @Override
  public boolean takesIndices() {
    return true;
  }

  @Override
  public boolean leavesSizeToData() {
    return count == 0;
  }

  @Override
  public Layer sizedByData(int rows) {
    return new Embedding(rows, size, paddingIndex);
  }

  @Override
  public Shape output(Shape input) {
    if (count == 0) {
      throw new InputException(
          "needs num_embeddings as a number; only lamina train takes _ from its data");
    }
    List<Dim> dims = new ArrayList<>(input.dims());
    dims.add(Dim.of(size));
    return new Shape(dims);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(new Parameter("weight", Shape.of(count, size)));
  }

  /** Standard normal, the row of padding zero. */
  @Override
  public void initialize(Parameter parameter, Tensor values, RandomNumbers random) {
    InitialValues.normal(values, random);
    if (paddingIndex >= 0) {
      Tensor row = Tensor.zeros(values.dtype(), size);
      Blocks.copy(row, 0, values, paddingIndex * size, size);
    }
  }

  /** Indices have no gradient: going back ends here. */
  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    Tensor table = weights.get("weight");
    Tensor y = EmbeddingTable.forward(input, table);
    Integer skipped = paddingIndex < 0 ? null : paddingIndex;
    pass.recordTrained(
        (dy, gradients) -> {
          gradients.add(weights, "weight", EmbeddingTable.backward(input, table, dy, skipped));
          return null;
        });
    return y;
  }
}
