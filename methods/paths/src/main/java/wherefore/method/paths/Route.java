package wherefore.method.paths;

import java.util.List;
import java.util.stream.IntStream;
import wherefore.attribution.Variable;

/** Which way leads from baselines to the input. */
enum Route {
  /** From each baseline a straight line to the input. */
  STRAIGHT,
  /** One path: from the first baseline straight to the next, and from the last to the input. */
  POLYLINE;

  /** The legs of each path. */
  List<List<Leg>> paths(List<Variable> moving) {
    int baselines = baselines(moving);
    return switch (this) {
      case STRAIGHT ->
          IntStream.range(0, baselines).mapToObj(k -> List.of(Leg.toInput(moving, k))).toList();
      case POLYLINE -> List.of(Leg.through(moving, baselines));
    };
  }

  /** How many there are. */
  static int baselines(List<Variable> moving) {
    return moving.stream().mapToInt(Variable::baselines).max().orElse(1);
  }
}
