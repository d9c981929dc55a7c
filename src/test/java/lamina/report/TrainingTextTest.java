package lamina.report;

import static org.assertj.core.api.Assertions.assertThat;

import lamina.train.Trainer;
import org.junit.jupiter.api.Test;

class TrainingTextTest {
  /** The line is wiped, lines do not break while the bar is drawn, and break again after it. */
  @Test
  void aBarIsOneLineInAnyTerminal() {
    assertThat(TrainingText.bar(3, 25, 100, new Trainer.Score(1.5, 0.25), 0.5))
        .isEqualTo(
            "\r\u001b[K\u001b[?7lepoch 3 [######                  ] loss 1.5000  accuracy 25.0%"
                + "  50/s  2 s left\u001b[?7h");
  }
}
