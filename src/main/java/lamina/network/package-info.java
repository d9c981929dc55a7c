/**
 * Networks of layers: the description, the analysis of shapes and costs, the forward and backward
 * pass. Training, reports and commands use it. Start reading at {@link lamina.network.Network} and
 * {@link lamina.network.RunnableNetwork}.
 */
package lamina.network;
