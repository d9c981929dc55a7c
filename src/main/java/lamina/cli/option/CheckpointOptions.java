package lamina.cli.option;

/** The weights that {@code lamina train} starts from and saves. */
public final class CheckpointOptions extends OptionGroup {
  private final TextOption init =
      text("FILE", "initial weights by the names of PyTorch's state_dict", "--init");

  private final TextOption save =
      noAnswer(
          text("FILE.safetensors", "write the weights, after each epoch", "--save"), WRITES_A_FILE);

  private final TextOption resume =
      noAnswer(
          text("FILE.safetensors", "go on from what --save wrote there", "--resume"),
          WRITES_A_FILE);

  /** The initial weights. */
  public TextOption init() {
    return init;
  }

  /** The file to save in. */
  public TextOption save() {
    return save;
  }

  /** The file to go on from, and to save in. */
  public TextOption resume() {
    return resume;
  }

  /** The name of the file that is saved, or null. */
  public String file() {
    return save.text(resume.text());
  }

  /**
   * Refuses the name of another format, and two beginnings.
   *
   * @throws UsageException if the file to save is none of safetensors, or both options for weights
   *     to begin with are given
   */
  public void check() {
    if (init.isGiven() && resume.isGiven()) {
      throw new UsageException(
          "either --init or --resume, not both: --resume goes on with the weights that were saved");
    }
    if (save.isGiven() && !save.text().endsWith(".safetensors")) {
      throw new UsageException(
          "--save writes safetensors; '" + save.text() + "' must end with .safetensors");
    }
  }
}
