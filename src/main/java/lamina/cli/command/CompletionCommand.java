package lamina.cli.command;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import lamina.cli.complete.BashCompletion;
import lamina.cli.complete.FishCompletion;
import lamina.cli.complete.ZshCompletion;
import lamina.cli.option.Arguments;
import lamina.cli.option.NetworkArgument;
import lamina.cli.option.Suggestions;
import lamina.cli.option.TensorInputs;
import lamina.cli.option.TensorOptions;
import lamina.cli.option.UsageException;
import lamina.cli.process.ExitCode;
import lamina.cli.process.Io;
import lamina.cli.process.Notes;
import picocli.CommandLine.Model.CommandSpec;

/** {@code lamina completion}: prints the completions for a shell. */
public final class CompletionCommand implements Command {
  private static final List<String> SHELLS = Arrays.asList("bash", "zsh", "fish");

  private final Supplier<List<CommandSpec>> commands;

  /**
   * @param commands gives the definitions of all commands, those of two words last
   */
  public CompletionCommand(Supplier<List<CommandSpec>> commands) {
    this.commands = commands;
  }

  @Override
  public void define(CommandSpec spec) {
    Arguments.define(
        spec,
        "SHELL",
        "1..*",
        "bash, zsh or fish; or 'layers NET': the names of a network's layers, one a line",
        SHELLS);
    Command.examples(
        spec,
        "  Complete lamina's options in this bash:",
        "    source <(lamina completion bash)",
        "  And in every zsh and fish to come:",
        "    lamina completion zsh > /usr/local/share/zsh/site-functions/_lamina",
        "    lamina completion fish > ~/.config/fish/completions/lamina.fish");
  }

  @Override
  public int run(Arguments arguments, Io io) throws IOException {
    if (arguments.positionals().size() == 2 && arguments.positional(0).equals("layers")) {
      Notes notes = new Notes(io, arguments.command(), false);
      TensorInputs inputs = new TensorInputs(TensorOptions.ofFloat64(), arguments, io, notes);
      for (String layer : NetworkArgument.read(arguments.positional(1), inputs).layerNames()) {
        io.print(layer + "\n");
      }
      return ExitCode.OK;
    }
    if (arguments.positionals().size() != 1) {
      throw new UsageException(
          "one shell is needed", "for example: source <(lamina completion bash)");
    }
    String shell = arguments.positional(0);
    if (!SHELLS.contains(shell)) {
      throw new UsageException(
          "no completions for '" + shell + "'; known are bash, zsh and fish",
          Suggestions.didYouMean(shell, SHELLS, null));
    }
    io.print(script(shell));
    return ExitCode.OK;
  }

  /** The completions for a shell. */
  private String script(String shell) {
    List<CommandSpec> all = commands.get();
    return switch (shell) {
      case "bash" -> BashCompletion.script(all);
      case "zsh" -> ZshCompletion.script(all);
      case "fish" -> FishCompletion.script(all);
      default -> throw new IllegalArgumentException(shell);
    };
  }
}
