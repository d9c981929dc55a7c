package lamina.train;

import lamina.text.InputException;

/**
 * How the learning rate goes over the epochs, as a factor of the one given: {@code constant},
 * {@code cosine} to 0 at the end, {@code step:N:F} times F every N epochs, {@code plateau:N:F}
 * times F after N epochs in which the loss did not fall; {@code warmup:N} before any of them with a
 * {@code +} rises evenly over the first N epochs.
 */
public final class Schedule {
  /** What help and messages say. */
  public static final String FORMS =
      "constant, cosine, step:N:FACTOR or plateau:N:FACTOR, each also after warmup:N+";

  private final String text;
  private final String kind;
  private final int warmup;
  private final int interval;
  private final double factor;

  private Schedule(String text, String kind, int warmup, int interval, double factor) {
    this.text = text;
    this.kind = kind;
    this.warmup = warmup;
    this.interval = interval;
    this.factor = factor;
  }

  /**
   * Reads a schedule.
   *
   * @throws InputException if the text is none
   */
  public static Schedule parse(String text) {
    String rest = text;
    int warmup = 0;
    if (rest.startsWith("warmup:")) {
      int plus = rest.indexOf('+');
      warmup = whole(rest.substring(7, plus < 0 ? rest.length() : plus), text);
      rest = plus < 0 ? "constant" : rest.substring(plus + 1);
    }
    String[] parts = rest.split(":", -1);
    boolean plain = parts[0].equals("constant") || parts[0].equals("cosine");
    boolean stepped = parts[0].equals("step") || parts[0].equals("plateau");
    if (plain && parts.length == 1) {
      return new Schedule(text, parts[0], warmup, 0, 1);
    }
    if (stepped && parts.length == 3) {
      return new Schedule(text, parts[0], warmup, whole(parts[1], text), share(parts[2], text));
    }
    throw wrong(text);
  }

  /** As it was written. */
  public String text() {
    return text;
  }

  private static InputException wrong(String text) {
    return new InputException("'" + text + "' is no schedule; write " + FORMS);
  }

  private static int whole(String number, String text) {
    try {
      int value = Integer.parseInt(number);
      if (value > 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new InputException(wrong(text).getMessage(), e);
    }
    throw wrong(text);
  }

  private static double share(String number, String text) {
    try {
      double value = Double.parseDouble(number);
      if (value > 0 && value <= 1) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new InputException(wrong(text).getMessage(), e);
    }
    throw wrong(text);
  }

  /**
   * The factor of an epoch.
   *
   * @param epoch counted from 0
   * @param epochs how many there will be
   * @param losses those of the epochs before it, which decide at a plateau
   */
  public double factor(int epoch, int epochs, double[] losses) {
    if (epoch < warmup) {
      return (epoch + 1.0) / (warmup + 1.0);
    }
    int since = epoch - warmup;
    return switch (kind) {
      case "cosine" -> (1 + Math.cos(Math.PI * since / Math.max(1, epochs - warmup))) / 2;
      case "step" -> Math.pow(factor, Math.floorDiv(since, interval));
      case "plateau" -> Math.pow(factor, plateaus(epoch, losses));
      default -> 1;
    };
  }

  private int plateaus(int epoch, double[] losses) {
    double best = Double.POSITIVE_INFINITY;
    int waited = 0;
    int plateaus = 0;
    for (int i = 0; i < epoch; i++) {
      if (losses[i] < best) {
        best = losses[i];
        waited = 0;
      } else if (++waited >= interval) {
        plateaus++;
        waited = 0;
      }
    }
    return plateaus;
  }
}
