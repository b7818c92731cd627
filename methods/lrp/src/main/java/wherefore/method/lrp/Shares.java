package wherefore.method.lrp;

import java.util.Optional;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;

/**
 * Where a linear layer's relevance goes; the rest is lost to a stabiliser, or left out by the rule.
 *
 * @param input to its input, of its shape
 * @param bias to its bias, of its output's shape; empty if none takes any
 */
record Shares(Value input, Optional<Value> bias) {
  /** Both times a number. */
  Shares times(double factor) {
    GraphBuilder b = input.builder();
    return new Shares(b.mul(input, factor), bias.map(v -> b.mul(v, factor)));
  }

  /** The sums of both. */
  Shares plus(Shares other) {
    GraphBuilder b = input.builder();
    Optional<Value> biases = bias.map(v -> other.bias.map(w -> b.add(v, w)).orElse(v));
    return new Shares(b.add(input, other.input), biases.or(other::bias));
  }
}
