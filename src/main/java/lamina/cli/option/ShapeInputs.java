package lamina.cli.option;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import lamina.network.Model;
import lamina.network.Network;
import lamina.tensor.Shape;
import lamina.text.InputException;
import lamina.text.NearSpelling;

/**
 * The values of {@code --input}: a shape, or several for a network that names its inputs, in its
 * order or as {@code NAME=SHAPE}.
 */
public final class ShapeInputs {
  private final List<String> given;

  public ShapeInputs(List<String> given) {
    this.given = given;
  }

  /**
   * The network with the shapes of its inputs.
   *
   * @throws UsageException if there are more shapes than inputs, or fewer than are needed
   */
  public Network of(Network network) {
    List<Shape> shapes = shapes(network);
    if (network.model() == null) {
      return network;
    }
    List<Model.Port> ports = network.model().inputs();
    List<String> missing = new ArrayList<>();
    for (int i = 0; i < ports.size(); i++) {
      if (shapes.get(i) == null && ports.get(i).shape() == null) {
        missing.add("--input " + ports.get(i).name() + "=SHAPE");
      }
    }
    if (!missing.isEmpty()) {
      throw new UsageException(
          "the network takes "
              + String.join(", ", names(network))
              + ": add "
              + String.join(" ", missing));
    }
    return network.withInputs(shapes);
  }

  private static List<String> names(Network network) {
    List<String> names = new ArrayList<>();
    network.model().inputs().forEach(port -> names.add(port.name()));
    return names;
  }

  /**
   * The shapes as typed, one for each input of a network; null where none is given.
   *
   * @throws UsageException if there are more shapes than inputs
   */
  public List<Shape> shapes(Network network) {
    boolean isNamed = given.stream().anyMatch(text -> text.indexOf('=') >= 0);
    if (network.model() == null) {
      if (given.size() > 1 || isNamed) {
        throw new UsageException("the network takes one input; give one --input SHAPE");
      }
      return Arrays.asList(given.isEmpty() ? null : Shape.parse(given.get(0)));
    }
    List<String> names = names(network);
    List<Shape> shapes = new ArrayList<>(Collections.nCopies(names.size(), null));
    int next = 0;
    for (String text : given) {
      int equals = text.indexOf('=');
      int index = equals < 0 ? next++ : index(text.substring(0, equals), names);
      if (index >= shapes.size()) {
        throw new UsageException(
            "--input is given "
                + given.size()
                + " times; the network takes "
                + String.join(", ", names));
      }
      shapes.set(index, Shape.parse(text.substring(equals + 1)));
    }
    return Collections.unmodifiableList(shapes);
  }

  private static int index(String name, List<String> names) {
    int index = names.indexOf(name);
    if (index < 0) {
      String hint = NearSpelling.hint(name, names);
      throw new InputException(
          "--input: the network has no input '"
              + name
              + "'"
              + (hint.isEmpty() ? "; it takes " + String.join(", ", names) : hint));
    }
    return index;
  }

  /** The shape of the first input, if it was given; else null. */
  public Shape first(Network network) {
    for (String text : given) {
      int equals = text.indexOf('=');
      boolean isFirst =
          equals < 0
              || (network.model() != null
                  && text.substring(0, equals).equals(network.model().inputs().get(0).name()));
      if (isFirst) {
        return Shape.parse(text.substring(equals + 1));
      }
    }
    return null;
  }
}
