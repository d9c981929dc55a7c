package lamina.cli.option;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import lamina.cli.process.Io;
import lamina.layer.Compatibility;
import lamina.network.Network;

/** Several NET arguments, which make one network: each goes on where the one before it ends. */
public final class NetworkArguments {
  private final List<String> given;
  private final Compatibility compatibility;
  private final String usage;
  private final Io io;

  /**
   * @param compatibility whose rules hold
   */
  public NetworkArguments(Arguments arguments, Compatibility compatibility, Io io) {
    given = new ArrayList<>(arguments.positionals());
    if (given.isEmpty()) {
      given.add("-");
    }
    this.compatibility = compatibility;
    usage = arguments.usage();
    this.io = io;
  }

  /**
   * Reads them.
   *
   * @throws UsageException if standard input is named twice, or is a terminal
   */
  public Network read() throws IOException {
    joinFlows();
    List<Network> networks = new ArrayList<>();
    boolean standardInput = false;
    for (int i = 0; i < given.size(); i++) {
      String net = given.get(i);
      if (net.equals("-")) {
        if (standardInput) {
          throw new UsageException("standard input can be read only once");
        }
        if (io.inIsTerminal()) {
          throw new UsageException("NET is missing", usage);
        }
        standardInput = true;
        byte[] bytes = io.in().readAllBytes();
        networks.add(NetworkArgument.read(bytes, "standard input", compatibility));
      } else if (NetworkArgument.isText(net)) {
        String source = given.size() == 1 ? "NET" : "NET " + (i + 1);
        networks.add(Network.parse(net, source, compatibility));
      } else {
        networks.add(NetworkArgument.readFile(io.directory(), net, compatibility));
      }
    }
    return Network.join(networks);
  }

  /**
   * Puts a text that only joins modules, as a graph of torch.fx does, behind that of the modules.
   */
  private void joinFlows() throws IOException {
    for (int i = given.size() - 1; i > 0; i--) {
      String flow = textOf(given.get(i));
      String modules = flow != null && Network.needsModules(flow) ? textOf(given.get(i - 1)) : null;
      if (modules != null) {
        given.set(i - 1, modules + "\n" + flow);
        given.remove(i);
      }
    }
  }

  /**
   * The text that an argument is or names; null for standard input and for files that hold weights.
   */
  private String textOf(String net) throws IOException {
    if (net.equals("-")
        || NetworkArgument.isWeightsFile(net)
        || NetworkArgument.isModelFile(io.directory(), net)) {
      return null;
    }
    return NetworkArgument.isText(net)
        ? net
        : NetworkArgument.readFile(io.directory().resolve(net), net);
  }
}
