package wherefore.method.shapley;

import java.util.Map;
import wherefore.attribution.AttributionException;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Game;
import wherefore.attribution.Players;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.tensor.Tensor;

/** φ_i = Σ over i's elements of w (x − μ), where f_t = w·x + b and μ is the baselines' mean. */
final class LinearShapley {
  private final Evaluator evaluator;
  private final Game game;

  LinearShapley(Evaluator evaluator, Game game) {
    this.evaluator = evaluator;
    this.game = game;
  }

  Solution solve() {
    Subject subject = evaluator.subject();
    check(subject);
    Map<String, Tensor> gradients = evaluator.map(subject.gradient(), subject.atInput());
    double[] values = new double[game.players().count()];
    for (Variable v : subject.variables()) {
      Tensor owners = game.players().of(v.name());
      Tensor w = v.in(gradients);
      for (int e = 0; e < owners.size(); e++) {
        int owner = (int) owners.get(e);
        if (owner != Players.NOBODY) {
          values[owner] += w.get(e) * (v.value().get(e) - mean(v, e));
        }
      }
    }
    return Solution.exact(values, 0);
  }

  private static double mean(Variable v, int element) {
    double sum = 0;
    for (int k = 0; k < v.baselines(); k++) {
      sum += v.baseline().get(k * v.value().size() + element);
    }
    return sum / v.baselines();
  }

  /**
   * @throws AttributionException naming the first node that is not affine
   */
  private static void check(Subject subject) {
    subject
        .obstacle()
        .ifPresent(
            node -> {
              throw new AttributionException(
                  "shap: algorithm linear is for models that are affine in what is explained; this is not: %s%s. Algorithms exact, permutation, kernel, sampling and partition take any model"
                      .formatted(
                          node.op().getClass().getSimpleName(),
                          node.origin().isEmpty() ? "" : " in layer " + node.origin()));
            });
  }
}
