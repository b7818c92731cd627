package wherefore.method.perturbation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
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
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Contextual importance and utility: how far a feature can move the target, and where it has it
 * now.
 *
 * <p>Question: what share of the target's range does a feature span while all others stay, and how
 * favourable is its present value? Formula: importance CI_i = (cmax_i − cmin_i) / (absmax −
 * absmin), utility CU_i = (f_t(x) − cmin_i) / (cmax_i − cmin_i), ½ where cmax_i = cmin_i; influence
 * CI_i (CU_i − ½), which is signed. cmin_i and cmax_i are the extremes over values of feature i:
 * its present one, each baseline's (a background set spans the range), and {@code samples} between
 * on the straight way if there is one baseline. absmin and absmax are given, or 0 and 1 for a
 * probability, else the extremes of everything that was evaluated, baselines included. Shape: the
 * input's, each element bears its player's; unit: none. Needs no gradient. Source: Främling 1996;
 * Främling 2020, arXiv:2009.13996.
 *
 * <p>Facts: {@code players}; {@code baselines}; {@code output}; {@code absmin}, {@code absmax}; for
 * up to 64 players {@code cmin NAME} and {@code cmax NAME}.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "ciu")
public final class Ciu implements AttributionMethod<Ciu.Settings> {
  private static final int FEW = 64;

  /** What is answered. */
  public enum Answer {
    /** How far a feature can move the target. */
    IMPORTANCE,
    /** How favourable its present value is. */
    UTILITY,
    /** Both: importance times utility less one half. */
    INFLUENCE
  }

  /** The options. */
  public record Settings(
      @Option(value = "What is answered.", byDefault = "influence") Answer answer,
      @Option(
              value =
                  "What varies together: auto, elements, axis(k), grid(h,w), or groups(a+b,c) of"
                      + " features, by name, number or range.",
              byDefault = "auto")
          String players,
      @Option(
              value = "How many values between the input's and the only baseline's are tried.",
              byDefault = "10",
              min = 0,
              max = 100_000,
              unit = "values")
          int samples,
      @Option(value = "The least value that the target can have; auto looks.", byDefault = "auto")
          String absmin,
      @Option(value = "The greatest value that it can have; auto looks.", byDefault = "auto")
          String absmax) {}

  @Override
  public String id() {
    return "ciu";
  }

  @Override
  public Class<Settings> options() {
    return Settings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "What share of the target's range does a feature span, and where is it now?",
        EnumSet.of(Need.FORWARD, Need.BASELINE),
        "players × (baselines or samples + 1) × F",
        "Främling 2020, arXiv:2009.13996");
  }

  /** The extremes of what was evaluated. */
  private static final class Range {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;

    void add(double value) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }

  @Override
  public Attribution attribute(AttributionRequest request, Settings options, Evaluator evaluator) {
    Players players = Players.parse(options.players(), evaluator.subject());
    Game game = new Game(evaluator, players);
    List<Range> ranges = new ArrayList<>();
    Range all = new Range();
    double output = explore(game, options, ranges, all);
    boolean probability = evaluator.subject().target().probability();
    double least = bound("absmin", options.absmin(), probability ? 0 : all.low);
    double most = bound("absmax", options.absmax(), probability ? 1 : all.high);
    if (!(least <= most)) {
      throw new AttributionException(
          "ciu: absmin %s is greater than absmax %s".formatted(least, most));
    }
    double[] values =
        ranges.stream().mapToDouble(r -> answer(options, r, output, most - least)).toArray();
    Attribution answer =
        Attribution.of(players.spread(values, false))
            .fact("players", players.count())
            .fact("baselines", game.baselines())
            .fact("output", output)
            .fact("absmin", least)
            .fact("absmax", most);
    for (int i = 0; i < players.count() && players.count() <= FEW; i++) {
      answer =
          answer
              .fact("cmin " + players.names().get(i), ranges.get(i).low)
              .fact("cmax " + players.names().get(i), ranges.get(i).high);
    }
    return answer;
  }

  /** f_t(x). */
  private static double explore(Game game, Settings options, List<Range> ranges, Range all) {
    int d = game.players().count();
    BitSet present = new BitSet(d);
    present.set(0, d);
    List<BitSet> asked = new ArrayList<>(List.of(present, new BitSet(d)));
    for (int i = 0; i < d; i++) {
      BitSet without = (BitSet) present.clone();
      without.clear(i);
      asked.add(without);
      ranges.add(new Range());
    }
    double output = 0;
    for (int k = 0; k < game.baselines(); k++) {
      double[] f = game.values(asked, k);
      Arrays.stream(f).forEach(all::add);
      for (int i = 0; i < d; i++) {
        ranges.get(i).add(f[0]);
        ranges.get(i).add(f[i + 2]);
      }
      output = f[0];
    }
    if (game.baselines() == 1 && options.samples() > 0) {
      between(game, options.samples(), ranges, all);
    }
    return output;
  }

  private static void between(Game game, int samples, List<Range> ranges, Range all) {
    int d = game.players().count();
    double[] f =
        game.blended(Math.multiplyExact(d, samples), (from, to) -> masks(d, samples, from, to));
    for (int k = 0; k < f.length; k++) {
      ranges.get(k / samples).add(f[k]);
      all.add(f[k]);
    }
  }

  private static Tensor masks(int d, int samples, int from, int to) {
    float[] masks = new float[(to - from) * d];
    Arrays.fill(masks, 1);
    for (int k = from; k < to; k++) {
      masks[(k - from) * d + k / samples] = (k % samples + 1f) / (samples + 1);
    }
    return Tensor.of(Shape.of(to - from, d), masks);
  }

  private static double answer(Settings options, Range range, double output, double span) {
    double width = range.high - range.low;
    double importance = span == 0 ? 0 : width / span;
    double utility = width == 0 ? 0.5 : (output - range.low) / width;
    return switch (options.answer()) {
      case IMPORTANCE -> importance;
      case UTILITY -> utility;
      case INFLUENCE -> importance * (utility - 0.5);
    };
  }

  private static double bound(String option, String text, double found) {
    try {
      return text.strip().equalsIgnoreCase("auto") ? found : Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new AttributionException(
          "ciu: %s '%s' must be auto or a number".formatted(option, text), e);
    }
  }
}
