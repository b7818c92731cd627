package wherefore.method.bottleneck;

import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Moments;
import wherefore.attribution.Variable;

/**
 * What is known of a layer without looking at the input: each unit's mean μ and deviation σ over
 * the background, unbiased.
 */
record Background(double[] mean, double[] deviation) {
  /**
   * Of the baselines.
   *
   * @param floor the least deviation, as a fraction of the root of the layer's mean variance
   * @throws AttributionException if there is but one baseline, or all are alike there
   */
  static Background of(AttributionRequest request, Variable v, double floor) {
    if (v.baselines() < 2) {
      throw new AttributionException(
          ("%s: each unit's noise has its mean and deviation over a background, and baseline %s is"
                  + " one example; give a data set as baseline, a file of several rows or a folder;"
                  + " or uniform(low,high,n) or gaussian(sigma,n)")
              .formatted(request.method(), request.baseline().text()));
    }
    int size = v.value().size();
    double[] all = v.baseline().toDoubles();
    Moments moments = new Moments(size);
    for (int k = 0; k < v.baselines(); k++) {
      int offset = k * size;
      moments.add(i -> all[offset + i]);
    }
    return new Background(moments.means(), deviations(request, v, moments.variances(), floor));
  }

  private static double[] deviations(
      AttributionRequest request, Variable v, double[] variances, double floor) {
    double sum = 0;
    for (double variance : variances) {
      sum += variance;
    }
    if (!(sum > 0)) {
      throw new AttributionException(
          ("%s: the %d examples of baseline %s are all alike at %s; noise like them takes nothing"
                  + " away; give examples that differ")
              .formatted(request.method(), v.baselines(), request.baseline().text(), v.name()));
    }
    double least = floor * Math.sqrt(sum / variances.length);
    double[] deviations = variances.clone();
    for (int i = 0; i < deviations.length; i++) {
      deviations[i] = Math.max(Math.sqrt(deviations[i]), least);
    }
    return deviations;
  }
}
