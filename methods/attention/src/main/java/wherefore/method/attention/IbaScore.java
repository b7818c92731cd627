package wherefore.method.attention;

import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.Option;
import wherefore.attribution.ProvidesMethod;
import wherefore.attribution.Variable;

/**
 * Integrated gradients, bias terms and attention in one score. Surveys name it without a formula;
 * this definition is ours.
 *
 * <p>Question: which tokens matter by what they contribute, by the attention they receive and by
 * the biases that act on them, together? Formula: score_i = w_I I_i + w_A A_i + w_B B_i over the
 * tokens i, with weights that sum to 1 and each part divided by its sum over the tokens:
 *
 * <ul>
 *   <li>I_i = |Σ over the token's elements of IG|, by Gauss-Legendre nodes, the mean over
 *       baselines;
 *   <li>A_i = the query's row of the mean over layers of the mean over heads, or of the rollout;
 *   <li>B_i = Σ |∂f_t/∂b ⊙ b| over the bias terms that are added where each token has a row, at the
 *       token's ({@code BiasTerms}: the full gradient's bias part).
 * </ul>
 *
 * <p>A part that is 0 everywhere leaves its weight to the others, in proportion to theirs. Shape:
 * the variable's, each token's score shared equally by its elements; unit: none, the sum is 1. Each
 * part is a map of its own where the other two have no weight. Cost: (steps + 1) · (F + B) + 2 F.
 * Sources: Sundararajan, Taly, Yan 2017; Abnar, Zuidema 2020; Srinivas, Fleuret 2019.
 *
 * <p>The full gradient is exact, f = ∇f · x + Σ ∂f/∂b · b, for a network that is piecewise linear.
 * A transformer is not (softmax, products, normalisations), so for it B is a heuristic, and fact
 * {@code unexplained} says how much of f the decomposition leaves out.
 *
 * <p>Facts: {@code tokens}, {@code layers} (of attention); {@code weight PART}, as it counted; for
 * each token, or those {@code shown} with the highest score, {@code PART TOKEN}, the token's share
 * of the part, with PART {@code integrated-gradients}, {@code attention} and {@code bias}; {@code
 * total integrated-gradients} and {@code total bias}, by which shares were divided; {@code steps}
 * and {@code residual} Σ IG − (f(x) − f(x')); {@code biases}, the bias terms found, {@code
 * biases-by-token}, those that have a row for each token, {@code bias elsewhere} Σ |∂f_t/∂b ⊙ b| of
 * the others (a classifier's); {@code output} f(x), {@code gradient-x-input} ∇f · x, {@code
 * bias-terms} Σ ∂f/∂b · b of all, {@code unexplained} the rest.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "iba-score")
public final class IbaScore implements AttributionMethod<IbaScore.Settings> {
  /** The options. */
  public record Settings(
      @Option(
              value =
                  "The weight of integrated gradients; the three weights count in proportion to"
                      + " each other.",
              byDefault = "1",
              min = 0,
              max = 1e6)
          double gradientWeight,
      @Option(value = "The weight of attention.", byDefault = "1", min = 0, max = 1e6)
          double attentionWeight,
      @Option(value = "The weight of bias terms.", byDefault = "1", min = 0, max = 1e6)
          double biasWeight,
      @Option(
              value =
                  "The attention a token receives: the mean over layers, or the rollout through"
                      + " them.",
              byDefault = "mean")
          Received attention,
      @Option(
              value =
                  "The token that the target is read from: mean, or its number; from the end if"
                      + " negative.",
              byDefault = "mean")
          String query,
      @Option(
              value = "Gauss-Legendre nodes of the integrated gradients.",
              byDefault = "50",
              min = 1,
              max = 1_000_000,
              unit = "gradients")
          int steps,
      @Option(
              value = "Of how many tokens, those with the highest score, the parts are told.",
              byDefault = "64",
              min = 0)
          int shown) {}

  @Override
  public String id() {
    return "iba-score";
  }

  @Override
  public Class<Settings> options() {
    return Settings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "Which tokens matter by their contribution, the attention they receive and biases,"
            + " together?",
        EnumSet.of(Need.GRAPH, Need.BASELINE),
        "(steps + 1) × (F + B) + 2 F",
        "Our combination of Sundararajan, Taly, Yan 2017, arXiv:1703.01365; Abnar, Zuidema 2020,"
            + " arXiv:2005.00928; Srinivas, Fleuret 2019, arXiv:1905.00780");
  }

  @Override
  public Attribution attribute(AttributionRequest request, Settings options, Evaluator evaluator) {
    checkWeights(options);
    List<Heads> layers = Heads.of(evaluator, id(), false);
    int n = Tokens.count(layers, id());
    List<Variable> variables = evaluator.subject().variables();
    double[] attention = Tokens.row(matrix(layers, n, options), n, n, options.query(), id());
    BiasTerms biases = BiasTerms.of(evaluator, n);
    checkBiases(options, biases, n, evaluator);
    PathSums path = PathSums.of(evaluator, options.steps());
    double[] gradients = Tokens.sums(n, variables, path.values(), id());
    List<Part> parts =
        List.of(
            new Part("integrated-gradients", options.gradientWeight(), magnitudes(gradients)),
            new Part("attention", options.attentionWeight(), attention),
            new Part("bias", options.biasWeight(), biases.tokens()));
    double[] scores = scores(parts, n);
    Attribution result =
        Attribution.of(Tokens.spread(scores, variables, id()))
            .fact("tokens", n)
            .fact("layers", layers.size());
    return withBiases(
        withPath(withParts(result, parts, scores, options.shown()), path, biases), biases);
  }

  private static void checkWeights(Settings options) {
    if (options.gradientWeight() + options.attentionWeight() + options.biasWeight() == 0) {
      throw new AttributionException(
          "iba-score: options gradient-weight, attention-weight and bias-weight are all 0; at"
              + " least one must be more");
    }
  }

  private static void checkBiases(
      Settings options, BiasTerms biases, int tokens, Evaluator evaluator) {
    boolean alone = options.gradientWeight() + options.attentionWeight() == 0;
    if (alone && biases.located() == 0) {
      throw new AttributionException(
          ("iba-score: only bias-weight is more than 0, and none of the %d bias terms of model %s"
                  + " has a row for each of the %d tokens; give another part a weight")
              .formatted(biases.count(), evaluator.subject().model().name(), tokens));
    }
  }

  private static double[] matrix(List<Heads> layers, int n, Settings options) {
    return switch (options.attention()) {
      case MEAN -> mean(layers, n);
      case ROLLOUT -> AttentionRollout.rolled(layers, n, 0.5);
    };
  }

  private static double[] mean(List<Heads> layers, int n) {
    double[] mean = new double[n * n];
    for (Heads layer : layers) {
      double[] heads = layer.mean();
      for (int i = 0; i < mean.length; i++) {
        mean[i] += heads[i] / layers.size();
      }
    }
    return mean;
  }

  private static double[] magnitudes(double[] values) {
    return Arrays.stream(values).map(Math::abs).toArray();
  }

  private static double[] scores(List<Part> parts, int n) {
    double all = parts.stream().mapToDouble(Part::counted).sum();
    double[] scores = new double[n];
    for (Part part : parts) {
      double[] shares = part.shares();
      for (int i = 0; all > 0 && i < n; i++) {
        scores[i] += part.counted() / all * shares[i];
      }
    }
    return scores;
  }

  private static Attribution withParts(
      Attribution result, List<Part> parts, double[] scores, int most) {
    double all = parts.stream().mapToDouble(Part::counted).sum();
    Attribution more = result;
    for (Part part : parts) {
      more = more.fact("weight " + part.name(), all > 0 ? part.counted() / all : 0);
    }
    List<Integer> shown =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -scores[i]))
            .limit(most)
            .sorted()
            .toList();
    for (Part part : parts) {
      double[] shares = part.shares();
      for (int token : shown) {
        more = more.fact(part.name() + " " + token, shares[token]);
      }
    }
    return more.fact("total integrated-gradients", parts.get(0).total())
        .fact("total bias", parts.get(2).total());
  }

  private static Attribution withPath(Attribution result, PathSums path, BiasTerms biases) {
    return result
        .fact("steps", path.steps())
        .fact("residual", path.sum() - (biases.output() - path.atBaseline()));
  }

  private static Attribution withBiases(Attribution result, BiasTerms biases) {
    return result
        .fact("biases", biases.count())
        .fact("biases-by-token", biases.located())
        .fact("bias elsewhere", biases.elsewhere())
        .fact("output", biases.output())
        .fact("gradient-x-input", biases.product())
        .fact("bias-terms", biases.sum())
        .fact("unexplained", biases.unexplained());
  }
}
