package wherefore.conformance;

import wherefore.tensor.Tensor;

/**
 * How far values may be from the expected ones: |a − e| ≤ atol + rtol·|e| for each element.
 *
 * @param relative rtol
 * @param absolute atol
 */
record Tolerance(double relative, double absolute) {
  /** What ONNX's own test folders are held to. */
  static final Tolerance ONNX = new Tolerance(1e-3, 1e-5);

  /**
   * The largest error in units of the tolerance, max |a − e| / (atol + rtol·|e|); infinite for a
   * NaN in one of both.
   */
  double error(Tensor actual, Tensor expected) {
    double largest = 0;
    for (int i = 0; i < expected.size(); i++) {
      largest = Math.max(largest, error(actual.get(i), expected.get(i)));
    }
    return largest;
  }

  private double error(double a, double e) {
    if (Double.compare(a, e) == 0 || a == e) {
      return 0;
    }
    double error = Math.abs(a - e) / (absolute + relative * Math.abs(e));
    return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }
}
