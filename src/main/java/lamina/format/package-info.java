/**
 * Tensors from and to JSON, JSON Lines, CSV, npy/npz, safetensors, ONNX's TensorProto, IDX and
 * images. Every declared size is checked against what is really there before memory is taken.
 * Commands, reports, checks and whatever reads files use it. Start reading at {@link
 * lamina.format.TensorArgument}, then {@link lamina.format.TensorInput}.
 */
package lamina.format;
