package lamina.cli.command;

import java.io.IOException;
import lamina.cli.process.ExitCode;
import lamina.cli.process.Io;
import lamina.cli.process.Notes;
import lamina.cli.process.Terminal;
import lamina.report.Confusion;
import lamina.report.ConfusionText;
import lamina.report.DiagnosisText;
import lamina.report.Document;
import lamina.report.Format;
import lamina.report.TrainingText;
import lamina.report.html.TrainingPage;
import lamina.report.html.TrainingPictures;
import lamina.text.InputException;
import lamina.train.EncoderDecoder;
import lamina.train.NonFiniteLoss;
import lamina.train.Trainer;
import lamina.train.TrainingData;
import lamina.train.data.Dataset;
import lamina.train.diagnosis.Diagnosis;
import lamina.train.diagnosis.Evidence;

/** What a training ends with: its figures, a diagnosis, a page of curves and the exit code. */
final class TrainingResult {
  private final TrainingRun run;
  private final Trainer trainer;

  /** What the network is judged by. */
  private final Dataset held;

  private final EncoderDecoder both;
  private final Diagnosis diagnosis;
  private final boolean tellsAll;

  /** Null until it is asked for. */
  private Confusion confusion;

  /**
   * @param tellsAll whether the diagnosis also says what was looked at
   */
  TrainingResult(TrainingRun run, boolean tellsAll) {
    this.run = run;
    this.trainer = run.trainer();
    this.held = run.learner().data().held();
    this.both = run.learner().both();
    this.diagnosis = diagnosis(run);
    this.tellsAll = tellsAll;
  }

  private static Diagnosis diagnosis(TrainingRun run) {
    TrainingData data = run.learner().data();
    return Diagnosis.of(
        new Evidence(
            run.learner().network(),
            run.trainer().weights(),
            run.history(),
            data.training(),
            data.test(),
            run.settings().loss(),
            run.settings().classWeights(),
            false));
  }

  /** Writes the figures, which as text follow the lines of the epochs. */
  void write(Output output, TrainFiles files, Io io) throws IOException {
    if (output.isWholeText() && !output.isWritten()) {
      return;
    }
    if (output.isWholeText()) {
      output.write(end(output.columns()));
      output.write(DiagnosisText.text(diagnosis, tellsAll, Terminal.width(io)));
      return;
    }
    Document result = files.addSteps(TrainingText.document(run.epochs()));
    if (run.bestEpoch() > 0) {
      result.put("best_epoch", run.bestEpoch());
    }
    if (both != null) {
      result.put("answers", TrainingText.answers(both, trainer, held));
    } else if (hasClasses() && output.isWritten()) {
      new ConfusionText(confusion(), held).addTo(result);
    }
    boolean isTable = output.format() == Format.CSV || output.format() == Format.TSV;
    output.write(
        isTable && output.isWhole() && !tellsAll && !run.epochs().isEmpty()
            ? TrainingText.epochTable(run.epochs())
            : DiagnosisText.add(result, diagnosis, tellsAll));
  }

  /** The last gradients, and how the classes were told apart or the answers written. */
  private String end(int columns) {
    String text =
        run.bestEpoch() == 0 ? "" : "the weights kept are those of epoch " + run.bestEpoch() + "\n";
    text += run.statistics() == null ? "" : "\n" + TrainingText.gradients(run.statistics());
    if (both != null) {
      return text + "\n" + TrainingText.answersText(both, trainer, held);
    }
    return hasClasses() ? text + "\n" + new ConfusionText(confusion(), held).text(columns) : text;
  }

  private boolean hasClasses() {
    return held.classes() != null && !ConfusionText.isTooMuch(held);
  }

  private Confusion confusion() {
    confusion = confusion == null ? Confusion.of(trainer, held) : confusion;
    return confusion;
  }

  /** Writes the page of curves if it is wanted, with pictures if images were learned. */
  void report(String title, TrainFiles files) throws IOException {
    if (!files.hasReport()) {
      return;
    }
    Confusion told = held.classes() == null ? null : confusion();
    files.report(
        new TrainingPage.Content(
            title,
            trainer.networkFor(1).report(),
            run.history(),
            diagnosis,
            told,
            TrainingPictures.of(trainer, held, run.learner().data().preparation(), told),
            files.others()));
  }

  /**
   * The exit code; tells if too many units are dead.
   *
   * @param dead the share of dead units of a layer
   * @throws InputException if training could not go on, with the reason
   */
  int exitCode(double dead, Notes notes) {
    NonFiniteLoss end = run.history().end();
    if (end != null) {
      throw new InputException(
          end.getMessage()
              + " (epoch "
              + (run.epochsDone() + 1)
              + "); try a smaller --lr, now "
              + run.settings().rate()
              + ", or --clip-norm 1",
          end);
    }
    double most = run.settings().failIfDead();
    if (dead <= most) {
      return ExitCode.OK;
    }
    String share = TrainingText.percent(dead);
    String said = share + " of a layer's units are dead, more than --fail-if-dead " + most;
    notes.io().err().print(notes.command() + ": " + said + "\n");
    return ExitCode.CHECK_FAILED;
  }
}
