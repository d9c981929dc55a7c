/**
 * How {@code forward()} joins the modules of a network, where a text says it: a printed graph of
 * torch.fx, or straight-line Python code. {@link lamina.network.Network} uses it. Start reading at
 * {@link lamina.network.read.forward.ForwardText}; a new function is a line in {@code Functions}.
 */
package lamina.network.read.forward;
