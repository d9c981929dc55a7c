package lamina.kernel;

class VectorActivationTest extends ActivationContract {
  @Override
  Backend backend() {
    return vector();
  }
}
