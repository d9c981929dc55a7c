package lamina.network.read;

import java.util.Set;
import lamina.text.InputException;

/** What names in pasted Python mean without being run. */
final class PythonNames {
  /** What may be called on a module without changing its layers. */
  private static final Set<String> HARMLESS_METHODS =
      Set.of(
          "to",
          "cuda",
          "cpu",
          "float",
          "half",
          "double",
          "bfloat16",
          "eval",
          "train",
          "type",
          "requires_grad_",
          "share_memory",
          "apply",
          "zero_grad",
          "compile");

  /** Statements that Python alone can run. */
  private static final Set<String> KEYWORDS =
      Set.of(
          "for",
          "while",
          "if",
          "elif",
          "else",
          "with",
          "try",
          "except",
          "finally",
          "return",
          "del",
          "raise",
          "global",
          "nonlocal",
          "async",
          "await",
          "yield",
          "match",
          "lambda");

  /** First parts of names of functions that make no layers. */
  private static final Set<String> NO_LAYERS =
      Set.of(
          "optim",
          "F",
          "np",
          "plt",
          "init",
          "print",
          "summary",
          "torchsummary",
          "torchinfo",
          "assert",
          "logging",
          "warnings",
          "random",
          "os",
          "sys",
          "time");

  private PythonNames() {}

  /** Whether a method may be called on a module without changing its layers. */
  static boolean isHarmlessMethod(String name) {
    return HARMLESS_METHODS.contains(name);
  }

  /** Whether a word begins or joins statements that Python alone can run. */
  static boolean isKeyword(String word) {
    return KEYWORDS.contains(word);
  }

  /** Whether a name belongs to functions that make no layers, or to a loss. */
  static boolean isNoLayer(String name) {
    if (name == null) {
      return false;
    }
    int dot = name.indexOf('.');
    String first = dot < 0 ? name : name.substring(0, dot);
    return NO_LAYERS.contains(first)
        || (first.equals("torch") && !name.startsWith("torch.nn.") && !name.equals("torch.Size"))
        || name.startsWith("nn.init.")
        || name.startsWith("torch.nn.init.")
        || name.startsWith("nn.functional.")
        || name.endsWith("Loss");
  }

  /** Without the modules before it: {@code Conv2d} of {@code nn.Conv2d}. */
  static String lastPart(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /**
   * The error of what may change the layers and cannot be understood.
   *
   * @param code the statement, or the word that begins it
   */
  static InputException runByPython(String code, String place) {
    return new InputException(
        place
            + ": '"
            + code
            + "' is run by Python alone; paste what print(model) shows, or write the layers out");
  }
}
