package wherefore.method.paths;

import java.util.List;
import java.util.function.Function;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Variable;

/**
 * The answer of a method that integrates along the paths from its baselines.
 *
 * @param method its id, for errors
 * @param moving what moves from baseline to input: variables, or sources
 * @param complete true if the integral's sum is f_t(x) − f_t(x')
 * @param along what is integrated along a leg
 */
record Integration(
    String method, List<Variable> moving, boolean complete, Function<Leg, Path> along) {

  Attribution run(IntegratedGradients.Settings options, Evaluator evaluator) {
    List<List<Leg>> paths = options.path().paths(moving);
    check(options);
    BaselineMean mean = new BaselineMean(evaluator.subject());
    for (List<Leg> legs : paths) {
      mean.add(whole(legs, options, evaluator));
    }
    Attribution result =
        mean.attribution(Ends.of(evaluator, moving, paths.size()), options, complete);
    return options.path() == Route.POLYLINE ? result.fact("legs", paths.get(0).size()) : result;
  }

  private void check(IntegratedGradients.Settings options) {
    if (options.path() == Route.POLYLINE && options.over() == Over.VARIANCE) {
      throw new AttributionException(
          method
              + ": option over is variance and path is polyline; the baselines are the vertices of"
              + " one path then, and variance takes several paths: path straight, or over mean");
    }
  }

  private PathIntegral whole(
      List<Leg> legs, IntegratedGradients.Settings options, Evaluator evaluator) {
    return legs.stream()
        .map(along)
        .map(path -> Integral.of(method, path, options, complete, evaluator).times(path.deltas()))
        .reduce(PathIntegral::plus)
        .orElseThrow();
  }
}
