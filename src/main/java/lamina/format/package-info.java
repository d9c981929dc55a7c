/**
 * Tensors from and to JSON, JSON Lines, CSV, npy/npz, safetensors, ONNX's TensorProto, IDX and
 * images. Every declared size is checked against what is really there before memory is taken.
 */
package lamina.format;
