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
 * The deconvolutional network.
 *
 * <p>Question: What pattern in the input is the target's activation made of? Formula: the gradient,
 * but of what arrives at the output of a ReLU, v, its input x gets v⁺. Shape: the input's; unit:
 * none, since it is no derivative. It says more of the input than of the decision: the walk hardly
 * depends on the upper layers' weights (Adebayo 2018). Cost: F + B. Source: Zeiler.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "deconvnet")
public final class Deconvnet implements PointwiseMethod<Options.None> {
  @Override
  public String id() {
    return "deconvnet";
  }

  @Override
  public Class<Options.None> options() {
    return Options.None.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "What pattern in the input is the target's activation made of?",
        EnumSet.of(Need.GRAPH),
        "F + B",
        "Zeiler, Fergus 2014, arXiv:1311.2901");
  }

  @Override
  public Map<String, Value> attributions(
      Options.None options, Subject.Trace trace, List<Variable> variables) {
    return trace.propagated(ReluBooks.deconvolved());
  }
}
