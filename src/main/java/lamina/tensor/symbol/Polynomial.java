package lamina.tensor.symbol;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import lamina.tensor.Exact;
import lamina.text.InputException;

/**
 * The canonical form of a {@link Dim}: a sum of products of atoms with whole coefficients. The key
 * of a term is its atoms in a fixed order, an atom's power as repetition; the empty list is the
 * constant term. No coefficient is zero.
 */
final class Polynomial {
  private static final Comparator<Atom> ORDER =
      (left, right) -> left.toString().compareTo(right.toString());
  private static final List<Atom> UNIT = List.of();

  private final Map<List<Atom>, Long> terms;

  private Polynomial(Map<List<Atom>, Long> terms) {
    this.terms = terms;
  }

  static Polynomial of(long number) {
    Map<List<Atom>, Long> terms = new LinkedHashMap<>();
    add(terms, UNIT, number);
    return new Polynomial(terms);
  }

  static Polynomial of(Atom atom) {
    return new Polynomial(Map.of(List.of(atom), 1L));
  }

  private static void add(Map<List<Atom>, Long> terms, List<Atom> atoms, long coefficient) {
    long sum = Exact.add(terms.getOrDefault(atoms, 0L), coefficient);
    if (sum == 0) {
      terms.remove(atoms);
    } else {
      terms.put(atoms, sum);
    }
  }

  Map<List<Atom>, Long> terms() {
    return terms;
  }

  int size() {
    return terms.size();
  }

  boolean isConstant() {
    return terms.isEmpty() || (terms.size() == 1 && terms.containsKey(UNIT));
  }

  long constant() {
    return terms.getOrDefault(UNIT, 0L);
  }

  Polynomial plus(Polynomial other) {
    Map<List<Atom>, Long> sum = new LinkedHashMap<>(terms);
    other.terms.forEach((atoms, coefficient) -> add(sum, atoms, coefficient));
    return new Polynomial(sum);
  }

  Polynomial times(Polynomial other) {
    Map<List<Atom>, Long> product = new LinkedHashMap<>();
    terms.forEach(
        (left, a) ->
            other.terms.forEach(
                (right, b) -> {
                  List<Atom> atoms = new ArrayList<>(left);
                  atoms.addAll(right);
                  atoms.sort(ORDER);
                  add(product, atoms, Exact.multiply(a, b));
                }));
    return new Polynomial(product);
  }

  /**
   * {@code ⌊this / n⌋} for n ≥ 1. What n divides leaves the floor; {@code ⌊(g·A + c) / (g·m)⌋ = ⌊(A
   * + ⌊c / g⌋) / m⌋}; and {@code ⌊(⌊a / b⌋ + c) / n⌋ = ⌊(a + b·c) / (b·n)⌋} flattens nested floors.
   */
  Polynomial floorDiv(long n) {
    Map<List<Atom>, Long> outside = new LinkedHashMap<>();
    Map<List<Atom>, Long> inside = new LinkedHashMap<>();
    long divisor = n;
    terms.forEach(
        (atoms, coefficient) -> {
          add(outside, atoms, Math.floorDiv(coefficient, n));
          add(inside, atoms, Math.floorMod(coefficient, n));
        });
    long common = n;
    for (Map.Entry<List<Atom>, Long> term : inside.entrySet()) {
      if (!term.getKey().isEmpty()) {
        common = gcd(common, term.getValue());
      }
    }
    Map<List<Atom>, Long> reduced = new LinkedHashMap<>();
    for (Map.Entry<List<Atom>, Long> term : inside.entrySet()) {
      add(reduced, term.getKey(), Math.floorDiv(term.getValue(), common));
    }
    divisor /= common;
    Polynomial rest = new Polynomial(outside);
    Polynomial numerator = new Polynomial(reduced);
    // n divided every coefficient: what is left is a constant below the divisor.
    if (numerator.isConstant()) {
      return rest;
    }
    Atom.Floor nested = numerator.loneFloor();
    if (nested != null) {
      Polynomial inner =
          nested.numerator().plus(of(Exact.multiply(numerator.constant(), nested.divisor())));
      return rest.plus(inner.floorDiv(Exact.multiply(nested.divisor(), divisor)));
    }
    return rest.plus(of(new Atom.Floor(numerator, divisor)));
  }

  /** The floor, if this is a floor plus a constant; else null. */
  private Atom.Floor loneFloor() {
    List<Atom> lone = null;
    for (Map.Entry<List<Atom>, Long> term : terms.entrySet()) {
      List<Atom> atoms = term.getKey();
      if (!atoms.isEmpty()) {
        if (lone != null || atoms.size() > 1 || term.getValue() != 1) {
          return null;
        }
        lone = atoms;
      }
    }
    return lone != null && lone.get(0) instanceof Atom.Floor floor ? floor : null;
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  Set<String> symbols() {
    Set<String> names = new TreeSet<>();
    for (List<Atom> atoms : terms.keySet()) {
      for (Atom atom : atoms) {
        if (atom instanceof Atom.Floor floor) {
          names.addAll(floor.numerator().symbols());
        } else {
          names.add(atom.toString());
        }
      }
    }
    return names;
  }

  Polynomial substitute(Atom.Symbol symbol, Polynomial replacement) {
    Polynomial sum = of(0);
    for (Map.Entry<List<Atom>, Long> term : terms.entrySet()) {
      Polynomial product = of(term.getValue());
      for (Atom atom : term.getKey()) {
        Polynomial factor = of(atom);
        if (atom instanceof Atom.Floor floor) {
          factor = floor.numerator().substitute(symbol, replacement).floorDiv(floor.divisor());
        } else if (atom.equals(symbol)) {
          factor = replacement;
        }
        product = product.times(factor);
      }
      sum = sum.plus(product);
    }
    return sum;
  }

  BigInteger evaluate(Map<String, Long> values) {
    BigInteger sum = BigInteger.ZERO;
    for (Map.Entry<List<Atom>, Long> term : terms.entrySet()) {
      BigInteger product = BigInteger.valueOf(term.getValue());
      for (Atom atom : term.getKey()) {
        product = product.multiply(evaluate(atom, values));
      }
      sum = sum.add(product);
    }
    return sum;
  }

  private static BigInteger evaluate(Atom atom, Map<String, Long> values) {
    if (atom instanceof Atom.Floor floor) {
      BigInteger divisor = BigInteger.valueOf(floor.divisor());
      BigInteger[] parts = floor.numerator().evaluate(values).divideAndRemainder(divisor);
      return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }
    Long value = values.get(atom.toString());
    if (value == null) {
      throw InputException.sentence("the symbol " + atom + " has no value");
    }
    return BigInteger.valueOf(value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Polynomial that && terms.equals(that.terms);
  }

  @Override
  public int hashCode() {
    return terms.hashCode();
  }

  @Override
  public String toString() {
    return Formula.of(this).toString();
  }
}
