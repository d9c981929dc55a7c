package lamina.kernel;

import lamina.kernel.plain.ScalarBackend;

class ScalarPoolingTest extends PoolingContract {
  @Override
  Backend backend() {
    return new ScalarBackend();
  }
}
