package lamina.layer;

/** The input itself. Takes any arguments and ignores them. */
public record Identity() implements Layer {
  @Override
  public String type() {
    return "Identity";
  }
}
