package wherefore.method.perturbation;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Attributor;
import wherefore.attribution.Baseline;
import wherefore.graph.BinaryFunction;
import wherefore.graph.UnaryFunction;
import wherefore.model.Model;
import wherefore.model.Network;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.TestModels;

/** The same function with and without a graph. */
class BlackBoxTest {
  /** x0 sin x1 + max(x2, x3). */
  private static final Model WHITE =
      TestModels.of(
          "function",
          Shape.of(4),
          1,
          (b, x) ->
              b.add(
                  b.mul(b.slice(x, 1, 0, 1), b.unary(UnaryFunction.SIN, b.slice(x, 1, 1, 2))),
                  b.binary(BinaryFunction.MAX, b.slice(x, 1, 2, 3), b.slice(x, 1, 3, 4))));

  private static final Network.Black FUNCTION =
      inputs -> {
        Tensor x = requireNonNull(inputs.get("x"));
        double[] y = new double[x.shape().dim(0)];
        for (int row = 0; row < y.length; row++) {
          double[] v = x.rows(row, row + 1).toDoubles();
          y[row] = v[0] * Math.sin(v[1]) + Math.max(v[2], v[3]);
        }
        return Map.of("y", Tensor.of(Shape.of(y.length, 1), y));
      };

  private static final Model BLACK =
      new Model(
          "function",
          "test",
          "none",
          "test",
          WHITE.card(),
          WHITE.inputs(),
          WHITE.outputs(),
          FUNCTION);

  @ParameterizedTest
  @ValueSource(
      strings = {"occlusion", "feature-ablation", "feature-permutation", "rise", "lime", "ciu"})
  void areExplainedAlike(String method) {
    Attribution expected = asked(WHITE, method);
    Attribution actual = asked(BLACK, method);
    assertArrayEquals(expected.value().toDoubles(), actual.value().toDoubles(), 1e-12);
  }

  private static Attribution asked(Model model, String method) {
    Attributor attributor = ServiceLoader.load(Attributor.class).findFirst().orElseThrow();
    Tensor background = Tensor.of(Shape.of(2, 4), 0, 0, 0, 0, 1, 2, 3, 4.0);
    return attributor.attribute(
        AttributionRequest.of(model, Tensor.of(Shape.of(1, 4), 1.5, -2, 0.5, 3.0), method)
            .withBaseline(new Baseline.Given(background, "two"))
            .withSeed(3));
  }
}
