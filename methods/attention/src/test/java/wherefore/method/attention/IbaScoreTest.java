package wherefore.method.attention;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import wherefore.attribution.AttributionMethod;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.MethodContract;
import wherefore.testkit.TestModels;

class IbaScoreTest extends MethodContract {
  @Override
  protected AttributionMethod<?> method() {
    return new IbaScore();
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("steps", "5");
  }

  /** What is ignored may be attended to. */
  @Override
  protected boolean ignoresDummies() {
    return false;
  }

  @Override
  protected boolean takes(Model model) {
    return !List.of("perceptron", "convolutional", "pooled").contains(model.name());
  }

  /** Three rows are three tokens. */
  @Override
  protected Model images() {
    SplittableRandom random = new SplittableRandom(4);
    Tensor bias = TestModels.normal(random, Shape.of(3, 3), 0.5);
    Tensor keys = TestModels.normal(random, Shape.of(9, 9), 0.4);
    Tensor head = TestModels.normal(random, Shape.of(9, 2), 0.6);
    return TestModels.of(
        "attending",
        Shape.of(3, 3, 3),
        2,
        (b, x) -> {
          int rows = x.shape().dim(0);
          Value pool = b.at("pool").apply(new Composite.Relu(), b.add(x, b.constant(bias)));
          Value tokens = b.at("tokens").reshape(pool, Shape.of(rows, 3, 9));
          Value mixed = b.add(tokens, mixed(b.at("mix"), tokens, b.constant(keys)));
          Value mean = b.reshape(b.sum(mixed, List.of(1)), Shape.of(rows, 9));
          return b.at("head").matMul(mean, b.constant(head));
        });
  }

  private static Value mixed(GraphBuilder b, Value tokens, Value keys) {
    Value scores = b.matMul(tokens, b.transpose(b.matMul(tokens, keys), List.of(0, 2, 1)));
    return b.matMul(b.apply(new Composite.Softmax(2), scores), tokens);
  }
}
