package wherefore.model.onnx;

/** A graph gets too large, whatever the shapes of its inputs: no other ones are tried. */
final class TooLargeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  TooLargeException(String node, int limit) {
    super("%s: the graph gets more than %d nodes".formatted(node, limit));
  }
}
