package lamina.tensor.symbol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;

class DimTest {
  private static final Dim H = Dim.symbol("H");
  private static final Dim W = Dim.symbol("W");

  @Test
  void sizesOfOneSymbolMayBeEqualForSomeOfItsValues() {
    Dim h = Dim.symbol("H");
    assertThat(h.floorDiv(2).times(2).mayEqual(h)).isTrue();
    assertThat(h.mayEqual(h)).isTrue();
    assertThat(h.plus(1).mayEqual(h)).isFalse();
    assertThat(h.mayEqual(Dim.symbol("W"))).isFalse();
    assertThat(h.mayEqual(Dim.of(4))).isFalse();
    assertThat(Dim.of(4).mayEqual(Dim.of(4))).isTrue();
    assertThat(h.times(Dim.symbol("W")).mayEqual(h.times(h))).isTrue();
  }

  @Test
  void readsAsTheSizeFormulas() {
    assertThat(H.plus(-11).floorDiv(4).plus(1)).hasToString("⌊(H − 11) / 4⌋ + 1");
    assertThat(H.minus(Dim.ONE).times(2).plus(3)).hasToString("2·H + 1");
    assertThat(H.plus(-2).floorDiv(2).plus(1)).hasToString("⌊H / 2⌋");
    assertThat(H.ceilDiv(2)).hasToString("⌊(H + 1) / 2⌋");
    assertThat(Dim.of(10).minus(H)).hasToString("−H + 10");
    assertThat(Dim.of(3).minus(H.times(2))).hasToString("−2·H + 3");
    assertThat(H.times(W).times(H)).hasToString("H·W·H");
    assertThat(Dim.of(54)).hasToString("54");
  }

  @Test
  void keepsFactorsOfAProduct() {
    Dim side = H.plus(-7).floorDiv(4).plus(1);
    Dim product = Dim.of(64).times(side).times(W.plus(1));
    assertThat(product).hasToString("64·(⌊(H − 7) / 4⌋ + 1)·(W + 1)");
    assertThat(product.plus(product)).hasToString("128·(⌊(H − 7) / 4⌋ + 1)·(W + 1)");
    assertThat(product.plus(H)).hasToString("64·(⌊(H − 7) / 4⌋ + 1)·(W + 1) + H");
    assertThat(product.times(2).minus(product)).isEqualTo(product);
  }

  @Test
  void simplifies() {
    assertThat(H.times(2).floorDiv(2)).isEqualTo(H);
    assertThat(H.times(2).plus(1).floorDiv(2)).isEqualTo(H);
    assertThat(H.floorDiv(2).floorDiv(3)).isEqualTo(H.floorDiv(6));
    assertThat(H.floorDiv(2).plus(1).floorDiv(3)).isEqualTo(H.plus(2).floorDiv(6));
    assertThat(H.times(6).plus(5).floorDiv(4)).isEqualTo(H.plus(H.floorDiv(2)).plus(1));
    assertThat(H.plus(W).times(H.minus(W))).isEqualTo(H.times(H).minus(W.times(W)));
    assertThat(H.minus(H)).isEqualTo(Dim.ZERO);
    assertThat(H.plus(1).times(W.plus(1)).minus(H.times(W)).minus(H).minus(W)).isEqualTo(Dim.ONE);
    assertThat(H.times(0)).isEqualTo(Dim.ZERO);
    assertThat(H.floorDiv(1)).isEqualTo(H);
    assertThat(H).isNotEqualTo(W).isNotEqualTo(Dim.of(1));
  }

  @Test
  void poolsAsPyTorchDoes() {
    Dim size = H.plus(2 * 2 - 11).floorDiv(4).plus(1);
    Dim pooled = size.plus(-3).floorDiv(2).plus(1);
    assertThat(pooled).hasToString("⌊(H − 15) / 8⌋ + 1");
    assertThat(pooled.evaluate(Map.of("H", 224L))).isEqualTo(27);
  }

