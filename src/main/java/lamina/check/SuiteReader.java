package lamina.check;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import lamina.format.JsonValues;
import lamina.format.YamlValues;
import lamina.text.InputException;

/** Reads suites, in JSON or YAML; what is wrong is named by case and member. */
public final class SuiteReader {
  private static final List<String> SUITE =
      List.of("title", "rtol", "atol", "timeout", "partial", "cases");
  private static final List<String> CASE =
      List.of(
          "name",
          "points",
          "command",
          "submission",
          "exec",
          "expect",
          "expect_file",
          "members",
          "rtol",
          "atol",
          "partial",
          "hint",
          "needs",
          "timeout",
          "stdin",
          "environment",
          "output_limit",
          "memory_limit");
  private static final List<String> OF_EXEC =
      List.of("stdin", "environment", "output_limit", "memory_limit");

  private static final double TIMEOUT = 10;
  private static final double COMMAND_TIMEOUT = 60;
  private static final long OUTPUT_LIMIT = 1 << 20;
  private static final long MEMORY_LIMIT = 1L << 31;

  private final String source;
  private final Path directory;
  private final Map<String, String> environment;

  private SuiteReader(String source, Path directory, Map<String, String> environment) {
    this.source = source;
    this.directory = directory;
    this.environment = environment;
  }

  /**
   * Reads a suite.
   *
   * @param name the file's name as the user gave it
   * @param environment the variables that cases may hand on
   * @throws InputException if it is no suite
   */
  public static Suite read(Path file, String name, Map<String, String> environment) {
    try {
      String text = Files.readString(file);
      String lower = name.toLowerCase(Locale.ROOT);
      boolean yaml = lower.endsWith(".yaml") || lower.endsWith(".yml");
      Object value = yaml ? YamlValues.read(text, name) : JsonValues.read(text, name);
      Path folder = file.toAbsolutePath().getParent();
      return new SuiteReader(name, folder, environment).suite(value);
    } catch (java.nio.file.NoSuchFileException e) {
      throw new InputException(
          name + ": no such file; 'lamina check --init' writes one to start from", e);
    } catch (IOException e) {
      throw new InputException(name + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private Suite suite(Object value) {
    Fields fields = Fields.of(value, source, SUITE);
    double rtol = fields.number("rtol", 1e-5);
    double atol = fields.number("atol", 1e-8);
    Object cases = fields.required("cases");
    if (!(cases instanceof List<?> list) || list.isEmpty()) {
      throw fields.error("cases", "must be a list with a case at least");
    }
    List<SuiteCase> read = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (Object element : list) {
      String place = source + ": case " + (read.size() + 1);
      if (element instanceof Map<?, ?> object && object.get("name") instanceof String name) {
        place += " '" + name + "'";
      }
      SuiteCase suiteCase = suiteCase(Fields.of(element, place, CASE), fields, rtol, atol, names);
      if (!names.add(suiteCase.name())) {
        throw new InputException(place + ": \"name\" is another case's too");
      }
      read.add(suiteCase);
    }
    return new Suite(fields.text("title", source), directory, read);
  }

  private SuiteCase suiteCase(
      Fields fields, Fields suite, double rtol, double atol, Set<String> earlier) {
    String name = fields.requiredText("name");
    List<String> command = fields.words("command");
    String submission = fields.text("submission", null);
    List<String> words = fields.words("exec");
    if (submission != null && words != null) {
      throw fields.error("exec", "does not go with \"submission\": one of them is the answer");
    }
    if (command == null && submission == null && words == null) {
      throw fields.error("submission", "is missing; or give \"exec\" or \"command\"");
    }
    Answer expected = expected(fields);
    if (expected == null && (command == null || (submission == null && words == null))) {
      throw fields.error(
          "expect", "is missing" + (command == null ? "; or give a \"command\" that answers" : ""));
    }
    for (String member : OF_EXEC) {
      if (words == null && fields.has(member)) {
        throw fields.error(member, "goes with \"exec\"");
      }
    }
    for (String needed : fields.texts("needs")) {
      if (!earlier.contains(needed)) {
        throw fields.error("needs", "names '" + needed + "', which is no earlier case");
      }
    }
    Duration timeout =
        timeout(fields, suite.number("timeout", words == null ? COMMAND_TIMEOUT : TIMEOUT));
    Map<String, BigDecimal> memberPoints = memberPoints(fields, expected);
    return new SuiteCase(
        name,
        command,
        submission,
        words == null ? null : call(words, fields, timeout),
        expected,
        fields.has("members") ? fields.texts("members") : null,
        memberPoints == null
            ? fields.points("points")
            : memberPoints.values().stream()
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .stripTrailingZeros(),
        memberPoints,
        fields.truth("partial", suite.truth("partial", false)),
        fields.number("rtol", rtol),
        fields.number("atol", atol),
        fields.text("hint", null),
        fields.texts("needs"),
        timeout);
  }

  private static Duration timeout(Fields fields, double usual) {
    double seconds = fields.number("timeout", usual);
    if (seconds <= 0 || seconds > 86_400) {
      throw fields.error("timeout", "is " + seconds + ", but seconds above 0 to 86400 are needed");
    }
    return Duration.ofMillis(Math.max(1, Math.round(seconds * 1000)));
  }

  private Answer expected(Fields fields) {
    String file = fields.text("expect_file", null);
    if (!fields.has("expect")) {
      try {
        return file == null ? null : AnswerFile.read(file, directory);
      } catch (InputException e) {
        throw fields.error("expect_file", e.getMessage());
      }
    }
    if (file != null) {
      throw fields.error("expect_file", "does not go with \"expect\"");
    }
    return Answer.ofValue(fields.get("expect"), fields.place() + ": \"expect\"");
  }

  /** Points a member each, or null if the case has them as a whole. */
  private static Map<String, BigDecimal> memberPoints(Fields fields, Answer expected) {
    if (!(fields.get("points") instanceof Map<?, ?> object)) {
      return null;
    }
    Map<String, BigDecimal> points = new LinkedHashMap<>();
    Fields members = fields.object("points");
    for (Object key : object.keySet()) {
      String member = (String) key;
      if (expected != null && expected.member(member) == null) {
        throw fields.error(
            "points",
            "gives some for '"
                + member
                + "', but what is expected has "
                + String.join(", ", expected.members().keySet()));
      }
      points.put(member, members.points(member));
    }
    return points;
  }

  private ProgramCall call(List<String> words, Fields fields, Duration timeout) {
    Map<String, String> variables = new LinkedHashMap<>();
    if (fields.get("environment") instanceof List<?>) {
      // Names alone: their values are those of the process.
      for (String name : fields.texts("environment")) {
        if (environment.containsKey(name)) {
          variables.put(name, environment.get(name));
        }
      }
    } else if (fields.has("environment")) {
      Fields object = fields.object("environment");
      for (String name : object.names()) {
        variables.put(name, object.requiredText(name));
      }
    }
    return new ProgramCall(
        words,
        fields.text("stdin", ""),
        variables,
        timeout,
        fields.bytes("output_limit", OUTPUT_LIMIT),
        fields.bytes("memory_limit", MEMORY_LIMIT));
  }
}
