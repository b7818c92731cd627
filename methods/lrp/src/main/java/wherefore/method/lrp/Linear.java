package wherefore.method.lrp;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;
import wherefore.propagate.Backward;
import wherefore.propagate.Vjp;

/**
 * A linear layer as the rules see it: z(x, w, b) = L(x, w) + b, with a normalisation or a sum with
 * constants beside it merged into w and b.
 *
 * @param form how x and w make a product
 * @param x what is read
 * @param w the weights
 * @param bias b, that stretches to z; empty for none
 * @param z L(x, w) + b as the network computes it
 */
record Linear(Form form, Value x, Value w, Optional<Value> bias, Value z) {
  /** How a layer makes a product of its input and its weights. */
  @FunctionalInterface
  interface Form {
    /** L(x, w). */
    Value product(GraphBuilder b, Value x, Value w);
  }

  GraphBuilder builder() {
    return z.builder();
  }

  /** L(x, w) for other inputs and weights. */
  Value product(Value in, Value weights) {
    return form.product(builder(), in, weights);
  }

  /** w'(v): what of v reaches x through these weights. */
  Value back(Value weights, Value v) {
    Value product = product(x, weights);
    return Backward.run(builder(), Map.of(product, v), List.of(x), Vjp.book()).get(0);
  }
}
