package lamina.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;

class VocabularyTest {
  @Test
  void splitsTextIntoWordsInLowerCase() {
    assertThat(Vocabulary.split("It's a FINE film - 10/10, \"don’t\" miss it!'"))
        .containsExactly("it's", "a", "fine", "film", "10", "10", "don't", "miss", "it");
    assertThat(Vocabulary.split("Größe ÉTÉ 世界 'quoted' x'"))
        .containsExactly("größe", "été", "世界", "quoted", "x");
    assertThat(Vocabulary.split("I\u2764\ufe0fit😀👍🏽 no©"))
        .containsExactly("i", "❤", "it", "😀", "👍", "no", "©");
    assertThat(Vocabulary.split(" ...\n'' ")).isEmpty();
  }

  @Test
  void givesWordsTheirIndices() {
    Vocabulary vocabulary = new Vocabulary(List.of("fine", "film"));
    assertThat(vocabulary.size()).isEqualTo(4);
    assertThat(vocabulary.words()).containsExactly("<pad>", "<unk>", "fine", "film");
    assertThat(vocabulary.encode("A fine film"))
        .isEqualTo(Tensor.of(new long[] {Vocabulary.UNKNOWN, 2, 3}, 3));
  }

  @Test
  void refusesAWordThatComesTwice() {
    assertThatThrownBy(() -> new Vocabulary(List.of("a", "b", "a")))
        .isInstanceOf(InputException.class)
        .hasMessage("the vocabulary has 'a' on line 3 and again later");
  }
}
