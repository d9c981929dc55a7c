package lamina.kernel;

class VectorMomentsTest extends MomentsContract {
  @Override
  Backend backend() {
    return vector();
  }
}
