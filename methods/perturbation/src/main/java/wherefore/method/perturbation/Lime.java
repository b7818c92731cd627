package wherefore.method.perturbation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Game;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.Option;
import wherefore.attribution.Players;
import wherefore.attribution.ProvidesMethod;

/**
 * LIME: a linear model of which players are there, fitted to the network near the input.
 *
 * <p>Question: which weighted sum of the players being there comes closest to the target around the
 * input? Formula: the w that minimises Σ_k π(z_k) (v(z_k) − w₀ − w·z_k)² + penalty, where z_k ∈ {0,
 * 1}^d are drawn with probability ½ a player (the first is all of them), v(z) is f_t with absent
 * players taken from the baseline, the mean over several, and π(z) = exp(−D²/width²), D the cosine
 * distance 1 − √(|z|/d) or, where the distance is euclidean, √((d − |z|)/d). Penalty: α Σ w² for
 * ridge, α Σ |w| for lasso, on π that sum to the number of samples; w₀ is free. Shape: the input's;
 * elements of one player share its weight equally; unit: the target's. Needs no gradient. Source:
 * Ribeiro, Singh, Guestrin 2016, arXiv:1602.04938. Tables are described like images and text, by
 * presence, where Ribeiro's draws from columns' statistics: several baselines stand for them.
 *
 * <p>Errors: of the fit, robust against unequal variances (White 1980), for lasso given its choice.
 * Facts: {@code players}; {@code samples}; {@code r-squared}, weighted; {@code intercept}; {@code
 * chosen}, the weights that are not 0.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "lime")
public final class Lime implements AttributionMethod<Lime.Settings> {
  /** How samples are compared with the input. */
  public enum Distance {
    /** 1 − cos of the angle between the presences. */
    COSINE,
    /** The root of the share of players that are absent. */
    EUCLIDEAN
  }

  /** How large weights are held back. */
  public enum Regression {
    /** By their squares. */
    RIDGE,
    /** By their absolute values: many become 0. */
    LASSO
  }

  /** The options. */
  public record Settings(
      @Option(
              value =
                  "What is there or absent: auto, elements, axis(k), grid(h,w), or groups(a+b,c) of"
                      + " features, by name, number or range.",
              byDefault = "auto")
          String players,
      @Option(
              value = "How many samples are drawn.",
              byDefault = "1000",
              min = 2,
              max = 10_000_000,
              unit = "samples")
          int samples,
      @Option(value = "How samples are compared with the input.", byDefault = "cosine")
          Distance distance,
      @Option(
              value = "How far away samples still count, in units of the distance.",
              byDefault = "0.25",
              min = 1e-3)
          double width,
      @Option(value = "How large weights are held back.", byDefault = "ridge")
          Regression regression,
      @Option(value = "How much they are held back.", byDefault = "1", min = 0) double alpha) {}

  @Override
  public String id() {
    return "lime";
  }

  @Override
  public Class<Settings> options() {
    return Settings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "Which weighted sum of the players being there comes closest to the target?",
        EnumSet.of(Need.FORWARD, Need.BASELINE, Need.SEED),
        "samples × baselines × F",
        "Ribeiro, Singh, Guestrin 2016, arXiv:1602.04938");
  }

  @Override
  public Attribution attribute(AttributionRequest request, Settings options, Evaluator evaluator) {
    Players players = Players.parse(options.players(), evaluator.subject());
    Game game = new Game(evaluator, players);
    int d = players.count();
    List<BitSet> drawn = drawn(options.samples(), d, evaluator.random("presences"));
    double[] values = game.values(drawn);
    double[] weights = drawn.stream().mapToDouble(z -> weight(z, d, options)).toArray();
    Fit fit = fit(drawn, values, weights, d, options);
    return Attribution.of(players.spread(fit.weights(), true))
        .withErrors(players.spread(fit.errors(), true))
        .fact("players", d)
        .fact("samples", options.samples())
        .fact("baselines", game.baselines())
        .fact("output", values[0])
        .fact("r-squared", fit.rSquared())
        .fact("intercept", fit.intercept())
        .fact("chosen", Arrays.stream(fit.weights()).filter(w -> w != 0).count());
  }

  private static Fit fit(
      List<BitSet> drawn, double[] values, double[] weights, int d, Settings options) {
    LocalRegression regression = new LocalRegression(drawn, values, weights, d);
    return switch (options.regression()) {
      case RIDGE -> {
        if (options.alpha() == 0 && options.samples() <= d) {
          throw new AttributionException(
              "lime: without a penalty %d players need more than %d samples; alpha is 0"
                  .formatted(d, options.samples()));
        }
        yield regression.ridge(options.alpha());
      }
      case LASSO -> regression.lasso(options.alpha());
    };
  }

  private static List<BitSet> drawn(int samples, int d, SplittableRandom random) {
    List<BitSet> drawn = new ArrayList<>();
    BitSet all = new BitSet(d);
    all.set(0, d);
    drawn.add(all);
    while (drawn.size() < samples) {
      BitSet present = new BitSet(d);
      for (int i = 0; i < d; i++) {
        present.set(i, random.nextBoolean());
      }
      drawn.add(present);
    }
    return drawn;
  }

  private static double weight(BitSet present, int d, Settings options) {
    double share = (double) present.cardinality() / d;
    double distance =
        switch (options.distance()) {
          case COSINE -> 1 - Math.sqrt(share);
          case EUCLIDEAN -> Math.sqrt(1 - share);
        };
    return Math.exp(-distance * distance / (options.width() * options.width()));
  }
}
