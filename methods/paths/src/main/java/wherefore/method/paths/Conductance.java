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
 * The conductance of a layer.
 *
 * <p>Question: how much of f_t(x) − f_t(x') flows through each unit h of a layer, while the inputs
 * move on the straight path x(α) from the baseline x' to x? Formula: ∫₀¹ ∂f_t/∂h · dh/dα dα. Shape:
 * the layer's; unit: the target's; the sum is f_t(x) − f_t(x') if all paths lead through the layer.
 * Of the inputs themselves it is integrated gradients. With {@code integrated-gradients} of a layer
 * the path is straight in the layer's space; here it is in the inputs'. Cost: steps · (2F + 2B),
 * the second pair to the layer. Source: Dhamdhere, Sundararajan, Yan 2019.
 *
 * <p>Facts: as {@link IntegratedGradients}; {@code residual} only where all paths lead through the
 * layer, else the adaptive rule goes by {@code accuracy}, 0.01 if that is 0.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "conductance")
public final class Conductance implements AttributionMethod<IntegratedGradients.Settings> {
  @Override
  public String id() {
    return "conductance";
  }

  @Override
  public Class<IntegratedGradients.Settings> options() {
    return IntegratedGradients.Settings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "How much of the target's change from baseline to input flows through each unit of a layer?",
        EnumSet.of(Need.GRAPH, Need.BASELINE),
        "steps × (2F + 2B)",
        "Dhamdhere, Sundararajan, Yan 2019, arXiv:1805.12233");
  }

  @Override
  public Attribution attribute(
      AttributionRequest request, IntegratedGradients.Settings options, Evaluator evaluator) {
    Subject subject = evaluator.subject();
    return new Integration(
            id(),
            subject.sources(),
            LayerPath.isCut(subject),
            leg -> new LayerPath(subject, leg, true))
        .run(options, evaluator);
  }
}
