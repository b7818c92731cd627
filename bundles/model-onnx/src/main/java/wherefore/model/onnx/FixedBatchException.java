package wherefore.model.onnx;

/** Something in a graph depends on the batch in a way that ONNX nodes can't say. */
final class FixedBatchException extends RuntimeException {
  private static final long serialVersionUID = 1;

  FixedBatchException(String message) {
    super(message);
  }
}
