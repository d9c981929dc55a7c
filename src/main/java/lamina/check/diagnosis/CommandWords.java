package lamina.check.diagnosis;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import lamina.check.Answer;
import lamina.check.CommandRunner;
import lamina.format.JsonOutput;
import lamina.format.JsonTensors;
import lamina.format.ReadOptions;
import lamina.format.TensorArgument;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/** A command line of lamina, and others that differ from it in one thing. */
final class CommandWords {
  /** Larger tensors are not written out to be changed. */
  private static final int LARGE = 1 << 17;

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final List<String> words;
  private final CommandRunner commands;
  private final Path directory;
  private Answer answer;
  private Answer whole;

  CommandWords(List<String> words, CommandRunner commands, Path directory) {
    this.words = List.copyOf(words);
    this.commands = commands;
    this.directory = directory;
  }

  private CommandWords of(List<String> other) {
    return new CommandWords(other, commands, directory);
  }

  /** The command's name. */
  String name() {
    return words.get(0);
  }

  /** What the command gives; run once. */
  Answer run() {
    if (answer == null) {
      answer = commands.run(words, directory, LIMIT).answer("the command");
    }
    return answer;
  }

  /** What the command gives, with all members, whichever of them it was to write; run once. */
  Answer runWhole() {
    if (whole == null) {
      whole = without("--member").run();
    }
    return whole;
  }

  /** An answer of {@link #runWhole} as the command writes it. */
  Answer selected(Answer whole) {
    String selected = value("--member");
    if (selected == null) {
      return whole;
    }
    Map<String, Object> members = new LinkedHashMap<>();
    for (Map.Entry<String, Object> member : whole.members().entrySet()) {
      String name = member.getKey();
      if (name.equals(selected)) {
        members.put(name, member.getValue());
        members.put(Answer.MAIN, member.getValue());
      } else if (name.startsWith(selected + ".")) {
        members.put(name.substring(selected.length() + 1), member.getValue());
      }
    }
    return Answer.ofMembers(members);
  }

  /** A whole answer with other values of some members, as the command writes it. */
  Answer selectedWith(Answer whole, Map<String, ?> changed) {
    Map<String, Object> members = new LinkedHashMap<>(whole.members());
    members.putAll(changed);
    return selected(Answer.ofMembers(members));
  }

  private int indexOf(String option) {
    for (int i = 1; i < words.size(); i++) {
      if (words.get(i).equals(option) || words.get(i).startsWith(option + "=")) {
        return i;
      }
    }
    return -1;
  }

  boolean has(String option) {
    return indexOf(option) >= 0;
  }

  /** The value of an option by its long or short name, or null. */
  String value(String option, String shortOption) {
    String value = value(option);
    return value == null ? value(shortOption) : value;
  }

  String value(String option) {
    int at = indexOf(option);
    if (at < 0 || commands.isFlag(words, option)) {
      return null;
    }
    String word = words.get(at);
    return word.length() > option.length()
        ? word.substring(option.length() + 1)
        : at + 1 < words.size() ? words.get(at + 1) : null;
  }

  CommandWords without(String... options) {
    List<String> left = new ArrayList<>(words);
    for (String option : options) {
      int at = of(left).indexOf(option);
      if (at >= 0) {
        boolean apart = left.get(at).equals(option) && !commands.isFlag(words, option);
        left.remove(at);
        if (apart && at < left.size()) {
          left.remove(at);
        }
      }
    }
    return of(left);
  }

  /** The command with an option set, whatever it was before. */
  CommandWords with(String option, String value) {
    List<String> more = new ArrayList<>(without(option).words);
    more.add(option + "=" + value);
    return of(more);
  }

  CommandWords withFlag(String flag) {
    List<String> more = new ArrayList<>(words);
    more.add(flag);
    return of(more);
  }

  /** The command with a flag if it has none, and without if it has. */
  CommandWords toggled(String flag) {
    return has(flag) ? without(flag) : withFlag(flag);
  }

