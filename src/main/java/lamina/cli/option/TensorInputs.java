package lamina.cli.option;

import java.io.InputStream;
import java.util.Map;
import lamina.cli.process.Io;
import lamina.cli.process.Notes;
import lamina.format.ReadOptions;
import lamina.format.TensorArgument;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/** Reads the tensors that arguments name; at most one of them is standard input. */
public final class TensorInputs {
  private final ReadOptions options;
  private final String usage;
  private final boolean isTerminal;
  private String standardInputOwner;

  /**
   * @param notes takes what is to be said of an input that is read all the same
   */
  public TensorInputs(TensorOptions options, Arguments arguments, Io io, Notes notes) {
    this.options = options.reading(io.in(), io.directory(), notes);
    this.usage = arguments.usage();
    this.isTerminal = io.inIsTerminal();
  }

  /** The type to compute in. */
  public DType dtype() {
    return options.dtype();
  }

  /** The seed of random generators and initial weights. */
  public long seed() {
    return options.seed();
  }

  /** The tensor that an option names, in {@link #dtype}; null if the option was not given. */
  public Tensor read(TextOption option) {
    return option.isGiven() ? read(option.name(), option.text()) : null;
  }

  /**
   * The tensor an argument names, in {@link #dtype}.
   *
   * @param role what it is for, in messages: {@code INPUT}, {@code --kernel}
   */
  public Tensor read(String role, String argument) {
    return open(role, argument).read(options);
  }

  /** The tensor an argument names, in a type of its own. */
  public Tensor read(String role, String argument, DType type) {
    return open(role, argument).read(options(type));
  }

  /** The named tensors of the file that an option names; null if the option was not given. */
  public Map<String, Tensor> readAll(TextOption option) {
    return option.isGiven() ? readAll(option.name(), option.text()) : null;
  }

  /** The named tensors of a file: a JSON object, npz or safetensors. */
  public Map<String, Tensor> readAll(String role, String argument) {
    return open(role, argument).readAll(options);
  }

  private TensorArgument open(String role, String argument) {
    TensorArgument parsed = TensorArgument.parse(argument);
    if (parsed.isStandardInput()) {
      claimStandardInput(role);
    }
    return parsed;
  }

  /**
   * Standard input, for one argument only.
   *
   * @throws UsageException if another argument has it, or if it is a terminal
   */
  public InputStream claimStandardInput(String role) {
    if (standardInputOwner != null) {
      throw new UsageException(
          "both "
              + standardInputOwner
              + " and "
              + role
              + " would read standard input; give one of them a file");
    }
    standardInputOwner = role;
    if (isTerminal) {
      throw new UsageException("no " + role + " given, and standard input is a terminal", usage);
    }
    return options.standardInput();
  }

  /** How tensors are read. */
  public ReadOptions options() {
    return options;
  }

  /** How tensors of a type of their own are read. */
  ReadOptions options(DType type) {
    return new ReadOptions(
        type,
        options.csvShape(),
        options.csvHeader(),
        options.integerPixels(),
        options.seed(),
        options.standardInput(),
        options.directory(),
        options.remarks());
  }
}
