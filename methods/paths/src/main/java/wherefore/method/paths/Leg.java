package wherefore.method.paths;

import java.util.ArrayList;
import java.util.List;
import wherefore.attribution.Variable;
import wherefore.tensor.Tensor;

/**
 * A straight part of a path.
 *
 * @param from where it begins, for each of what moves, in order
 * @param to where it ends
 * @param share how much of the path it is
 */
record Leg(List<Tensor> from, List<Tensor> to, double share) {
  /** From a baseline to the input: the whole path. */
  static Leg toInput(List<Variable> moving, int baseline) {
    return new Leg(
        moving.stream().map(v -> v.baseline(baseline)).toList(),
        moving.stream().map(Variable::value).toList(),
        1);
  }

  /** From each baseline to the next, and from the last one to the input. */
  static List<Leg> through(List<Variable> moving, int baselines) {
    List<Leg> legs = new ArrayList<>();
    for (int k = 0; k < baselines; k++) {
      List<Tensor> from = toInput(moving, k).from();
      Leg last = toInput(moving, Math.min(k + 1, baselines - 1));
      legs.add(new Leg(from, k + 1 < baselines ? last.from() : last.to(), 1.0 / baselines));
    }
    return legs;
  }

  /** What is added on the way, float64. */
  List<Tensor> deltas() {
    List<Tensor> deltas = new ArrayList<>();
    for (int i = 0; i < to.size(); i++) {
      deltas.add(to.get(i).zip(from.get(i), (x, start) -> x - start));
    }
    return deltas;
  }
}
