package wherefore.method.paths;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import wherefore.attribution.Blur;
import wherefore.attribution.Program;
import wherefore.attribution.Rows;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.propagate.Vjp;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * The polyline through the variables' values z_k, blurred by a Gaussian of deviation σ(1 − k/n) for
 * k = 0 … n: from the most blurred to the input itself.
 *
 * @param sigma σ, in elements
 * @param steps n, its straight legs
 */
record Scales(Subject subject, double sigma, int steps) {
  /** As 50 elements are of the images of 299 that the paper uses. */
  private static final double USUAL = 1 / 6.0;

  private static final String STEP = "wherefore.step:";

  /**
   * From the most blurred on.
   *
   * @param sigma as {@link #sigma}; 0 for {@value #USUAL} of the longest side of all variables
   */
  static Scales of(Subject subject, double sigma, int steps) {
    Scales legs = new Scales(subject, sigma, steps);
    int longest =
        subject.variables().stream()
            .flatMapToInt(v -> legs.axes(v).stream().mapToInt(a -> v.value().shape().dim(a)))
            .max()
            .orElse(1);
    return sigma > 0 ? legs : new Scales(subject, USUAL * longest, steps);
  }

  /** z_k, float64. */
  Tensor at(Variable v, int k) {
    double[] sharp = v.value().toDoubles();
    Shape shape = v.value().shape();
    double s = sigma * (steps - k) / steps;
    return Tensor.of(shape, k == steps ? sharp : Blur.over(sharp, shape, axes(v), s));
  }

  /** Columns and rows. */
  private List<Integer> axes(Variable v) {
    return subject.model().plane(v.name(), v.value().shape()).reversed();
  }

  /** For each variable (z_{k+1} − z_k) ⊙ ∂f_t/∂x in the middle of each leg. */
  Program program() {
    return new Program(this::graph);
  }

  private Graph graph(int rows) {
    GraphBuilder b = new GraphBuilder();
    Subject.Trace trace = subject.trace(b, rows, subject.inputs(b, rows));
    trace
        .propagated(Vjp.book())
        .forEach(
            (name, g) -> b.output(name, b.mul(g, b.input(STEP + name, g.element(), g.shape()))));
    return b.build();
  }

  /** What the program is fed with: a row a leg. */
  Rows legs() {
    return new Rows(steps, this::legs, Map.of());
  }

  private Map<String, Tensor> legs(int from, int to) {
    Map<String, Tensor> feeds = new HashMap<>();
    for (Variable v : subject.variables()) {
      List<Tensor> z = IntStream.rangeClosed(from, to).mapToObj(k -> at(v, k)).toList();
      List<Tensor> middles = new ArrayList<>();
      List<Tensor> differences = new ArrayList<>();
      for (int k = 0; k < to - from; k++) {
        middles.add(z.get(k).zip(z.get(k + 1), (a, b) -> (a + b) / 2));
        differences.add(z.get(k + 1).zip(z.get(k), (b, a) -> b - a));
      }
      ElementType type = v.value().type();
      feeds.put(v.name(), Tensor.concatRows(middles).to(type));
      feeds.put(STEP + v.name(), Tensor.concatRows(differences).to(type));
    }
    return feeds;
  }
}
