package wherefore.method.paths;

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
import wherefore.attribution.Variable;

/**
 * Guided integrated gradients.
 *
 * <p>Question: how much of f_t(x) − f_t(x') is each element's doing, on a path from the baseline x'
 * to the input x that avoids what the target is sensitive to on the way? Formula: ∫₀¹ ∂f_t/∂x_i
 * (γ(α)) · dγ_i/dα dα. The path γ is found on the way: each move takes the path nearer to its end
 * by the same sum of distances, and the elements with the lowest |∂f_t/∂x_i| at its start make it,
 * {@code fraction} of all elements at a time. Shape: the input's; unit: the target's; the sum is
 * f_t(x) − f_t(x'). Several baselines: the mean, with its standard error. Cost: (steps + segments)
 * · (F + B). Source: Kapishnikov et al. 2021.
 *
 * <p>The path is anchored: it leads through 1/{@code distance} − 1 points evenly spaced on the
 * straight line, and between neighbouring ones it is guided, so that no element is ahead of the
 * straight line, or behind it, by more than {@code distance} of its way. All segments of all
 * baselines move at once, in one batch.
 *
 * <p>Where we differ from the paper: it multiplies a move with the gradient at its start; here it
 * is the mean of those at start and end (the trapezoid rule), which the next move asks for anyhow,
 * so that the residual falls with the square of the steps.
 *
 * <p>With {@code --to} a layer, the path runs in that layer's space.
 *
 * <p>Facts: {@code steps} gradients used, over all baselines; {@code baselines}; {@code segments}
 * of a path; {@code residual} Σ − (f_t(x) − f_t(x')), of the mean over baselines; {@code output},
 * {@code output-at-baseline}.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "guided-integrated-gradients")
public final class GuidedIntegratedGradients
    implements AttributionMethod<GuidedIntegratedGradients.Settings> {
  /** The options. */
  public record Settings(
      @Option(
              value = "How many of the elements move together.",
              byDefault = "0.1",
              min = 0,
              max = 1,
              unit = "of all")
          double fraction,
      @Option(
              value =
                  "How far an element may be ahead of the straight line or behind it; 1 asks for one"
                      + " guided path without anchors.",
              byDefault = "0.05",
              min = 0.001,
              max = 1,
              unit = "of its way")
          double distance,
      @Option(
              value = "Moves of a path; at least one a segment.",
              byDefault = "200",
              min = 1,
              max = 1_000_000,
              unit = "gradients")
          int steps) {
    private int segments() {
      return (int) Math.ceil(1 / distance - 1e-9);
    }

    private int moves() {
      return Math.ceilDiv(steps, segments());
    }
  }

  @Override
  public String id() {
    return "guided-integrated-gradients";
  }

  @Override
  public Class<Settings> options() {
    return Settings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "How much of the target's change is each element's doing, on a path of low sensitivity?",
        EnumSet.of(Need.GRAPH, Need.BASELINE),
        "(steps + 1/distance) × (F + B)",
        "Kapishnikov et al. 2021, arXiv:2106.09788");
  }

  @Override
  public Attribution attribute(AttributionRequest request, Settings options, Evaluator evaluator) {
    List<Variable> variables = evaluator.subject().variables();
    int baselines = Route.baselines(variables);
    Walks walks = new Walks(new Elements(variables), baselines, options.segments(), evaluator);
    int moves = options.moves();
    for (int k = 1; k <= moves; k++) {
      walks.move((double) (moves - k) / moves, options.fraction());
    }
    walks.end();
    BaselineMean mean = new BaselineMean(evaluator.subject());
    walks.integrals().forEach(mean::add);
    return mean.statistic(Ends.of(evaluator, variables, baselines), Over.MEAN, true)
        .fact("steps", walks.gradients())
        .fact("baselines", baselines)
        .fact("segments", options.segments());
  }
}
