package lamina.cli;

import java.util.ArrayList;
import java.util.List;
import lamina.cli.command.ActivateCommand;
import lamina.cli.command.BenchCommand;
import lamina.cli.command.CheckCommand;
import lamina.cli.command.Command;
import lamina.cli.command.CompletionCommand;
import lamina.cli.command.ConvCommand;
import lamina.cli.command.PoolCommand;
import lamina.cli.command.RnnCommand;
import lamina.cli.command.RnnDesignCommand;
import lamina.cli.command.RunCommand;
import lamina.cli.command.ShapeCommand;
import lamina.cli.command.TokenizeCommand;
import lamina.cli.command.TrainCommand;
import lamina.cli.option.GeneralOptions;
import picocli.CommandLine.Model.CommandSpec;

/** The commands of the program. Only the one that is called is created. */
final class Commands {
  private static final String[][] SUMMARIES = {
    {"conv", "run a convolution, or its gradient, and print the feature map"},
    {"pool", "run a pooling"},
    {"activate", "apply an activation function: values, gradient, statistics, plot"},
    {"rnn", "run an RNN, LSTM or GRU over a sequence"},
    {"rnn design", "name the recurrent topology that a task needs"},
    {"tokenize", "turn an image into a sequence for an RNN"},
    {"shape", "output dimensions, parameters, MACs and receptive field of layers and networks"},
    {"run", "run a network on tensors, forward and backward"},
    {"train", "train a small network and print gradient statistics"},
    {"check", "check or grade answers, and say what went wrong"},
    {"bench", "time a layer or network on this machine"},
    {"completion", "print the completions for bash, zsh or fish"},
  };

  /** The names of all commands of one word, in the order of the help. */
  static final List<String> NAMES = names(false);

  private Commands() {}

  private static List<String> names(boolean ofTwoWords) {
    List<String> names = new ArrayList<>();
    for (String[] summary : SUMMARIES) {
      if (summary[0].indexOf(' ') >= 0 == ofTwoWords) {
        names.add(summary[0]);
      }
    }
    return names;
  }

  /** The names of all commands, those of two words last. */
  static List<String> allNames() {
    List<String> names = names(false);
    names.addAll(names(true));
    return names;
  }

  /** The options of all commands, in the same order. */
  private static List<CommandSpec> all() {
    List<CommandSpec> specs = new ArrayList<>();
    for (String name : allNames()) {
      specs.add(spec(name, create(name)));
    }
    return specs;
  }

  /** What a command does, in one line. */
  static String summary(String name) {
    for (String[] summary : SUMMARIES) {
      if (summary[0].equals(name)) {
        return summary[1];
      }
    }
    throw new IllegalArgumentException(name);
  }

  /** The command of this name, or null. */
  static Command create(String name) {
    return switch (name) {
      case "conv" -> new ConvCommand();
      case "pool" -> new PoolCommand();
      case "activate" -> new ActivateCommand();
      case "rnn" -> new RnnCommand();
      case "rnn design" -> new RnnDesignCommand();
      case "tokenize" -> new TokenizeCommand();
      case "shape" -> new ShapeCommand();
      case "run" -> new RunCommand();
      case "train" -> new TrainCommand();
      case "check" -> new CheckCommand(new InProcess());
      case "bench" -> new BenchCommand();
      case "completion" -> new CompletionCommand(Commands::all);
      default -> null;
    };
  }

  /** The options of a command, with those that every command has. */
  static CommandSpec spec(String name, Command command) {
    return spec(name, command, new GeneralOptions());
  }

  /**
   * The same.
   *
   * @param general reads the options that every command has
   */
  static CommandSpec spec(String name, Command command, GeneralOptions general) {
    CommandSpec spec = CommandSpec.create().name("lamina " + name);
    spec.usageMessage().description(summary(name));
    command.define(spec);
    general.addTo(spec);
    return spec;
  }
}
