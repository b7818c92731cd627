package wherefore.method.gradient;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Rows;
import wherefore.attribution.Variable;
import wherefore.tensor.Tensor;

/** Rows of the variables at the request's input, each with normal noise of its own. */
final class Noise {
  private Noise() {}

  static Rows rows(Evaluator evaluator, NoiseSettings options) {
    Map<String, Double> sigmas = new HashMap<>();
    for (Variable v : evaluator.subject().variables()) {
      double scale = options.absolute() ? 1 : range(v.value());
      sigmas.put(v.name(), options.noise() * scale);
    }
    return new Rows(
        options.samples(),
        (from, to) -> {
          Map<String, Tensor> feeds = new HashMap<>();
          for (Variable v : evaluator.subject().variables()) {
            double sigma = sigmas.getOrDefault(v.name(), 0.0);
            List<Tensor> rows = new ArrayList<>();
            for (int k = from; k < to; k++) {
              rows.add(noisy(v, sigma, evaluator.random("noise/" + v.name() + "/" + k)));
            }
            feeds.put(v.name(), Tensor.concatRows(rows));
          }
          return feeds;
        },
        Map.of());
  }

  /** max(x) − min(x). */
  private static double range(Tensor x) {
    double least = Double.POSITIVE_INFINITY;
    double greatest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < x.size(); i++) {
      least = Math.min(least, x.get(i));
      greatest = Math.max(greatest, x.get(i));
    }
    return x.size() == 0 ? 0 : greatest - least;
  }

  private static Tensor noisy(Variable v, double sigma, SplittableRandom random) {
    double[] x = v.value().toDoubles();
    for (int i = 0; i < x.length; i++) {
      x[i] += sigma * random.nextGaussian();
    }
    return Tensor.of(v.value().shape(), x).to(v.value().type());
  }
}
