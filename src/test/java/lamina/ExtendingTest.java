package lamina;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page on extending the program is right: its files and lines are compiled and run. */
class ExtendingTest {
  private static final Path PAGE = Path.of("src/guide/extending.md");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(java|diff)\n(.*?)^```");
  private static final Pattern FILE = Pattern.compile("`((src|completions)(/[\\w./]+)?)`");

  @TempDir private static Path folder;
  private static URLClassLoader loader;

  @BeforeAll
  static void compile() throws IOException {
    Map<Path, String> sources = new LinkedHashMap<>();
    for (MatchResult block : BLOCK.matcher(Files.readString(PAGE)).results().toList()) {
      if (block.group(1).equals("java")) {
        sources.put(Path.of("src/main/java", path(block.group(2))), block.group(2));
      } else {
        change(block.group(2), sources);
      }
    }
    assertThat(sources).hasSize(6);
    List<String> arguments =
        new ArrayList<>(List.of("-encoding", "UTF-8", "-nowarn", "-proc:none"));
    arguments.addAll(
        List.of("-d", folder.toString(), "-cp", System.getProperty("java.class.path")));
    for (Map.Entry<Path, String> source : sources.entrySet()) {
      Path file = folder.resolve(source.getKey());
      Files.createDirectories(file.getParent());
      Files.writeString(file, source.getValue());
      arguments.add(file.toString());
    }
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(new String[0]));
    assertThat(code).as("compiling the page's files").isZero();
    List<URL> urls = new ArrayList<>(List.of(folder.toUri().toURL()));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    loader = new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
  }

  @AfterAll
  static void close() throws IOException {
    loader.close();
  }

  /** Where a class belongs, by its package and name. */
  private static String path(String source) {
    var name =
        Pattern.compile(
                "(?s)^package ([\\w.]+);.*?\n(?:public )?(?:final )?(?:class|record) (\\w+)")
            .matcher(source);
    assertThat(name.find()).as(source).isTrue();
    return name.group(1).replace('.', '/') + "/" + name.group(2) + ".java";
  }

  /** Adds a change's lines to the file that its first line names, where its other lines stand. */
  private static void change(String diff, Map<Path, String> sources) throws IOException {
    List<String> lines = diff.lines().toList();
    Path file = Path.of(lines.get(0).substring("+++ ".length()));
    StringBuilder before = new StringBuilder();
    StringBuilder after = new StringBuilder();
    for (String line : lines.subList(1, lines.size())) {
      after.append(line.substring(1)).append('\n');
      before.append(line.startsWith("+") ? "" : line.substring(1) + '\n');
    }
    String source = sources.containsKey(file) ? sources.get(file) : Files.readString(file);
    assertThat(source).as("the lines of %s that the page shows", file).contains(before.toString());
    sources.put(file, source.replace(before, after));
  }

  /** What the extended program answers. */
  private static String run(String... args) throws ReflectiveOperationException {
    Object result =
        loader
            .loadClass("lamina.Program")
            .getMethod("run", String[].class)
            .invoke(null, (Object) args);
    return result.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "activate bent-identity [0,1] --grad | 1.2071067811865475",
        "activate bent-identity [0,1] --grad | \"data\":[1.0,1.353553390593",
        "activate bent-identiti [0] | did you mean 'bent-identity'?",
        "run BentIdentity() [0,1] | 1.2071067811865475",
        "run [{\"type\":\"BentIdentity\"}] [0,1] | 1.2071067811865475",
        "shape FirstSteps(2) --input BxTx4 | \"output\":[\"B\",2,4]",
        "shape [{\"type\":\"FirstSteps\",\"count\":2}] --input 3x4 | \"output\":[2,4]",
        "run FirstSteps(1) [[1,2],[3,4]] --grad 5 | \"data\":[[5.0,5.0],[0.0,0.0]]",
        "shape FirstSteps(4) --input 3x4 | FirstSteps(4) needs 4 steps or more, not 3",
        "shape FirstSteps() --input 3x4 | FirstSteps needs the argument 'count'",
        "shape FirstStep(4) --input 3x4 | did you mean 'FirstSteps'?",
        "shape --list-layers -f text | the first steps of a sequence",
        "shape --list-layers -f json | bent-identity",
        "count [1,2,3] | \"count\":3",
        "count --help | lamina count '[1,2,3]'",
        "--help | count the elements of a tensor",
      })
  void theMadeUpExamplesWork(String command, String answer) throws ReflectiveOperationException {
    assertThat(run(command.split(" ", -1))).contains(answer);
  }

  @Test
  void kerasKnowsTheFunction() throws ReflectiveOperationException {
    String keras =
        "{\"class_name\":\"Sequential\",\"config\":{\"layers\":[{\"class_name\":\"Activation\","
            + "\"config\":{\"activation\":\"bent_identity\",\"batch_input_shape\":[null,1]}}]}}";
    assertThat(run("run", keras, "[1]")).contains("1.2071067811865475");
  }

  @Test
  void theFilesThatItNamesExist() throws IOException {
    List<String> files =
        FILE.matcher(Files.readString(PAGE)).results().map(file -> file.group(1)).toList();
    assertThat(files).hasSizeGreaterThan(15);
    for (String file : files) {
      assertThat(Path.of(file)).exists();
    }
    assertThat(Arrays.asList(new File("src/guide").list())).contains("extending.md");
  }
}
