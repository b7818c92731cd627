package wherefore.method.perturbation;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Moments;
import wherefore.attribution.Need;
import wherefore.attribution.Option;
import wherefore.attribution.Players;
import wherefore.attribution.ProvidesMethod;
import wherefore.attribution.Rows;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.tensor.Tensor;

/**
 * Feature permutation: a player's values are exchanged between the examples of a batch.
 *
 * <p>Question: how much does the target lose, over a batch, when it no longer knows which example a
 * player's value belongs to? The batch is the input and the baselines: give a data set as baseline.
 * Formula: a_i = mean over examples r and permutations π of f_t(x_r) − f_t(x_r with i's elements
 * from x_π(r)). One target for all examples. Shape: the input's; each element of a player bears its
 * difference whole; unit: the target's. Needs no gradient. Source: Breiman 2001; Fisher, Rudin,
 * Dominici 2019, arXiv:1801.01489 (there a loss, here the target itself).
 *
 * <p>Errors: the standard error of the mean over permutations, if there are several. Facts: {@code
 * players}; {@code examples}; {@code permutations}; {@code mean-output}.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "feature-permutation")
public final class FeaturePermutation implements AttributionMethod<FeaturePermutation.Settings> {
  /** The options. */
  public record Settings(
      @Option(
              value =
                  "What is exchanged together: auto, elements, axis(k), grid(h,w), or"
                      + " groups(a+b,c) of features, by name, number or range.",
              byDefault = "auto")
          String players,
      @Option(
              value = "How many permutations are drawn for each player.",
              byDefault = "10",
              min = 1,
              max = 100_000,
              unit = "permutations")
          int permutations) {}

  @Override
  public String id() {
    return "feature-permutation";
  }

  @Override
  public Class<Settings> options() {
    return Settings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "How much does the target lose over a batch when a player's values are exchanged?",
        EnumSet.of(Need.FORWARD, Need.BASELINE, Need.SEED),
        "players × permutations × (baselines + 1) × F",
        "Breiman 2001; Fisher, Rudin, Dominici 2019, arXiv:1801.01489");
  }

  @Override
  public Attribution attribute(AttributionRequest request, Settings options, Evaluator evaluator) {
    Subject subject = evaluator.subject();
    Players players = Players.parse(options.players(), subject);
    int examples =
        subject.variables().stream().mapToInt(Variable::baselines).max().orElseThrow() + 1;
    int d = players.count();
    int[][] orders = orders(options.permutations() * d, examples, evaluator.random("permutations"));
    double[] whole = run(evaluator, players, new int[][] {identity(examples)}, examples);
    double[] exchanged = run(evaluator, players, orders, examples);
    Moments moments = new Moments(d);
    for (int p = 0; p < options.permutations(); p++) {
      double[] lost = new double[d];
      for (int i = 0; i < d; i++) {
        for (int r = 0; r < examples; r++) {
          lost[i] += (whole[r] - exchanged[(p * d + i) * examples + r]) / examples;
        }
      }
      moments.add(lost);
    }
    Attribution answer =
        Attribution.of(players.spread(moments.means(), false))
            .fact("players", d)
            .fact("examples", examples)
            .fact("permutations", options.permutations())
            .fact("mean-output", Arrays.stream(whole).average().orElseThrow());
    return options.permutations() == 1
        ? answer
        : answer.withErrors(players.spread(moments.errorsOfMeans(), false));
  }

  private static int[] identity(int examples) {
    return IntStream.range(0, examples).toArray();
  }

  private static int[][] orders(int count, int examples, SplittableRandom random) {
    int[][] orders = new int[count][];
    for (int k = 0; k < count; k++) {
      int[] order = identity(examples);
      for (int i = examples - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        int kept = order[i];
        order[i] = order[j];
        order[j] = kept;
      }
      orders[k] = order;
    }
    return orders;
  }

  /** f_t of all examples for each order; the k-th exchanges the player k modulo their number. */
  private static double[] run(Evaluator evaluator, Players players, int[][] orders, int examples) {
    Subject subject = evaluator.subject();
    Rows rows =
        new Rows(
            orders.length * examples,
            (from, to) -> {
              Map<String, Tensor> feeds = new HashMap<>();
              for (Variable v : subject.variables()) {
                feeds.put(v.name(), rows(v, players, orders, examples, from, to));
              }
              return feeds;
            },
            Map.of());
    return Subject.target(evaluator.map(subject.forward(), rows)).toDoubles();
  }

  private static Tensor rows(
      Variable v, Players players, int[][] orders, int examples, int from, int to) {
    Tensor owners = players.of(v.name());
    int size = v.value().size();
    double[] values = new double[(to - from) * size];
    for (int k = from; k < to; k++) {
      int example = k % examples;
      int order = k / examples;
      int other = orders[order][example];
      for (int e = 0; e < size; e++) {
        boolean taken = owners.get(e) == order % players.count();
        values[(k - from) * size + e] = value(v, taken ? other : example, e);
      }
    }
    return Tensor.of(v.value().shape().with(0, to - from), values).to(v.value().type());
  }

  /** Of the input, or of one of the baselines behind it. */
  private static double value(Variable v, int example, int element) {
    return example == 0
        ? v.value().get(element)
        : v.baseline().get((example - 1) % v.baselines() * v.value().size() + element);
  }
}
