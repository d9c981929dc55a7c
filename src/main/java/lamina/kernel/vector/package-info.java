/**
 * The kernels with the Vector API, for work that is worth its start. Only this room may name {@code
 * jdk.incubator.vector}, and only {@code lamina.kernel} loads it. Start reading at {@code
 * VectorBackend}.
 */
package lamina.kernel.vector;
