package wherefore.propagate;

import java.util.Map;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Composite;
import wherefore.graph.Value;

/**
 * Books that differ from the {@linkplain Vjp gradient}'s in what a ReLU hands on; without ReLUs
 * they are the gradient's.
 */
public final class ReluBooks {
  private static final RuleBook GUIDED = book("guided-backprop", ReluBooks::guided);
  private static final RuleBook DECONVOLVED = book("deconvnet", ReluBooks::deconvolved);

  private ReluBooks() {}

  /** Guided backpropagation: v⁺ where x is positive. Source: Springenberg et al. 2015. */
  public static RuleBook guided() {
    return GUIDED;
  }

  /** The deconvolutional network: v⁺. Source: Zeiler, Fergus 2014. */
  public static RuleBook deconvolved() {
    return DECONVOLVED;
  }

  private static RuleBook book(String name, PropagationRule rule) {
    return RuleBook.named(name)
        .rule(name, n -> n.op() instanceof Composite.Relu, rule)
        .or(Vjp.book());
  }

  private static Map<Integer, Value> guided(Step s) {
    Value gradient = Vjp.book().find(s.node()).orElseThrow().rule().propagate(s).get(0);
    return gradient == null ? Map.of() : Map.of(0, positive(s, gradient));
  }

  private static Map<Integer, Value> deconvolved(Step s) {
    return Map.of(0, positive(s, s.arriving()));
  }

  private static Value positive(Step s, Value v) {
    return s.builder().binary(BinaryFunction.MAX, v, 0);
  }
}