  @Test
  void refusesToWrapAround() {
    Dim large = Dim.of(Long.MAX_VALUE);
    String message = "a size or count needs more than 64 bits; use smaller sizes";
    assertThatThrownBy(() -> large.plus(1)).isInstanceOf(InputException.class).hasMessage(message);
    assertThatThrownBy(() -> large.times(2)).hasMessage(message);
    assertThatThrownBy(() -> Dim.of(Long.MIN_VALUE).minus(Dim.ONE)).hasMessage(message);
    assertThatThrownBy(() -> H.times(1L << 40).times(1L << 40)).hasMessage(message);
    assertThatThrownBy(() -> H.times(H).evaluate(Map.of("H", 1L << 32))).hasMessage(message);
    assertThatThrownBy(() -> Dim.of(Long.MIN_VALUE).times(-1)).hasMessage(message);
    assertThat(Dim.of(Long.MAX_VALUE).times(-1).value()).isEqualTo(-Long.MAX_VALUE);
    assertThatThrownBy(() -> H.evaluate(Map.of("W", 1L))).hasMessage("the symbol H has no value");
  }

  /** An expression and what it is worth, by other means. */
  private record Pair(Dim dim, BigInteger value) {}

  @Test
  void isWorthWhatItsPartsAreWorth() {
    long seed = 20231;
    Random random = new Random(seed);
    for (int round = 0; round < 4000; round++) {
      Map<String, Long> values =
          Map.of("H", (long) random.nextInt(300), "W", (long) random.nextInt(40) - 20);
      List<Pair> pairs = new ArrayList<>();
      pairs.add(new Pair(H, BigInteger.valueOf(values.get("H"))));
      pairs.add(new Pair(W, BigInteger.valueOf(values.get("W"))));
      for (int step = 0; step < 8; step++) {
        Pair a = pairs.get(random.nextInt(pairs.size()));
        Pair b = pairs.get(random.nextInt(pairs.size()));
        int n = random.nextInt(9) - 4;
        int divisor = 1 + random.nextInt(6);
        BigInteger quotient =
            BigInteger.valueOf(Math.floorDiv(a.value.longValueExact(), (long) divisor));
        Pair next =
            switch (random.nextInt(6)) {
              case 0 -> new Pair(a.dim.plus(b.dim), a.value.add(b.value));
              case 1 -> new Pair(a.dim.minus(b.dim), a.value.subtract(b.value));
              case 2 -> new Pair(a.dim.plus(n), a.value.add(BigInteger.valueOf(n)));
              case 3 -> new Pair(a.dim.times(n), a.value.multiply(BigInteger.valueOf(n)));
              case 4 ->
                  a.value.bitLength() + b.value.bitLength() < 24 && step < 5
                      ? new Pair(a.dim.times(b.dim), a.value.multiply(b.value))
                      : a;
              default -> new Pair(a.dim.floorDiv(divisor), quotient);
            };
        pairs.add(next);
        assertThat(next.dim.evaluate(values))
            .as("seed %d round %d: %s at %s", seed, round, next.dim, values)
            .isEqualTo(next.value.longValueExact());
        assertThat(read(next.dim.toString(), values))
            .as("seed %d round %d: the text %s at %s", seed, round, next.dim, values)
            .isEqualTo(next.value);
      }
    }
  }

  /** Evaluates the text of an expression: what users read must be right too. */
  private static BigInteger read(String text, Map<String, Long> values) {
    return new TextReader(text, values).sum();
  }

  private static final class TextReader {
    private final String text;
    private final Map<String, Long> values;
    private int at;

    TextReader(String text, Map<String, Long> values) {
      this.text = text.replace(" ", "");
      this.values = values;
    }

    private char peek() {
      return at < text.length() ? text.charAt(at) : '\0';
    }

    BigInteger sum() {
      BigInteger sum = BigInteger.ZERO;
      boolean negative = peek() == '−';
      at += negative ? 1 : 0;
      while (true) {
        BigInteger product = product();
        sum = negative ? sum.subtract(product) : sum.add(product);
        if (peek() != '+' && peek() != '−') {
          return sum;
        }
        negative = text.charAt(at++) == '−';
      }
    }

    private BigInteger product() {
      BigInteger product = factor();
      while (peek() == '·') {
        at++;
        product = product.multiply(factor());
      }
      return product;
    }

    private BigInteger factor() {
      char c = peek();
      if (c == '(' || c == '⌊') {
        at++;
        BigInteger inner = sum();
        if (c == '⌊') {
          at++;
          long divisor = number();
          inner = BigInteger.valueOf(Math.floorDiv(inner.longValueExact(), divisor));
        }
        at++;
        return inner;
      }
      if (Character.isDigit(c) || c == '-') {
        return BigInteger.valueOf(number());
      }
      at++;
      return BigInteger.valueOf(values.get(String.valueOf(c)));
    }

    private long number() {
      int start = at++;
      while (Character.isDigit(peek())) {
        at++;
      }
      return Long.parseLong(text.substring(start, at));
    }
  }
}
