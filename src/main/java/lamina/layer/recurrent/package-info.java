/**
 * The recurrent family: RNN, LSTM and GRU as layers, in the conventions of PyTorch, ONNX and Keras,
 * and the topologies built of them. Networks, reports and the rnn command use it. Start reading at
 * {@link lamina.layer.recurrent.Recurrent}.
 */
package lamina.layer.recurrent;
