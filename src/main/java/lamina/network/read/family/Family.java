package lamina.network.read.family;

/** A family of published networks: how the {@code forward()} of its classes joins their parts. */
interface Family {
  /**
   * Joins the parts of a module.
   *
   * @param type the module's class
   * @return whether it is one of this family's classes and has the parts of the published one
   */
  boolean join(String type, Wiring parts);
}
