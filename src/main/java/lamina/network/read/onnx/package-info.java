/**
 * ONNX files to networks: the messages of the file, the walk through its nodes for inputs of given
 * shapes, and the table of operators, a file a family. Only {@code lamina.network} calls it; it is
 * loaded when an ONNX file is read. Start reading at {@link lamina.network.read.onnx.OnnxModel}.
 */
package lamina.network.read.onnx;
