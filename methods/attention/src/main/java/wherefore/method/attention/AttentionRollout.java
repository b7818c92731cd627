package wherefore.method.attention;

import java.util.EnumSet;
import java.util.List;
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
 * Attention rollout.
 *
 * <p>Question: from which tokens does what a token holds at the end come, if each layer half keeps
 * a token and half mixes it by its attention? Formula: R = Ã_L ⋯ Ã_1 with Ã = ½ (A + I) and A the
 * mean over the heads; the row of the query. Shape: the variable's, each token's share divided
 * equally by its elements; unit: none, the sum is 1. Cost: F. Source: Abnar, Zuidema 2020.
 *
 * <p>Facts: {@code layers}, {@code tokens}.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "attention-rollout")
public final class AttentionRollout implements AttributionMethod<AttentionRollout.Settings> {
  /** The options. */
  public record Settings(
      @Option(
              value = "Whose origin it is: mean, or a token's number; from the end if negative.",
              byDefault = "mean")
          String query,
      @Option(
              value = "The part of a token that a layer keeps.",
              byDefault = "0.5",
              min = 0,
              max = 1)
          double kept) {}

  @Override
  public String id() {
    return "attention-rollout";
  }

  @Override
  public Class<Settings> options() {
    return Settings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "From which tokens does what a token holds at the end come?",
        EnumSet.of(Need.GRAPH),
        "F",
        "Abnar, Zuidema 2020, arXiv:2005.00928");
  }

  @Override
  public Attribution attribute(AttributionRequest request, Settings options, Evaluator evaluator) {
    List<Heads> layers = Heads.of(evaluator, id(), false);
    int n = Tokens.count(layers, id());
    double[] rolled = rolled(layers, n, options.kept());
    double[] row = Tokens.row(rolled, n, n, options.query(), id());
    return Attribution.of(Tokens.spread(row, evaluator.subject().variables(), id()))
        .fact("layers", layers.size())
        .fact("tokens", n);
  }

  /** R, tokens by tokens. */
  static double[] rolled(List<Heads> layers, int n, double kept) {
    double[] rolled = Tokens.identity(n);
    for (Heads layer : layers) {
      double[] mixed = layer.mean();
      for (int i = 0; i < mixed.length; i++) {
        mixed[i] = (1 - kept) * mixed[i] + (i % (n + 1) == 0 ? kept : 0);
      }
      rolled = Tokens.product(mixed, rolled, n);
    }
    return rolled;
  }
}
