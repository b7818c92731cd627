package wherefore.runtime.attributor;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import wherefore.attribution.AttributionException;
import wherefore.attribution.Baseline;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.tensor.Tensor;

/** Finds the {@link Baseline.Projection} of an input. */
final class Projections {
  private Projections() {}

  /**
   * x − f_t(x) w / |w|², over all variables together.
   *
   * @throws AttributionException if f_t is not affine, or constant
   */
  static SequencedMap<String, Tensor> of(Subject subject, Batching batches) {
    subject
        .obstacle()
        .ifPresent(
            node -> {
              throw new AttributionException(
                  "baseline projection is for a target that is affine in the input; %s is not: %s."
                          .formatted(subject.target(), node.describe())
                      + " boundary(FILE) finds the boundary of any");
            });
    Map<String, Tensor> at = new HashMap<>();
    batches.run(
        subject.gradient(),
        subject.atInput(),
        subject.shared(),
        (from, to, outputs) -> at.putAll(outputs));
    double squares = 0;
    for (Variable v : subject.variables()) {
      for (double w : v.in(at).toDoubles()) {
        squares += w * w;
      }
    }
    double output = Subject.target(at).get(0);
    if (squares == 0) {
      throw new AttributionException(
          "baseline projection: target %s is %s whatever the input: it has no boundary"
              .formatted(subject.target(), output));
    }
    double step = output / squares;
    SequencedMap<String, Tensor> projected = new LinkedHashMap<>();
    for (Variable v : subject.variables()) {
      Tensor w = v.in(at);
      Tensor place = v.value().zip(w, (x, slope) -> x - step * slope);
      projected.put(v.name(), place.to(v.value().type()));
    }
    return projected;
  }
}
