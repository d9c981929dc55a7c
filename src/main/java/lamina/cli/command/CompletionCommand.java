package lamina.cli.command;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import lamina.cli.Command;
import lamina.cli.Help;
import lamina.cli.Io;
import lamina.cli.Program;
import lamina.cli.Suggestions;
import lamina.cli.UsageException;
import lamina.cli.complete.BashCompletion;
import lamina.cli.complete.FishCompletion;
import lamina.cli.complete.ZshCompletion;
import lamina.cli.option.Arguments;
import lamina.cli.option.CommonOptions;
import lamina.cli.option.NetworkArgument;
import lamina.cli.option.TensorInputs;
import picocli.CommandLine.Model.CommandSpec;

/** {@code lamina completion}: prints the completions for a shell. */
public final class CompletionCommand implements Command {
  private static final List<String> SHELLS = Arrays.asList("bash", "zsh", "fish");

  @Override
  public void define(CommandSpec spec) {
    spec.addPositional(
        CommonOptions.positionals(
                "SHELL",
                "1..*",
                "bash, zsh or fish; or 'layers NET': the names of a network's layers, one a line")
            .toBuilder()
            .completionCandidates(SHELLS)
            .build());
    Help.examples(
        spec,
        "Complete lamina's options in this bash:",
        "  source <(lamina completion bash)",
        "and in every zsh and fish to come:",
        "  lamina completion zsh > /usr/local/share/zsh/site-functions/_lamina",
        "  lamina completion fish > ~/.config/fish/completions/lamina.fish");
  }

  @Override
  public int run(Arguments arguments, Io io) throws IOException {
    if (arguments.positionals().size() == 2 && arguments.positional(0).equals("layers")) {
      TensorInputs inputs = new TensorInputs(arguments, io);
      for (String layer : NetworkArgument.read(arguments.positional(1), inputs).layerNames()) {
        Program.print(io, layer + "\n");
      }
      return Program.OK;
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
    Program.print(io, script(shell));
    return Program.OK;
  }

  /** The completions for a shell. */
  static String script(String shell) {
    return switch (shell) {
      case "bash" -> BashCompletion.script();
      case "zsh" -> ZshCompletion.script();
      case "fish" -> FishCompletion.script();
      default -> throw new IllegalArgumentException(shell);
    };
  }
}
