package lamina.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import lamina.format.Vocabulary;
import lamina.tensor.DType;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;

class PreparationTest {
  private static Preparation texts() {
    return new Preparation(
        Preparation.Kind.TEXTS,
        new int[] {4},
        List.of("no\n\"", "ja ☃"),
        null,
        null,
        1,
        0,
        false,
        new Vocabulary(List.of("good", "don't")));
  }

  private static Preparation rows() {
    return new Preparation(
        Preparation.Kind.NUMBERS,
        new int[] {1, 2, 2},
        null,
        new double[] {0.1},
        new double[] {1 / 3.0},
        1,
        16,
        false,
        null);
  }

  @Test
  void jsonKeepsEverything() {
    for (Preparation preparation : List.of(texts(), rows())) {
      String json = preparation.toJson();
      Preparation read = Preparation.fromJson(json, "x");
      assertThat(read.toJson()).isEqualTo(json);
      assertThat(read.classes()).isEqualTo(preparation.classes());
      assertThat(read.mean()).isEqualTo(preparation.mean());
      assertThat(read.deviation()).isEqualTo(preparation.deviation());
      assertThat(read.sampleShape()).isEqualTo(preparation.sampleShape());
      assertThat(read.white()).isEqualTo(preparation.white());
    }
    assertThat(texts().toJson())
        .isEqualTo(
            "{\"kind\":\"texts\",\"shape\":[4],\"classes\":[\"no\\n\\\"\",\"ja ☃\"],\"scale\":1.0,"
                + "\"white\":0.0,\"resize\":false,\"vocabulary\":[\"good\",\"don't\"]}");
    for (String wrong : List.of("{}", "{\"shape\":[0]}", "{\"shape\":[2],\"kind\":\"texts\"}")) {
      assertThatThrownBy(() -> Preparation.fromJson(wrong, "net.safetensors"))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("net.safetensors: '")
          .hasMessageEndingWith("was it written by lamina train?");
    }
  }

  @Test
  void textsArePaddedInFront() {
    assertThat(texts().apply("Good - DON'T")).isEqualTo(Tensor.of(new long[] {0, 0, 2, 3}, 4));
    assertThat(texts().apply("a b c good good")).isEqualTo(Tensor.of(new long[] {1, 1, 1, 2}, 4));
    assertThatThrownBy(() -> texts().apply("!")).hasMessage("the text '!' has no word");
    assertThatThrownBy(() -> rows().apply("a"))
        .hasMessage("the network learned from no texts; it takes no --text");
    assertThatThrownBy(() -> texts().applyImage(Tensor.zeros(DType.FLOAT32, 1, 2, 2)))
        .hasMessage("the network learned from texts, not from images; it takes no image");
  }

  @Test
  void samplesAndBatchesTakeTheSampleShape() {
    Tensor row = Tensor.of(new double[] {0.1, 1.1, 2.1, 3.1}, 4);
    Tensor sample = rows().apply(row);
    assertThat(sample.shape()).containsExactly(1, 2, 2);
    assertThat(sample.get(1)).isCloseTo(3, within(1e-12));
    assertThat(row.get(1)).isEqualTo(1.1);
    assertThat(rows().apply(Tensor.zeros(DType.FLOAT64, 5, 4)).shape()).containsExactly(5, 1, 2, 2);
    assertThat(rows().apply(Tensor.zeros(DType.FLOAT64, 1, 1, 2, 2)).shape())
        .containsExactly(1, 1, 2, 2);
    assertThatThrownBy(() -> rows().apply(Tensor.zeros(DType.FLOAT64, 3)))
        .isInstanceOf(InputException.class)
        .hasMessage("the input has shape 3 but the network learned from samples of shape 1x2x2");
  }

  @Test
  void whiteBecomesTheDatasWhite() {
    Tensor image = rows().applyImage(Tensor.of(new double[] {0, 0.5, 1, 1}, 1, 2, 2));
    assertThat(image.get(2)).isCloseTo((16 - 0.1) * 3, within(1e-12));
    assertThatThrownBy(() -> rows().applyImage(Tensor.zeros(DType.FLOAT64, 3, 4, 5)))
        .hasMessage("the image has 5x4 pixels but the network learned from 2x2; scale it first");
  }

