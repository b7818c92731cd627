package wherefore.method.gradient;

import java.util.LinkedHashMap;
import java.util.Map;
import wherefore.attribution.Attribution;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Composite;
import wherefore.graph.Node;
import wherefore.propagate.PropagationRule;
import wherefore.propagate.RuleBook;
import wherefore.propagate.Vjp;
import wherefore.tensor.ElementType;
import wherefore.tensor.Tensor;

/**
 * Backward walks that differ from the gradient in what a ReLU hands on; without ReLUs they are the
 * gradient.
 */
final class ReluRules {
  /** v⁺ where x is positive. */
  static final PropagationRule GUIDED =
      s -> {
        var b = s.builder();
        var gradient = Vjp.book().find(s.node()).orElseThrow().rule().propagate(s).get(0);
        return gradient == null ? Map.of() : Map.of(0, b.binary(BinaryFunction.MAX, gradient, 0));
      };

  /** v⁺. */
  static final PropagationRule DECONVOLVED =
      s -> Map.of(0, s.builder().binary(BinaryFunction.MAX, s.arriving(), 0));

  private ReluRules() {}

  /** What arrives at the variables where ReLUs follow a rule and all else is the gradient. */
  static Attribution attribution(String id, PropagationRule rule, Evaluator evaluator) {
    Subject subject = evaluator.subject();
    RuleBook book = RuleBook.named(id).rule(id, ReluRules::isRelu, rule).or(Vjp.book());
    Map<String, Tensor> outputs = evaluator.map(subject.propagated(book), subject.atInput());
    Map<String, Tensor> values = new LinkedHashMap<>();
    for (Variable v : subject.variables()) {
      values.put(v.name(), v.in(outputs).to(ElementType.FLOAT64));
    }
    return Attribution.of(values);
  }

  private static boolean isRelu(Node node) {
    return node.op() instanceof Composite.Relu;
  }
}
