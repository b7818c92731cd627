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
 * Attention weighted by the target's gradient.
 *
 * <p>Question: which tokens reach the target through attention that raises it? Formula: R = I, then
 * layer by layer R ← R + Ā R with Ā the mean over the heads of (∂f_t/∂A ⊙ A)⁺; the row of the query
 * of R − I. Shape: the variable's, each token's share divided equally by its elements; unit: the
 * target's for one layer. Cost: F + B. Source: Chefer, Gur, Wolf 2021 (the rule for
 * self-attention), who leave the I in; here a token that no attention reaches gets 0.
 *
 * <p>Facts: {@code layers}, {@code tokens}.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "attention-gradient")
public final class AttentionGradient implements AttributionMethod<AttentionGradient.Settings> {
  /** The options. */
  public record Settings(
      @Option(
              value =
                  "The token that the target is read from: mean, or its number; from the end if"
                      + " negative.",
              byDefault = "mean")
          String query) {}

  @Override
  public String id() {
    return "attention-gradient";
  }

  @Override
  public Class<Settings> options() {
    return Settings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "Which tokens reach the target through attention that raises it?",
        EnumSet.of(Need.GRAPH),
        "F + B",
        "Chefer, Gur, Wolf 2021, arXiv:2103.15679");
  }

  @Override
  public Attribution attribute(AttributionRequest request, Settings options, Evaluator evaluator) {
    List<Heads> layers = Heads.of(evaluator, id(), true);
    int n = Tokens.count(layers, id());
    double[] reached = Tokens.identity(n);
    for (Heads layer : layers) {
      double[] more = Tokens.product(layer.weighted(), reached, n);
      for (int i = 0; i < more.length; i++) {
        reached[i] += more[i];
      }
    }
    for (int i = 0; i < reached.length; i += n + 1) {
      reached[i] -= 1;
    }
    double[] row = Tokens.row(reached, n, n, options.query(), id());
    return Attribution.of(Tokens.spread(row, evaluator.subject().variables(), id()))
        .fact("layers", layers.size())
        .fact("tokens", n);
  }
}
