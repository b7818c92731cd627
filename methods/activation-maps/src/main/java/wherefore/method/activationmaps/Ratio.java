package wherefore.method.activationmaps;

import wherefore.graph.Comparison;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;

/** Quotients that are 0 where nothing is divided by. */
final class Ratio {
  private Ratio() {}

  /** a / b, and 0 where b is 0. */
  static Value of(Value a, Value b) {
    GraphBuilder g = a.builder();
    Value zero = g.number(0, b);
    Value none = g.compare(Comparison.EQUAL, b, zero);
    Value divisor = g.where(none, g.number(1, b), b);
    return g.where(none, zero, g.div(a, divisor));
  }
}
