package lamina.layer.recurrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Descriptions of tasks in people's own words. */
class TaskWordingTest {
  private static final List<RecurrentTask> TASKS = RecurrentTask.all();

  /** The table has the tasks that a description may mean, or - for none. */
  @ParameterizedTest
  @CsvFileSource(resources = "task-wordings.txt", delimiter = '|', nullValues = "null")
  void meansTheTask(String description, String tasks) {
    List<String> means =
        TaskWording.matches(TASKS, description == null ? "" : description).stream()
            .map(match -> match.task().name())
            .toList();
    assertThat(means).containsExactlyElementsOf(tasks.equals("-") ? List.of() : split(tasks));
  }

  private static List<String> split(String tasks) {
    return List.of(tasks.split(" / ", -1));
  }

  @Test
  void everyNameMeansItsTaskInAnyCaseAndOrder() {
    Map<String, RecurrentTask> owners = new HashMap<>();
    for (RecurrentTask task : TASKS) {
      for (String name : task.names()) {
        assertThat(owners.put(name, task)).as(name).isNull();
        assertThat(TaskWording.matches(TASKS, name.toUpperCase(Locale.ROOT)))
            .containsExactly(new TaskWording.Match(task, name, true));
        assertThat(TaskWording.matches(TASKS, "a " + name + " with an LSTM"))
            .as(name)
            .extracting(TaskWording.Match::task)
            .contains(task);
      }
    }
  }
}
