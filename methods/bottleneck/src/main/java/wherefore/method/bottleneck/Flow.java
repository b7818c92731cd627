package wherefore.method.bottleneck;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import wherefore.attribution.AttributionException;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Program;
import wherefore.attribution.Rows;
import wherefore.attribution.Subject;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;
import wherefore.propagate.Backward;
import wherefore.propagate.Vjp;
import wherefore.tensor.Tensor;

/** The network behind the bottleneck: the mean over noise of the cross entropy, and its slopes. */
final class Flow {
  private static final String LOSS = "wherefore.loss";

  private final Evaluator evaluator;
  private final List<Restricted> parts;
  private final double[] weights;

  Flow(Evaluator evaluator, List<Restricted> parts, int samples) {
    this.evaluator = evaluator;
    this.parts = parts;
    this.weights = new double[samples];
    Arrays.fill(weights, 1.0 / samples);
  }

  /** The mean of ∂(−ln p_t)/∂λ, of each part under its name, over the noise of a step. */
  Map<String, Tensor> slopes(int step) {
    return evaluator.sum(new Program(this::backward), rows(step), weights);
  }

  /** The mean of −ln p_t over the noise of a step. */
  double crossEntropy(int step) {
    return of(evaluator.sum(new Program(this::forward), rows(step), weights), LOSS).get(0);
  }

  static Tensor of(Map<String, Tensor> outputs, String name) {
    return Optional.ofNullable(outputs.get(name))
        .orElseThrow(() -> new AttributionException("the backend yields no output " + name));
  }

  private Rows rows(int step) {
    Map<String, Tensor> shared = new HashMap<>();
    parts.forEach(p -> p.share(shared));
    return new Rows(weights.length, (from, to) -> noise(step, from, to), shared);
  }

  private Map<String, Tensor> noise(int step, int from, int to) {
    List<SplittableRandom> randoms =
        IntStream.range(from, to)
            .mapToObj(row -> evaluator.random("noise/" + step + "/" + row))
            .toList();
    Map<String, Tensor> feeds = new HashMap<>();
    parts.forEach(p -> p.draw(randoms, feeds));
    return feeds;
  }

  /** The loss in a graph, and what it depends on, in the order of the parts. */
  private record Written(GraphBuilder builder, Value loss, List<Restricted.Behind> behind) {}

  private Written written(int rows) {
    GraphBuilder b = new GraphBuilder();
    Subject subject = evaluator.subject();
    Map<String, Value> arguments = new LinkedHashMap<>();
    List<Restricted.Behind> behind = new ArrayList<>();
    for (Restricted part : parts) {
      Restricted.Behind z = part.write(b, subject, rows);
      arguments.put(part.name(), z.z());
      behind.add(z);
    }
    Subject.Trace trace = subject.trace(b, rows, arguments);
    return new Written(b, CrossEntropy.of(subject.graph(rows), trace), behind);
  }

  private Graph forward(int rows) {
    Written w = written(rows);
    return w.builder().output(LOSS, w.loss()).build();
  }

  private Graph backward(int rows) {
    Written w = written(rows);
    GraphBuilder b = w.builder();
    Value one = b.expand(b.number(1, w.loss()), w.loss().shape());
    List<Value> asked = w.behind().stream().map(Restricted.Behind::z).toList();
    List<Value> arriving = Backward.run(b, Map.of(w.loss(), one), asked, Vjp.book());
    for (int i = 0; i < parts.size(); i++) {
      b.output(parts.get(i).name(), b.mul(arriving.get(i), w.behind().get(i).difference()));
    }
    return b.build();
  }
}
