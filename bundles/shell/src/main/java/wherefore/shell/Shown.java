package wherefore.shell;

/** What a command returns: an object for scripts, and a text for persons. */
public interface Shown {
  /** What is printed where the object is the last of a line; without a line break at its end. */
  String shown();
}
