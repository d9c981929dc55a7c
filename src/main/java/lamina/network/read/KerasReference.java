package lamina.network.read;

/**
 * The output of a call of a layer in a functional model.
 *
 * @param call counted from 0
 */
record KerasReference(String layer, int call) {
  @Override
  public String toString() {
    return call == 0 ? "'" + layer + "'" : "call " + (call + 1) + " of '" + layer + "'";
  }
}
