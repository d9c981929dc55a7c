package lamina.kernel;

class ScalarBackendTest extends BackendContract {
  @Override
  Backend backend() {
    return new ScalarBackend();
  }
}
