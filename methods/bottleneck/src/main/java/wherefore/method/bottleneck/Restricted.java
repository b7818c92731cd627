package wherefore.method.bottleneck;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.SpatialLayers;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Node;
import wherefore.graph.Value;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * A variable behind a bottleneck: Z = λ R + (1 − λ) ε, with λ = {@link Gate}(α) in search of the α
 * of the least loss.
 */
final class Restricted {
  private static final String NOISE = "wherefore.noise/";
  private static final String OPEN = "wherefore.open/";

  private final Variable variable;
  private final boolean spatial;
  private final Background background;
  private final double[] surprises;
  private final Gate gate;
  private final Adam adam;

  private Restricted(
      Variable variable, boolean spatial, Background background, InformationBottleneck.Settings o) {
    Shape shape = variable.value().shape();
    List<Integer> places = IntStream.range(2, spatial ? shape.rank() : 2).boxed().toList();
    this.variable = variable;
    this.spatial = spatial;
    this.background = background;
    this.surprises = surprises(variable.value(), background);
    this.gate = new Gate(shape, places, o.smoothing());
    this.adam = new Adam(shape.size(), o.start(), o.rate());
  }

  /** A variable of the request's subject, still open as far as the options say. */
  static Restricted of(
      AttributionRequest request, Variable v, InformationBottleneck.Settings options) {
    return new Restricted(
        v, isSpatial(request, v), Background.of(request, v, options.floor()), options);
  }

  private static boolean isSpatial(AttributionRequest request, Variable v) {
    if (!request.to().equals(Optional.of(v.name()))) {
      return false;
    }
    Graph graph = request.graph(1);
    Node node = graph.layer(v.name());
    return node.shape().rank() > 2 && SpatialLayers.isSpatial(graph, node);
  }

  /** (R − μ) / σ. */
  private static double[] surprises(Tensor value, Background background) {
    double[] surprises = value.toDoubles();
    for (int i = 0; i < surprises.length; i++) {
      surprises[i] = (surprises[i] - background.mean()[i]) / background.deviation()[i];
    }
    return surprises;
  }

  String name() {
    return variable.name();
  }

  int size() {
    return variable.value().size();
  }

  Shape shape() {
    return variable.value().shape();
  }

  /** Whether it has places, [1, channels, extents…]. */
  boolean isSpatial() {
    return spatial;
  }

  /** Feeds the input with what is the same for all rows: R, and λ as it is now. */
  void share(Map<String, Tensor> shared) {
    shared.put(name(), variable.value());
    shared.put(OPEN + name(), typed(shape(), gate.open(adam.point())));
  }

  /** Feeds rows of ε, each from its generator. */
  void draw(List<SplittableRandom> rows, Map<String, Tensor> feeds) {
    double[] noise = new double[rows.size() * size()];
    int at = 0;
    for (SplittableRandom random : rows) {
      for (int i = 0; i < size(); i++) {
        noise[at++] = background.mean()[i] + background.deviation()[i] * random.nextGaussian();
      }
    }
    feeds.put(NOISE + name(), typed(shape().with(0, rows.size()), noise));
  }

  private Tensor typed(Shape shape, double[] values) {
    return Tensor.of(shape, values).to(variable.value().type());
  }

  /**
   * What is behind the bottleneck in a graph.
   *
   * @param difference R − ε = ∂Z/∂λ
   */
  record Behind(Value z, Value difference) {}

  /** Writes Z, so many rows of it. */
  Behind write(GraphBuilder b, Subject subject, int rows) {
    Value r = subject.inputs(b, 1, List.of(variable)).firstEntry().getValue();
    Value noise = b.input(NOISE + name(), r.element(), shape().with(0, rows));
    Value open = b.input(OPEN + name(), r.element(), shape());
    Value difference = b.sub(r, noise);
    return new Behind(b.add(noise, b.mul(open, difference)), difference);
  }

  /** The information that each unit still carries, in nats. */
  double[] nats() {
    double[] open = gate.open(adam.point());
    double[] shut = gate.shut(adam.point());
    double[] nats = new double[size()];
    for (int i = 0; i < nats.length; i++) {
      nats[i] = Information.nats(open[i], shut[i], surprises[i]);
    }
    return nats;
  }

  /**
   * ∂loss/∂α, where loss = cross entropy + price · Σ nats.
   *
   * @param byOpen the cross entropy's derivatives by λ
   */
  double[] gradient(double[] byOpen, double price) {
    double[] open = gate.open(adam.point());
    double[] shut = gate.shut(adam.point());
    double[] whole = byOpen.clone();
    for (int i = 0; i < whole.length; i++) {
      whole[i] += price * Information.slope(open[i], shut[i], surprises[i]);
    }
    return gate.pull(adam.point(), whole);
  }

  /** A step towards less loss; the arguments as those of {@link #gradient}. */
  void step(double[] byOpen, double price) {
    adam.step(gradient(byOpen, price));
  }
}
