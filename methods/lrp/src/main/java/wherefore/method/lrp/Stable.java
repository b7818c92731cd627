package wherefore.method.lrp;

import wherefore.graph.Comparison;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;

/** Divisions that can't fail. */
final class Stable {
  private Stable() {}

  /** R / s_ε(z). */
  static Value div(GraphBuilder b, Value r, Value z, double epsilon) {
    Value negative = b.compare(Comparison.LESS, z, b.number(0, z));
    Value shift = b.where(negative, b.number(-epsilon, z), b.number(epsilon, z));
    return b.div(r, b.add(z, shift));
  }

  /** R where z is of a sign, else 0. */
  static Value where(GraphBuilder b, Value z, Value r, boolean positive) {
    Value zero = b.number(0, z);
    Value condition =
        positive ? b.compare(Comparison.LESS, zero, z) : b.compare(Comparison.LESS, z, zero);
    return b.where(condition, r, zero);
  }
}
