package wherefore.method.deeplift;

import java.util.EnumSet;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.Option;
import wherefore.attribution.ProvidesMethod;

/**
 * DeepSHAP: Shapley values approximated layer by layer.
 *
 * <p>Question: how much does each element move f_t(x) away from its mean over a background set?
 * Formula: the mean over the background's x' of DeepLIFT's m ⊙ (x − x'). Shape: the input's; unit:
 * the target's; the sum is f_t(x) less the mean of f_t over the background, but for rounding.
 * Standard error: over the background, of each element. Cost: 2F + B a baseline. Source: Lundberg,
 * Lee 2017, section 4.2.
 *
 * <p>The background are the baselines of the request: rows of a file, or drawn ones. One alone has
 * no standard error.
 *
 * <p>Facts: as of {@link DeepLift}.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "deep-shap")
public final class DeepShap implements AttributionMethod<DeepShap.Settings> {
  /** The options. */
  public record Settings(
      @Option(
              value =
                  "How activations share out: in proportion, raising and lowering inputs apart, or"
                      + " apart behind dense layers only.",
              byDefault = "rescale")
          Rule rule,
      @Option(
              value =
                  "Who receives what a maximum of several elements differs by: by the cross maximum,"
                      + " so that the sum holds, or the input's winner, as the gradient has it.",
              byDefault = "cross")
          Maximum maxima) {}

  @Override
  public String id() {
    return "deep-shap";
  }

  @Override
  public Class<Settings> options() {
    return Settings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "How much does each element move the target away from its mean over a background set?",
        EnumSet.of(Need.GRAPH, Need.BASELINE),
        "baselines × (2F + B)",
        "Lundberg, Lee 2017, arXiv:1705.07874");
  }

  @Override
  public Attribution attribute(AttributionRequest request, Settings options, Evaluator evaluator) {
    return BackgroundMean.of(evaluator, new Choice(options.rule(), options.maxima()));
  }
}
