package wherefore.method.gradient;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
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
import wherefore.propagate.Vjp;

/**
 * Input times gradient; of a layer, activation times gradient.
 *
 * <p>Question: how much would an element's removal change the target, were the model linear?
 * Formula: x ⊙ ∂f_t/∂x. Shape: the input's; unit: the target's. Cost: F + B. Source: Shrikumar,
 * Greenside, Kundaje 2017.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "input-x-gradient")
public final class InputXGradient implements PointwiseMethod<Options.None> {
  @Override
  public String id() {
    return "input-x-gradient";
  }

  @Override
  public Class<Options.None> options() {
    return Options.None.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "How much would an element's removal change the target, were the model linear?",
        EnumSet.of(Need.GRAPH),
        "F + B",
        "Shrikumar, Greenside, Kundaje 2017, arXiv:1704.02685");
  }

  @Override
  public Map<String, Value> attributions(
      Options.None options, Subject.Trace trace, List<Variable> variables) {
    SequencedMap<String, Value> gradients = trace.propagated(Vjp.book());
    trace.points().forEach((name, x) -> gradients.merge(name, x, x.builder()::mul));
    return gradients;
  }
}