  /** The places of the arguments that are no options. */
  private List<Integer> places() {
    List<Integer> places = new ArrayList<>();
    for (int i = 1; i < words.size(); i++) {
      String word = words.get(i);
      boolean number = word.matches("-[\\d.].*") || word.equals("-");
      if (!word.startsWith("-") || number) {
        places.add(i);
      } else if (word.indexOf('=') < 0 && !commands.isFlag(words, word)) {
        i++;
      }
    }
    return places;
  }

  List<String> positionals() {
    return places().stream().map(words::get).toList();
  }

  /** The command with another argument in the place of one that is no option. */
  CommandWords withPositional(int index, String value) {
    List<String> other = new ArrayList<>(words);
    other.set(places().get(index), value);
    return of(other);
  }

  /** The command with one argument that is no option left out. */
  CommandWords withoutPositional(int index) {
    List<String> other = new ArrayList<>(words);
    other.remove(places().get(index).intValue());
    return of(other);
  }

  /** The command with a changed tensor in place of an option's. */
  CommandWords withTensor(String option, String shortOption, UnaryOperator<Tensor> change) {
    Tensor tensor = tensor(value(option, shortOption));
    return without(option, shortOption).with(option, literal(changed(tensor, change)));
  }

  /** The command with a changed tensor as its main input. */
  CommandWords withInput(int index, UnaryOperator<Tensor> change) {
    Tensor tensor = tensor(positionals().get(index));
    return withPositional(index, literal(changed(tensor, change)))
        .without("--csv-shape", "--csv-header", "--pixels");
  }

  private static Tensor changed(Tensor tensor, UnaryOperator<Tensor> change) {
    Tensor changed = change.apply(tensor);
    if (changed == null) {
      throw new InputException("the mistake cannot be made with this tensor");
    }
    return changed;
  }

  /**
   * The tensor that an argument names.
   *
   * @throws InputException if there is none, or it is large
   */
  Tensor tensor(String argument) {
    if (argument == null || has("--csv-shape") || has("--pixels") || has("--csv-header")) {
      throw new InputException("no tensor to change");
    }
    Tensor tensor = TensorArgument.parse(argument).read(options());
    if (tensor.size() > LARGE) {
      throw new InputException("the tensor is large");
    }
    return tensor;
  }

  /** The named tensors that an argument names. */
  Map<String, Tensor> tensors(String argument) {
    if (argument == null) {
      throw new InputException("no tensors to change");
    }
    return new LinkedHashMap<>(TensorArgument.parse(argument).readAll(options()));
  }

  private ReadOptions options() {
    String seed = value("--seed");
    long number = seed == null || !seed.matches("-?\\d{1,18}") ? 0 : Long.parseLong(seed);
    return new ReadOptions(
        DType.FLOAT64, null, false, number, InputStream.nullInputStream(), directory);
  }

  /** A tensor as an argument. */
  static String literal(Tensor tensor) {
    return JsonOutput.text(json -> JsonTensors.write(tensor, json));
  }

  /** Named tensors as an argument. */
  static String literal(Map<String, Tensor> tensors) {
    return JsonOutput.text(
        json -> {
          json.startObject();
          for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
            json.name(tensor.getKey());
            JsonTensors.write(tensor.getValue(), json);
          }
          json.endObject();
        });
  }

  /** A tensor with two of its axes exchanged. */
  static Tensor swapped(Tensor tensor, int first, int second) {
    int[] axes = new int[tensor.rank()];
    Arrays.setAll(axes, i -> i);
    axes[first] = second;
    axes[second] = first;
    return tensor.permute(axes);
  }

  /** A tensor of the values of a function at those of another. */
  static Tensor mapped(Tensor tensor, DoubleUnaryOperator function) {
    double[] values = new double[tensor.size()];
    Arrays.setAll(values, i -> function.applyAsDouble(tensor.get(i)));
    return Tensor.of(values, tensor.shape());
  }
}
