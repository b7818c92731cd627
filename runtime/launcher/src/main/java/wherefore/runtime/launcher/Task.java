package wherefore.runtime.launcher;

import java.util.List;
import java.util.Map;

/** What a command line asks for. */
sealed interface Task {
  /** Framework property: the text of a shell command. */
  String COMMAND = "wherefore.command";

  /** Framework property: a verb and its arguments, joined by {@link #SEPARATOR}. */
  String ARGUMENTS = "wherefore.argv";

  /** The one character that cannot occur in an argument of a process. */
  String SEPARATOR = "\0";

  String USAGE =
      """
      wherefore                   the shell
      wherefore VERB [ARGUMENT…]  one command of the scope why, e.g. wherefore methods
      wherefore -c TEXT           any text that the shell understands, e.g. wherefore -c 'why:methods'
      wherefore --help            this text; wherefore -c help lists all commands""";

  /** The framework properties which hand this task to the bundles. */
  Map<String, String> properties();

  /** The start level at which this task can be done; the terminal's bundles lie above 89. */
  int startLevel();

  /** The interactive shell. */
  record Shell() implements Task {
    @Override
    public Map<String, String> properties() {
      return Map.of();
    }

    @Override
    public int startLevel() {
      return 100;
    }
  }

  /** A text that the shell's parser reads. */
  record Text(String command) implements Task {
    @Override
    public Map<String, String> properties() {
      return Map.of(COMMAND, command);
    }

    @Override
    public int startLevel() {
      return 89;
    }
  }

  /** A verb and its arguments, handed over as they are. */
  record Arguments(List<String> values) implements Task {
    public Arguments {
      values = List.copyOf(values);
    }

    @Override
    public Map<String, String> properties() {
      return Map.of(ARGUMENTS, String.join(SEPARATOR, values));
    }

    @Override
    public int startLevel() {
      return 89;
    }
  }

  /** Only the usage. */
  record Help() implements Task {
    @Override
    public Map<String, String> properties() {
      return Map.of();
    }

    @Override
    public int startLevel() {
      return 0;
    }
  }

  /** Reads a command line. */
  static Task of(List<String> arguments) throws LaunchException {
    if (arguments.isEmpty()) {
      return new Shell();
    }
    String first = arguments.get(0);
    return switch (first) {
      case "-c" -> text(arguments);
      case "-h", "--help" -> new Help();
      default -> verb(first, arguments);
    };
  }

  private static Task text(List<String> arguments) throws LaunchException {
    if (arguments.size() != 2) {
      throw new LaunchException(
          LaunchException.USAGE,
          "-c takes one argument, the text of a command, found "
              + (arguments.size() - 1)
              + "; quote it: wherefore -c 'why:methods'");
    }
    return new Text(arguments.get(1));
  }

  private static Task verb(String first, List<String> arguments) throws LaunchException {
    if (first.startsWith("-") || first.isBlank()) {
      throw new LaunchException(
          LaunchException.USAGE, "unknown option '" + first + "'; known: -c TEXT, --help");
    }
    return new Arguments(arguments);
  }
}
