package wherefore.method.gradient;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.Option;
import wherefore.attribution.PointwiseMethod;
import wherefore.attribution.ProvidesMethod;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.propagate.Vjp;

/**
 * The gradient (saliency).
 *
 * <p>Question: how strongly would the target change if an element of the input changed a little?
 * Formula: ∂f_t/∂x. Shape: the input's; unit: the target's by the input's. Cost: F + B. Source:
 * Simonyan, Vedaldi, Zisserman 2014, who take the absolute value and the greatest channel; here it
 * is signed, element by element, unless {@code absolute} is asked for.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "gradient")
public final class Gradient implements PointwiseMethod<Gradient.Settings> {
  /** The options. */
  public record Settings(
      @Option(value = "Take the absolute value.", byDefault = "false") boolean absolute) {}

  @Override
  public String id() {
    return "gradient";
  }

  @Override
  public Class<Settings> options() {
    return Settings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "How strongly would the target change if an element changed a little?",
        EnumSet.of(Need.GRAPH),
        "F + B",
        "Simonyan, Vedaldi, Zisserman 2014, arXiv:1312.6034");
  }

  @Override
  public Map<String, Value> attributions(
      Settings options, Subject.Trace trace, List<Variable> variables) {
    SequencedMap<String, Value> gradients = trace.propagated(Vjp.book());
    if (options.absolute()) {
      gradients.replaceAll((name, g) -> g.builder().unary(UnaryFunction.ABS, g));
    }
    return gradients;
  }
}
