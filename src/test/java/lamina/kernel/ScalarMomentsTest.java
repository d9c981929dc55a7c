package lamina.kernel;

import lamina.kernel.plain.ScalarBackend;

class ScalarMomentsTest extends MomentsContract {
  @Override
  Backend backend() {
    return new ScalarBackend();
  }
}
