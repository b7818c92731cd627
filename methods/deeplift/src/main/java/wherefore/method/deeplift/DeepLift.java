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
 * DeepLIFT.
 *
 * <p>Question: how much of f_t(x) − f_t(x') is each element's doing, if every layer shares out its
 * own difference from the reference x' among its inputs? Formula: m ⊙ (x − x'), the multipliers m
 * handed back from layer to layer by {@link Rules}. Shape: the input's; unit: the target's; the sum
 * is f_t(x) − f_t(x'), but for rounding. Activations in saturation and steps are no obstacle, since
 * differences are used. Several baselines: the mean, with its standard error. Cost: 2F + B a
 * baseline, less where many share the input's forward pass; with RevealCancel the layers before it
 * are passed twice, forward and back. Source: Shrikumar, Greenside, Kundaje 2017.
 *
 * <p>Beyond the paper: products, softmax, normalizations and comparisons have rules for which the
 * sum holds too. Where Δx is close to 0 the derivative half-way stands for Δy/Δx ({@link
 * Quotients}).
 *
 * <p>Facts: {@code output}; {@code output-at-baseline}, the mean over baselines; {@code residual} Σ
 * − (f_t(x) − f_t(x')); {@code baselines}.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "deeplift")
public final class DeepLift implements AttributionMethod<DeepLift.Settings> {
  /** The options. */
  public record Settings(
      @Option(
              value =
                  "How activations share out: in proportion, raising and lowering inputs apart, or"
                      + " as the authors recommend: apart behind dense layers.",
              byDefault = "recommended")
          Rule rule,
      @Option(
              value =
                  "Who receives what a maximum of several elements differs by: by the cross maximum,"
                      + " so that the sum holds, or the input's winner, as the gradient has it.",
              byDefault = "cross")
          Maximum maxima) {}

  @Override
  public String id() {
    return "deeplift";
  }

  @Override
  public Class<Settings> options() {
    return Settings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "How much of the target's difference from the baseline is each element's doing, if every"
            + " layer shares out its own difference?",
        EnumSet.of(Need.GRAPH, Need.BASELINE),
        "baselines × (2F + B)",
        "Shrikumar, Greenside, Kundaje 2017, arXiv:1704.02685");
  }

  @Override
  public Attribution attribute(AttributionRequest request, Settings options, Evaluator evaluator) {
    return BackgroundMean.of(evaluator, new Choice(options.rule(), options.maxima()));
  }
}
