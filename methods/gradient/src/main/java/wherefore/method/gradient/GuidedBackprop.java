package wherefore.method.gradient;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.Options;
import wherefore.attribution.PointwiseMethod;
import wherefore.attribution.ProvidesMethod;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.graph.Value;
import wherefore.propagate.ReluBooks;

/**
 * Guided backpropagation.
 *
 * <p>Question: What excites the target, through units that are active and gradients that are
 * positive? Formula: the gradient, but of what arrives at the output of a ReLU, v, its input x gets
 * v⁺ ⊙ [0 &lt; x]. Shape: the input's; unit: none, since it is no derivative. It says more of the
 * input than of the decision: the walk hardly depends on the upper layers' weights (Adebayo 2018).
 * Cost: F + B. Source: Springenberg et al. 2015.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "guided-backprop")
public final class GuidedBackprop implements PointwiseMethod<Options.None> {
  @Override
  public String id() {
    return "guided-backprop";
  }

  @Override
  public Class<Options.None> options() {
    return Options.None.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "What excites the target, through units that are active and gradients that are positive?",
        EnumSet.of(Need.GRAPH),
        "F + B",
        "Springenberg et al. 2015, arXiv:1412.6806");
  }

  @Override
  public Map<String, Value> attributions(
      Options.None options, Subject.Trace trace, List<Variable> variables) {
    return trace.propagated(ReluBooks.guided());
  }
}
