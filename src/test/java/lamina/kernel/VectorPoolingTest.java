package lamina.kernel;

class VectorPoolingTest extends PoolingContract {
  @Override
  Backend backend() {
    return vector();
  }
}
