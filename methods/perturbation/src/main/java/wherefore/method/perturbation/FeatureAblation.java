package wherefore.method.perturbation;

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
import wherefore.attribution.Players;
import wherefore.attribution.ProvidesMethod;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.tensor.Tensor;

/**
 * Feature ablation: one player at a time is taken from the baseline.
 *
 * <p>Question: how much does the target lose without a player? Formula: a_i = f_t(x) − f_t(x with
 * i's elements from x'), the mean over several baselines. Shape: the input's; each element of a
 * player bears its difference whole; unit: the target's. Needs no gradient. With a graph, only what
 * a player can reach is computed anew, with the same numbers as a full pass.
 *
 * <p>Facts: {@code players}; {@code baselines}; {@code output}; {@code work}, in full forward
 * passes, that it took.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "feature-ablation")
public final class FeatureAblation implements AttributionMethod<FeatureAblation.Settings> {
  private static final int FEW = 1024;

  /** The options. */
  public record Settings(
      @Option(
              value =
                  "What is taken away together: elements, axis(k), grid(h,w), or groups(a+b,c) of"
                      + " features, by name, number or range; auto is elements up to 1024, beyond"
                      + " that tokens of a sequence, a grid of about 14 by 14 for images.",
              byDefault = "auto")
          String players) {}

  @Override
  public String id() {
    return "feature-ablation";
  }

  @Override
  public Class<Settings> options() {
    return Settings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "How much does the target lose without a player?",
        EnumSet.of(Need.FORWARD, Need.BASELINE),
        "players × baselines × F, of which a graph of local layers saves most",
        "Covert, Lundberg, Lee 2021, arXiv:2011.14878 (removal of one feature)");
  }

  @Override
  public Attribution attribute(AttributionRequest request, Settings options, Evaluator evaluator) {
    Subject subject = evaluator.subject();
    Players players = players(options.players(), subject);
    double[] values = new double[players.count()];
    double work = 0;
    double output = Double.NaN;
    for (Variable v : subject.variables()) {
      Tensor owners = players.of(v.name());
      int[] own = Region.players(owners);
      List<Region> regions = Region.of(owners, own);
      Removal removal = new Removal(evaluator, v);
      double[] differences = removal.differences(regions);
      for (int i = 0; i < own.length; i++) {
        values[own[i]] = differences[i];
      }
      work += removal.work();
      output = own.length == 0 ? output : removal.output();
    }
    return Attribution.of(players.spread(values, false))
        .fact("players", players.count())
        .fact("baselines", subject.variables().get(0).baselines())
        .fact("output", output)
        .fact("work", work);
  }

  private static Players players(String text, Subject subject) {
    int elements = subject.variables().stream().mapToInt(v -> v.value().size()).sum();
    boolean each = text.strip().equalsIgnoreCase("auto") && elements <= FEW;
    return Players.parse(each ? "elements" : text, subject);
  }
}
