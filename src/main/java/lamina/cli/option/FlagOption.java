package lamina.cli.option;

import picocli.CommandLine.Model.OptionSpec;

/** An option without a value. */
public final class FlagOption extends Option {
  FlagOption(String description, String... names) {
    super(OptionSpec.builder(names).type(boolean.class).arity("0").description(description));
  }

  @Override
  public boolean isGiven() {
    return Boolean.TRUE.equals(spec().getValue());
  }
}
