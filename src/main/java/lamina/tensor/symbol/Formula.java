package lamina.tensor.symbol;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lamina.tensor.Exact;

/**
 * How a {@link Dim} reads: a sum of products in which factors stay factors, as in {@code 256·(⌊(H −
 * 7) / 4⌋ + 1)·W}. The {@link Polynomial} beside it decides what is equal.
 *
 * @param terms the products, the constant last
 * @param value what this is equal to; decides equality of factors
 */
record Formula(List<Product> terms, Polynomial value) {
  /**
   * A coefficient times factors.
   *
   * @param factors atoms and sums of at least two terms; none for the constant
   */
  record Product(long coefficient, List<Formula> factors) {}

  static Formula of(Polynomial value) {
    List<Product> terms = new ArrayList<>();
    for (Map.Entry<List<Atom>, Long> term : value.terms().entrySet()) {
      List<Formula> factors = new ArrayList<>();
      for (Atom atom : term.getKey()) {
        factors.add(new Formula(List.of(), Polynomial.of(atom)));
      }
      terms.add(new Product(term.getValue(), factors));
    }
    return new Formula(constantLast(terms), value);
  }

  /** How many products the sum has. */
  int size() {
    return Math.max(1, terms.size());
  }

  Formula plus(Formula other) {
    List<Product> sum = new ArrayList<>();
    addTo(sum, expanded());
    addTo(sum, other.expanded());
    sum.removeIf(term -> term.coefficient() == 0);
    return new Formula(constantLast(sum), value.plus(other.value));
  }

  private static void addTo(List<Product> sum, List<Product> terms) {
    for (Product term : terms) {
      int same = 0;
      while (same < sum.size() && !sum.get(same).factors().equals(term.factors())) {
        same++;
      }
      if (same == sum.size()) {
        sum.add(term);
      } else {
        long coefficient = Exact.add(sum.get(same).coefficient(), term.coefficient());
        sum.set(same, new Product(coefficient, term.factors()));
      }
    }
  }

  /** The terms, with a number times a sum multiplied out: 2·(H − 1) + 3 is to read 2·H + 1. */
  private List<Product> expanded() {
    List<Product> expanded = new ArrayList<>();
    for (Product term : products()) {
      if (term.factors().size() == 1 && !term.factors().get(0).isAtom()) {
        for (Product inner : term.factors().get(0).expanded()) {
          long coefficient = Exact.multiply(term.coefficient(), inner.coefficient());
          expanded.add(new Product(coefficient, inner.factors()));
        }
      } else {
        expanded.add(term);
      }
    }
    return expanded;
  }

  Formula times(Formula other) {
    Product left = asProduct();
    Product right = other.asProduct();
    List<Formula> factors = new ArrayList<>(left.factors());
    factors.addAll(right.factors());
    long coefficient = Exact.multiply(left.coefficient(), right.coefficient());
    return new Formula(List.of(new Product(coefficient, factors)), value.times(other.value));
  }

  /** The terms; an atom is the one term of itself. */
  private List<Product> products() {
    return isAtom() ? List.of(new Product(1, List.of(this))) : terms;
  }

  private boolean isAtom() {
    return terms.isEmpty() && !value.isConstant();
  }

  private Product asProduct() {
    List<Product> products = products();
    return products.size() == 1 ? products.get(0) : new Product(1, List.of(this));
  }

  private static List<Product> constantLast(List<Product> terms) {
    List<Product> ordered = new ArrayList<>();
    for (Product term : terms) {
      if (!term.factors().isEmpty()) {
        ordered.add(term);
      }
    }
    for (Product term : terms) {
      if (term.factors().isEmpty()) {
        ordered.add(term);
      }
    }
    return ordered;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Formula that && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    String size = sizeFormula();
    if (size != null) {
      return size;
    }
    StringBuilder text = new StringBuilder();
    for (Product term : products()) {
      boolean negative = term.coefficient() < 0;
      if (text.length() > 0) {
        text.append(negative ? " − " : " + ");
      } else if (negative) {
        text.append('−');
      }
      append(text, term);
    }
    return text.length() == 0 ? "0" : text.toString();
  }

  /** A floor plus a constant reads as the size formulas have it, with {@code + 1} at the end. */
  private String sizeFormula() {
    if (terms.size() != 2 || !terms.get(1).factors().isEmpty()) {
      return null;
    }
    Product first = terms.get(0);
    if (first.coefficient() != 1 || first.factors().size() != 1) {
      return null;
    }
    return first.factors().get(0).atom() instanceof Atom.Floor floor
        ? floor.text(terms.get(1).coefficient() - 1) + " + 1"
        : null;
  }

  private Atom atom() {
    return isAtom() ? value.terms().keySet().iterator().next().get(0) : null;
  }

  private static void append(StringBuilder text, Product term) {
    String magnitude = Long.toString(term.coefficient()).replace("-", "");
    boolean first = true;
    if (term.factors().isEmpty() || !magnitude.equals("1")) {
      text.append(magnitude);
      first = false;
    }
    for (Formula factor : term.factors()) {
      text.append(first ? "" : "·");
      Atom atom = factor.atom();
      text.append(atom != null ? atom.toString() : "(" + factor + ")");
      first = false;
    }
  }
}
