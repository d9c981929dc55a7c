package lamina.cli.option;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.OptionSpec;

/** An option that may be given several times. */
public final class RepeatedOption extends Option {
  RepeatedOption(String label, String description, String... names) {
    super(
        OptionSpec.builder(names).type(String[].class).paramLabel(label).description(description));
  }

  /** All its values, in the order in which they were typed. */
  public List<String> texts() {
    List<String> values = new ArrayList<>();
    String[] given = spec().getValue();
    if (given != null) {
      for (String value : given) {
        values.add(Arguments.plain(value));
      }
    }
    return values;
  }
}
