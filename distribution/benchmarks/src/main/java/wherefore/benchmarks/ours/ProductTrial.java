package wherefore.benchmarks.ours;

import java.util.Map;
import wherefore.benchmarks.Trial;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;
import wherefore.tensor.Tensor;

/** The product of two matrices, the second one a weight. */
public final class ProductTrial implements Trial {
  private final GraphTrial trial;

  /** Of these matrices. */
  public ProductTrial(Tensor a, Tensor b) {
    this.trial = new GraphTrial(graph(a, b), Map.of("a", a), "product");
  }

  private static Graph graph(Tensor a, Tensor b) {
    GraphBuilder builder = new GraphBuilder();
    Value left = builder.input("a", a.type(), a.shape());
    return builder.output("product", builder.matMul(left, builder.constant(b))).build();
  }

  @Override
  public void run() {
    trial.run();
  }

  @Override
  public float[] answer() {
    return trial.answer();
  }

  @Override
  public double flops() {
    return trial.flops();
  }

  @Override
  public void close() {
    trial.close();
  }
}
