package lamina.op.activation;

import java.util.ArrayList;
import java.util.List;
import lamina.kernel.Pointwise;

/**
 * An activation function: its names on the command line, in PyTorch, Keras and ONNX, its
 * parameters, formula and derivative. A new one is a file of its own and a line in {@link
 * Activations}; kernels need to know it only to be fast, see {@link Pointwise#loop}.
 *
 * <p>A function has at most two parameters; formulas call them alpha and beta. Formulas and values
 * at kinks are those of PyTorch's documentation; where a formula cancels or overflows, an equal one
 * is used.
 */
public abstract class ActivationKind implements Pointwise {
  private final String label;
  private final String about;
  private String alphaName;
  private double alpha;
  private String betaName;
  private double beta;
  private String torch;
  private String signature = "";
  private List<ForeignName> keras = List.of();
  private List<ForeignName> onnx = List.of();

  /**
   * @param label the name on the command line, {@code leaky-relu}
   * @param about the formula in words
   */
  protected ActivationKind(String label, String about) {
    this.label = label;
    this.about = about;
  }

  /** States the only parameter and PyTorch's default; NaN if it must be given. */
  protected final void parameter(String name, double otherwise) {
    alphaName = name;
    alpha = otherwise;
  }

  /** States both parameters and PyTorch's defaults; NaN for those that must be given. */
  protected final void parameters(String first, double alpha, String second, double beta) {
    parameter(first, alpha);
    betaName = second;
    this.beta = beta;
  }

  /**
   * States the module in PyTorch.
   *
   * @param parameters those of its constructor as PyTorch documents them; the numbers among them
   *     are alpha and beta in this order
   */
  protected final void torch(String module, String parameters) {
    torch = module;
    signature = parameters;
  }

  /** States the names in Keras, see {@link ForeignName#of}. */
  protected final void keras(String... names) {
    keras = names(names);
  }

  /** States the operators in ONNX, see {@link ForeignName#of}. */
  protected final void onnx(String... operators) {
    onnx = names(operators);
  }

  private static List<ForeignName> names(String... texts) {
    List<ForeignName> names = new ArrayList<>();
    for (String text : texts) {
      names.add(ForeignName.of(text));
    }
    return names;
  }

  /** The name on the command line, {@code leaky-relu}. */
  public final String label() {
    return label;
  }

  /** The formula in words. */
  public final String about() {
    return about;
  }

  /** What alpha is for this function, {@code negative slope}; null if it has no parameter. */
  public final String alphaName() {
    return alphaName;
  }

  /** Alpha's default; NaN if it must be given. */
  public final double alpha() {
    return alpha;
  }

  /** What beta is for this function, {@code threshold}; null if it has no second parameter. */
  public final String betaName() {
    return betaName;
  }

  /** Beta's default; NaN if it must be given. */
  public final double beta() {
    return beta;
  }

  /** The module in PyTorch; null if a layer of another file applies this function. */
  public final String torch() {
    return torch;
  }

  /** The parameters of PyTorch's constructor. */
  public final String signature() {
    return signature;
  }

  /** The names in Keras: of functions, {@code leaky_relu}, and of layers, {@code LeakyReLU}. */
  public final List<ForeignName> keras() {
    return keras;
  }

  /** The operators in ONNX. */
  public final List<ForeignName> onnx() {
    return onnx;
  }

  /**
   * The points where the function or its derivative jumps, ascending. A numerical derivative means
   * nothing there.
   */
  public double[] kinks(double alpha, double beta) {
    return new double[0];
  }

  /**
   * The value that the function gives while it passes no gradient, such as 0 for a ReLU: a unit
   * that gives nothing else is dead. NaN for functions whose units cannot die.
   */
  public double silence(double alpha, double beta) {
    return Double.NaN;
  }

  /** The bounds near which values pass hardly any gradient, low and high; null without them. */
  public double[] bounds(double alpha, double beta) {
    return null;
  }

  /** Why these parameters will not do, {@code "needs min < max"}; null if they will. */
  public String refusal(double alpha, double beta) {
    return null;
  }

  /** Beta where only alpha is given. */
  public double betaOf(double alpha) {
    return beta;
  }

  /** Whether the command line has an option for beta. */
  public boolean takesBeta() {
    return false;
  }

  /**
   * A layer expression with its parameters and their names, for functions whose parameters only go
   * together; null for others.
   */
  public String expression() {
    return null;
  }

  /** Whether alpha is learnt, one number or one a channel. */
  public boolean isTrained() {
    return false;
  }

  /** The words that PyTorch's constructor takes for variants of the function. */
  public String[] variants() {
    return new String[0];
  }

  /** The function that such a word chooses. */
  public ActivationKind variant(String word) {
    return this;
  }

  /** Whether an element of the output depends on a whole axis of the input. */
  public final boolean hasAxis() {
    return this instanceof AxisFunction;
  }

  @Override
  public final String toString() {
    return label;
  }
}
