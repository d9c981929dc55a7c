package lamina.kernel;

/** A sum in double precision that kernels of both precisions add to. */
final class Total {
  double value;
}
