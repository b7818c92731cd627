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
import wherefore.attribution.Options;
import wherefore.attribution.ProvidesMethod;
import wherefore.attribution.Variable;
import wherefore.tensor.Tensor;

/**
 * Input times gradient; of a layer, activation times gradient.
 *
 * <p>Question: how much would an element's removal change the target, were the model linear?
 * Formula: x ⊙ ∂f_t/∂x. Shape: the input's; unit: the target's. Cost: F + B. Source: Shrikumar,
 * Greenside, Kundaje 2017.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "input-x-gradient")
public final class InputXGradient implements AttributionMethod<Options.None> {
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
  public Attribution attribute(
      AttributionRequest request, Options.None options, Evaluator evaluator) {
    Map<String, Tensor> gradients = Gradient.gradients(evaluator);
    Map<String, Tensor> values = new LinkedHashMap<>();
    for (Variable v : evaluator.subject().variables()) {
      values.put(v.name(), v.value().zip(v.in(gradients), (x, d) -> x * d));
    }
    return Attribution.of(values);
  }
}
