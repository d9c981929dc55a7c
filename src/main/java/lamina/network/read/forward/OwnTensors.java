package lamina.network.read.forward;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.layer.Call;
import lamina.layer.Constant;
import lamina.network.read.Scanner;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * The shapes of parameters that modules hold by themselves, which neither print(model) nor a graph
 * shows: lines such as {@code {'pos': (1, 5, 8)}}. The first line has parameters, later ones
 * buffers; shapes are tuples, lists or torch.Size.
 *
 * @param byPath the tensors by their paths
 * @param rest the text with blanks in place of these lines
 */
record OwnTensors(Map<String, Constant> byPath, String rest) {
  static OwnTensors take(String text, String source) {
    Map<String, Constant> found = new LinkedHashMap<>();
    StringBuilder rest = new StringBuilder();
    boolean isFirst = true;
    for (String line : text.split("(?<=\n)", -1)) {
      if (!line.startsWith("{")) {
        rest.append(line);
        continue;
      }
      Scanner in =
          new Scanner(
              "\n".repeat((int) rest.chars().filter(c -> c == '\n').count()) + line, source);
      in.expect('{');
      while (!in.take('}')) {
        if (in.peek() != '\'' && in.peek() != '"') {
          throw in.unexpected("a name in quotes");
        }
        String path = in.takeString();
        in.expect(':');
        Constant tensor = Constant.own(shape(in), isFirst);
        // One that is a parameter stays one where all of a state_dict come again.
        found.putIfAbsent(path, tensor);
        if (!in.take(',') && in.peek() != '}') {
          throw in.unexpected("',' or '}'");
        }
      }
      isFirst = false;
      rest.append(line.replaceAll("[^\n]", " "));
    }
    return new OwnTensors(found, rest.toString());
  }

  private static Shape shape(Scanner in) {
    String place = in.place();
    boolean isCall = in.peek() != '(' && in.peek() != '[' && in.takeName() != null;
    if (isCall) {
      in.expect('(');
    }
    char open = in.peek();
    char close = open == '(' ? ')' : ']';
    if (open != '(' && open != '[') {
      throw in.unexpected("a shape");
    }
    in.expect(open);
    List<Dim> dims = new ArrayList<>();
    while (!in.take(close)) {
      if (!Scanner.isDigit(in.peek())) {
        throw in.unexpected("a size");
      }
      if (!(in.takeNumber() instanceof Long number) || number < 0) {
        throw new InputException(place + ": a shape has whole numbers");
      }
      dims.add(Dim.of(number));
      if (!in.take(',') && in.peek() != close) {
        throw in.unexpected("',' or '" + close + "'");
      }
    }
    if (isCall) {
      in.expect(')');
    }
    return new Shape(dims);
  }

  /** A line of a printed ParameterList. */
  static Constant printed(Call parameter) {
    List<Dim> dims = new ArrayList<>();
    for (Object size : (List<?>) parameter.arguments().get(0).value()) {
      dims.add(Dim.of((Long) size));
    }
    return Constant.own(new Shape(dims), true);
  }
}
