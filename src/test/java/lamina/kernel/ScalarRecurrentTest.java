package lamina.kernel;

import lamina.kernel.plain.ScalarBackend;

class ScalarRecurrentTest extends RecurrentContract {
  @Override
  Backend backend() {
    return new ScalarBackend();
  }
}
