package wherefore.method.gradient;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.Option;
import wherefore.attribution.ProvidesMethod;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.propagate.RuleBook;
import wherefore.propagate.Vjp;
import wherefore.tensor.ElementType;
import wherefore.tensor.Tensor;

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
public final class Gradient implements AttributionMethod<Gradient.Settings> {
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
  public Attribution attribute(AttributionRequest request, Settings options, Evaluator evaluator) {
    Map<String, Tensor> values = gradients(evaluator);
    if (options.absolute()) {
      values.replaceAll((name, g) -> g.zip(g, (d, same) -> Math.abs(d)));
    }
    return Attribution.of(values);
  }

  /** For each variable, in order, the gradient at the input, float64. */
  static Map<String, Tensor> gradients(Evaluator evaluator) {
    return walked(Vjp.book(), evaluator);
  }

  /** For each variable, in order, what arrives there by a book of rules, float64. */
  static Map<String, Tensor> walked(RuleBook book, Evaluator evaluator) {
    Subject subject = evaluator.subject();
    Map<String, Tensor> outputs = evaluator.map(subject.propagated(book), subject.atInput());
    Map<String, Tensor> arrived = new LinkedHashMap<>();
    for (Variable v : subject.variables()) {
      arrived.put(v.name(), v.in(outputs).to(ElementType.FLOAT64));
    }
    return arrived;
  }
}
