package lamina.network.read;

import java.util.regex.Pattern;

/** Texts about networks that are not read, told by their words: what they are, what to give. */
public final class ForeignText {
  private static final String GIVE = "; give what print(model) shows, or an ONNX model";

  private static final String[][] SIGNS = {
    {
      "(?m)^.*Layer \\(type.*Output Shape.*Param #",
      "a table of a summary, which leaves out what layers are made with; give what print(model)"
          + " shows in PyTorch, or print(model.to_json()) in Keras"
    },
    {
      "\\bkeras\\b|\\.add\\((layers\\.)?[A-Z]|\\bInput\\(shape ?=|\\blayers\\.[A-Z]",
      "Keras code, which is not run; give what print(model.to_json()) shows"
    },
    {"(?m)^Traceback \\(most recent call last\\)", "an error of Python, not a network"},
    {"(?m)^\\s*layers? ?\\{", "a network of Caffe (prototxt), which is not read" + GIVE},
    {"(?m)^\\[(net|convolutional)\\]", "a network of Darknet (cfg), which is not read" + GIVE},
    {"(?m)^graph\\(%", "a graph of TorchScript, which is not read" + GIVE},
    {
      "\\btensor\\(\\[",
      "a print of weights (state_dict), which does not tell how layers are joined" + GIVE
    },
  };

  private ForeignText() {}

  /** What a text is that could not be read; null if that is not known. */
  public static String of(String text) {
    String start = text.length() > 1 << 16 ? text.substring(0, 1 << 16) : text;
    for (String[] sign : SIGNS) {
      if (Pattern.compile(sign[0]).matcher(start).find()) {
        return sign[1];
      }
    }
    return null;
  }
}
