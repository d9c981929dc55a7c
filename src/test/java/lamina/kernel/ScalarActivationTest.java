package lamina.kernel;

import lamina.kernel.plain.ScalarBackend;

class ScalarActivationTest extends ActivationContract {
  @Override
  Backend backend() {
    return new ScalarBackend();
  }
}
