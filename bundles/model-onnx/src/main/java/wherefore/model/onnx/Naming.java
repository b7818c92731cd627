package wherefore.model.onnx;

/**
 * How origins survive a round trip. Where one layer is written as several nodes, the last bears the
 * layer's name and the others that name, {@code #} and a number; files that say they are ours are
 * read accordingly.
 */
final class Naming {
  /** What {@code producer_name} says in our files. */
  static final String PRODUCER = "wherefore";

  private Naming() {}

  /** The name of a node that is not its layer's last. */
  static String helper(String origin, int number) {
    return origin + "#" + number;
  }

  /** The layer of a node in a file of ours. */
  static String origin(String node) {
    int mark = node.lastIndexOf('#');
    boolean helper =
        mark >= 0
            && mark < node.length() - 1
            && node.substring(mark + 1).chars().allMatch(Character::isDigit);
    return helper ? node.substring(0, mark) : node;
  }
}
