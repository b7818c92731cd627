package wherefore.method.lrp;

import java.util.Optional;
import wherefore.graph.BinaryFunction;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;

/** The positive and negative parts of a layer's input and weights. */
final class Signs {
  private final GraphBuilder b;
  private final Linear layer;
  private final boolean mixed;

  Signs(Linear layer) {
    this.b = layer.builder();
    this.layer = layer;
    this.mixed = !NonNegative.is(layer.x());
  }

  /** v⁺. */
  Value positive(Value v) {
    return b.binary(BinaryFunction.MAX, v, 0);
  }

  /** v⁻. */
  Value negative(Value v) {
    return b.binary(BinaryFunction.MIN, v, 0);
  }

  Optional<Value> positiveBias() {
    return layer.bias().map(this::positive);
  }

  Optional<Value> negativeBias() {
    return layer.bias().map(this::negative);
  }

  /**
   * x⁺ ⊙ u'(R/s(D)) + x⁻ ⊙ v'(R/s(D)), and c ⊙ R/s(D), with D = L(x⁺, u) + L(x⁻, v) + c. The second
   * parts are left out where x can't be negative.
   */
  Shares share(Value r, Value u, Value v, Optional<Value> c) {
    Value x = layer.x();
    Value above = mixed ? positive(x) : x;
    Value below = negative(x);
    Value one = layer.product(above, u);
    Value both = mixed ? b.add(one, layer.product(below, v)) : one;
    Value sum = c.map(bias -> b.add(both, bias)).orElse(both);
    Value share = Stable.div(b, r, sum, LinearRule.STABILISER);
    Value first = b.mul(above, layer.back(u, share));
    Value input = mixed ? b.add(first, b.mul(below, layer.back(v, share))) : first;
    return new Shares(input, c.map(bias -> b.mul(bias, share)));
  }
}
