package wherefore.method.paths;

import java.util.EnumSet;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.ProvidesMethod;
import wherefore.attribution.Subject;

/**
 * The internal influence of a layer.
 *
 * <p>Question: how strongly would the target change with each unit h of a layer, in the mean over
 * the inputs on the straight path from the baseline to the input? Formula: ∫₀¹ ∂f_t/∂h dα. Shape:
 * the layer's; unit: the target's by the layer's. The legs of a polyline count alike. Cost: steps ·
 * (F + B). Source: Leino et al. 2018.
 *
 * <p>Facts: as {@link IntegratedGradients} but {@code residual}, since nothing is known of the sum;
 * the adaptive rule goes by {@code accuracy}, 0.01 if that is 0.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "internal-influence")
public final class InternalInfluence implements AttributionMethod<IntegratedGradients.Settings> {
  @Override
  public String id() {
    return "internal-influence";
  }

  @Override
  public Class<IntegratedGradients.Settings> options() {
    return IntegratedGradients.Settings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "How strongly would the target change with each unit of a layer, in the mean over a path?",
        EnumSet.of(Need.GRAPH, Need.BASELINE),
        "steps × (F + B)",
        "Leino et al. 2018, arXiv:1802.03788");
  }

  @Override
  public Attribution attribute(
      AttributionRequest request, IntegratedGradients.Settings options, Evaluator evaluator) {
    Subject subject = evaluator.subject();
    return new Integration(
            id(), subject.sources(), false, leg -> new LayerPath(subject, leg, false))
        .run(options, evaluator);
  }
}