  @Test
  void standardizationIsPerChannelOrFeature() {
    Tensor images = Tensor.of(new double[] {1, 3, 10, 10, 5, 7, 10, 10}, 2, 2, 1, 2);
    Standardization channels = Standardization.of(images);
    assertThat(channels.mean()).containsExactly(4, 10);
    assertThat(channels.deviation()).containsExactly(Math.sqrt(5), 1);
    channels.apply(images);
    assertThat(images.get(0)).isCloseTo(-3 / Math.sqrt(5), within(1e-15));
    assertThat(images.get(2)).isZero();
    Tensor features = Tensor.of(new float[] {1, 0.1f, 3, 0.1f, 2, 0.1f}, 3, 2);
    Standardization columns = Standardization.of(features);
    assertThat(columns.mean()[0]).isEqualTo(2);
    columns.apply(features);
    assertThat(features.get(1)).isZero();
    assertThat(features.get(5)).isZero();
  }

  /** Bilinear by hand: half the width averages with the weights 1, 3, 3, 1 (edges 3, 3, 1). */
  @Test
  void imagesShrinkWithoutAliases() {
    Tensor row = Tensor.of(new double[] {8, 16, 0, 32, 64, 8}, 1, 1, 6);
    Tensor half = ImageFit.size(row, 1, 3);
    assertThat(half.get(0)).isCloseTo((3 * 8 + 3 * 16 + 0) / 7.0, within(1e-12));
    assertThat(half.get(1)).isCloseTo((16 + 0 + 3 * 32 + 64) / 8.0, within(1e-12));
    assertThat(half.get(2)).isCloseTo((32 + 3 * 64 + 3 * 8) / 7.0, within(1e-12));
    Tensor twice = ImageFit.size(Tensor.of(new double[] {0, 4}, 1, 2, 1), 4, 1);
    assertThat(twice.doubles()).containsExactly(0, 1, 3, 4);
  }

  @Test
  void coloursBecomeGreyAndBack() {
    Tensor colour = Tensor.of(new double[] {1, 0.5, 0.25, 0.9}, 4, 1, 1);
    assertThat(ImageFit.channels(colour, 1).get(0))
        .isCloseTo(0.299 + 0.587 * 0.5 + 0.114 * 0.25, within(1e-15));
    assertThat(ImageFit.channels(colour, 3).doubles()).containsExactly(1, 0.5, 0.25);
    assertThat(ImageFit.channels(Tensor.of(new double[] {0.5, 1}, 2, 1, 1), 3).doubles())
        .containsExactly(0.5, 0.5, 0.5);
  }

  @Test
  void everyClassKeepsItsShare() {
    for (long seed = 0; seed < 50; seed++) {
      RandomNumbers random = new RandomNumbers(seed);
      int size = 20 + random.nextIndex(200);
      int classes = 2 + random.nextIndex(5);
      long[] targets = new long[size];
      int[] counts = new int[classes];
      for (int i = 0; i < size; i++) {
        targets[i] = random.nextIndex(classes);
        counts[(int) targets[i]]++;
      }
      double share = 0.1 + 0.8 * random.nextDouble();
      StratifiedSplit split =
          StratifiedSplit.of(Tensor.of(targets, size), classes, share, seed, "data");
      assertThat(split.training().length + split.test().length).as("seed " + seed).isEqualTo(size);
      int[] held = new int[classes];
      for (int row : split.test()) {
        held[(int) targets[row]]++;
      }
      for (int c = 0; c < classes; c++) {
        assertThat((double) held[c])
            .as("seed " + seed + ", class " + c)
            .isBetween(Math.floor(share * counts[c]), Math.ceil(share * counts[c]));
      }
      assertThat(split.test()).isSorted().doesNotContain(split.training());
    }
  }

  @Test
  void aSeedHoldsOutTheSameRowsEverywhere() {
    Tensor targets = Tensor.zeros(DType.INT64, 10);
    assertThat(StratifiedSplit.of(targets, 1, 0.3, 1, "data").test()).containsExactly(0, 1, 9);
  }
}
