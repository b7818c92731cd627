package wherefore.method.shapley;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
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
 * Shapley values.
 *
 * <p>Question: what does each player add to the target, averaged over all orders in which players
 * could take the place of the baseline? Game: v(S) = f_t(x with the players outside S taken from
 * the baseline), the mean over several baselines (a background set). Formula: φ_i = Σ over S
 * without i of |S|! (d − |S| − 1)! / d! · (v(S ∪ i) − v(S)). The sum is f_t(x) − f_t(x'). Shape:
 * the input's; elements of one player share its value equally; unit: the target's. Needs no
 * gradient. Source: Shapley 1953; Lundberg, Lee 2017; each algorithm names its own.
 *
 * <p>Facts: {@code players}; {@code coalitions}, the distinct ones evaluated (times {@code
 * baselines} forward rows); {@code output}, {@code output-at-baseline}; {@code residual} Σ φ −
 * (f_t(x) − f_t(x')).
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "shap")
public final class Shap implements AttributionMethod<Shap.Settings> {
  /** The options. */
  public record Settings(
      @Option(
              value =
                  "How the values are computed; auto is exact where the samples allow, else by"
                      + " permutations.",
              byDefault = "auto")
          Algorithm algorithm,
      @Option(
              value =
                  "Who plays: auto, elements, axis(k), grid(h,w), or groups(a+b,c) of features, by"
                      + " name, number or range.",
              byDefault = "auto")
          String players,
      @Option(
              value = "The coalitions that may be evaluated.",
              byDefault = "4096",
              min = 4,
              max = 100_000_000,
              unit = "coalitions")
          int samples) {}

  @Override
  public String id() {
    return "shap";
  }

  @Override
  public Class<Settings> options() {
    return Settings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "What does each player add to the target, averaged over all orders?",
        EnumSet.of(Need.FORWARD, Need.BASELINE, Need.SEED),
        "samples × baselines × F; exact: 2^players × baselines × F; linear: F + B",
        "Shapley 1953; Lundberg, Lee 2017, arXiv:1705.07874");
  }

  @Override
  public Attribution attribute(AttributionRequest request, Settings options, Evaluator evaluator) {
    Players players = Players.parse(options.players(), evaluator.subject());
    Game game = new Game(evaluator, players);
    Worths worths = new Worths(game);
    worths.ask(List.of(worths.none(), worths.all()));
    Solution solution = solve(options, evaluator, game, worths);
    double output = worths.of(worths.all());
    double atBaseline = worths.of(worths.none());
    Attribution answer =
        Attribution.of(players.spread(solution.values(), true))
            .fact("players", players.count())
            .fact("coalitions", solution.coalitions())
            .fact("baselines", game.baselines())
            .fact("output", output)
            .fact("output-at-baseline", atBaseline)
            .fact("residual", Arrays.stream(solution.values()).sum() - (output - atBaseline));
    return solution.errors().length == 0
        ? answer
        : answer.withErrors(players.spread(solution.errors(), true));
  }

  private static Solution solve(Settings options, Evaluator evaluator, Game game, Worths worths) {
    int d = worths.players();
    int samples = options.samples();
    return switch (options.algorithm()) {
      case AUTO ->
          d <= ExactShapley.MOST_PLAYERS && 1 << d <= samples
              ? new ExactShapley(game).solve()
              : new Permutations(worths, evaluator.random("orders")).solve(samples);
      case EXACT -> new ExactShapley(game).solve();
      case LINEAR -> new LinearShapley(evaluator, game).solve();
      case KERNEL -> {
        if (samples < 2 + 2 * d) {
          throw new AttributionException(
              "shap: algorithm kernel takes at least %d samples for %d players; samples is %d"
                  .formatted(2 + 2 * d, d, samples));
        }
        yield new KernelShap(worths, evaluator.random("coalitions")).solve(samples);
      }
      case PERMUTATION -> new Permutations(worths, evaluator.random("orders")).solve(samples);
      case SAMPLING -> new MarginalSampling(worths, evaluator.random("orders")).solve(samples);
      case PARTITION -> new Owen(worths, new Hierarchy(game.players())).solve(samples);
    };
  }
}
