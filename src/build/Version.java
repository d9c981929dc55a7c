package lamina.cli;

/** The version of the program, which the build takes from pom.xml. */
final class Version {
  static final String NUMBER = "@version@";

  private Version() {}
}
