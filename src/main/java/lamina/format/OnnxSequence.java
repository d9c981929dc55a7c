package lamina.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * ONNX's SequenceProto and OptionalProto: a {@code .pb} file of several tensors, or of none. Fields
 * by number: onnx-data.proto of the ONNX project (Apache-2.0).
 */
public final class OnnxSequence {
  private final List<OnnxTensor> tensors = new ArrayList<>();
  private boolean hasKind;

  private OnnxSequence() {}

  /**
   * Reads a file.
   *
   * @param dtype what numbers become; whole numbers become int64
   * @return its tensors in order; null if what is optional is not there
   * @throws InputException if the file is damaged
   */
  public static List<Tensor> read(Path file, DType dtype) {
    String source = file.toString();
    OnnxSequence sequence = new OnnxSequence();
    try {
      OnnxTensor.Bytes bytes = OnnxTensor.bytes(file);
      try (InputStream stream = bytes.open(0)) {
        ProtoInput in = new ProtoInput(stream, bytes.length(), source);
        in.fields(field -> sequence.readField(field, in, bytes));
      }
    } catch (IOException e) {
      throw ReadFailure.of(source, e);
    }
    if (!sequence.hasKind && sequence.tensors.isEmpty()) {
      return null;
    }
    List<Tensor> read = new ArrayList<>();
    for (OnnxTensor tensor : sequence.tensors) {
      read.add(tensor.tensor(tensor.natural() == DType.INT64 ? DType.INT64 : dtype));
    }
    return read;
  }

  private boolean readField(int field, ProtoInput in, OnnxTensor.Bytes bytes) {
    switch (field) {
      case 2 -> hasKind = in.integer() != 0;
      case 3 -> in.message(() -> tensors.add(OnnxTensor.parse(in, bytes, in.name())));
      case 5 -> in.message(() -> in.fields(inner -> readField(inner, in, bytes)));
      case 4, 6, 7 -> throw in.error("holds sparse tensors, maps or optional values, not tensors");
      default -> {
        return false;
      }
    }
    return true;
  }
}
