package wherefore.method.paths;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.graph.UnaryFunction;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.MethodContract;
import wherefore.testkit.TestModels;

/** Integrated gradients along given polylines. */
class PolylineTest extends MethodContract {
  private static final Tensor AT = Tensor.of(Shape.of(1, 2), 2.0, 3.0);

  @Override
  protected AttributionMethod<?> method() {
    return new IntegratedGradients();
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("path", "polyline");
  }

  private static Model product() {
    return TestModels.of(
        "product", Shape.of(2), 1, (b, x) -> b.mul(b.slice(x, 1, 0, 1), b.slice(x, 1, 1, 2)));
  }

  private static AttributionRequest along(double... vertices) {
    Tensor given = Tensor.of(Shape.of(vertices.length / 2, 2), vertices);
    return AttributionRequest.of(product(), AT, "integrated-gradients")
        .withBaseline(new Baseline.Given(given, "vertices"))
        .withOption("path", "polyline");
  }

  private static double[] shares(AttributionRequest request) {
    return attributor().attribute(request).value().toDoubles();
  }

  /** x₁ x₂ at (2, 3): who moves last gets all of it, on the straight way each gets half. */
  @Test
  void theSharesDependOnTheWayTheirSumDoesNot() {
    assertArrayEquals(new double[] {3, 3}, shares(along(0, 0)), 1e-12);
    assertArrayEquals(new double[] {0, 6}, shares(along(0, 0, 2, 0)), 1e-12);
    assertArrayEquals(new double[] {6, 0}, shares(along(0, 0, 0, 3)), 1e-12);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EXACT")
  void everyQuadratureTakesThem(Quadrature quadrature) {
    AttributionRequest request =
        along(1, 0, 2, 0)
            .withOption("quadrature", quadrature.name())
            .withOption("steps", quadrature == Quadrature.ADAPTIVE ? 100 : 7);
    assertArrayEquals(new double[] {0, 6}, shares(request), 1e-12);
  }

  @Test
  void ofVerticesOnTheStraightLineItIsIntegratedGradients() {
    Attribution one = attributor().attribute(along(0, 0));
    Attribution three = attributor().attribute(along(0, 0, 0.5, 0.75, 1.5, 2.25));
    assertArrayEquals(one.value().toDoubles(), three.value().toDoubles(), 1e-12);
    assertEquals(1, one.facts().get("legs"));
    assertEquals(3, three.facts().get("legs"));
    assertEquals(1, three.facts().get("baselines"));
  }

  /** f = Σ_j v_j sin(w_j · x), and ∫ ∇f · dx by a hundred thousand midpoints of each leg. */
  @Test
  void agreesWithTheIntegralInPlainJava() {
    Tensor w = TestModels.normal(new SplittableRandom(7), Shape.of(3, 4), 0.8);
    Tensor v = TestModels.normal(new SplittableRandom(8), Shape.of(4, 1), 1);
    Model model =
        TestModels.of(
            "waves",
            Shape.of(3),
            1,
            (b, x) ->
                b.matMul(b.unary(UnaryFunction.SIN, b.matMul(x, b.constant(w))), b.constant(v)));
    double[][] vertices = {{0.3, -1, 0.2}, {1.4, 0.5, -2}, {-1, 0.1, 0.9}, {0.7, -1.3, 2}};
    double[] expected = new double[3];
    for (int leg = 0; leg < 3; leg++) {
      add(expected, vertices[leg], vertices[leg + 1], w, v);
    }
    double[] given = Arrays.stream(vertices).limit(3).flatMapToDouble(Arrays::stream).toArray();
    AttributionRequest request =
        AttributionRequest.of(model, Tensor.of(Shape.of(1, 3), vertices[3]), "integrated-gradients")
            .withBaseline(new Baseline.Given(Tensor.of(Shape.of(3, 3), given), "vertices"))
            .withOption("path", "polyline")
            .withOption("quadrature", "gauss-legendre");
    Attribution answer = attributor().attribute(request);
    assertArrayEquals(expected, answer.value().toDoubles(), 1e-8);
    assertEquals(0, answer.facts().getOrDefault("residual", 1.0), 1e-12);
    assertArrayEquals(answer.value().toDoubles(), shares(request.withMethod("conductance")), 1e-12);
    double[] straight = shares(request.withOption("path", "straight"));
    assertNotEquals(expected[0], straight[0], 0.01);
  }

  private static void add(double[] sums, double[] from, double[] to, Tensor w, Tensor v) {
    int points = 100_000;
    for (int k = 0; k < points; k++) {
      double alpha = (k + 0.5) / points;
      for (int j = 0; j < 4; j++) {
        double z = 0;
        for (int i = 0; i < 3; i++) {
          z += w.get(i * 4 + j) * (from[i] + alpha * (to[i] - from[i]));
        }
        for (int i = 0; i < 3; i++) {
          sums[i] += (to[i] - from[i]) * v.get(j) * Math.cos(z) * w.get(i * 4 + j) / points;
        }
      }
    }
  }

  /** Of x₁ x₂ the mean of (x₂, x₁) over both legs. */
  @Test
  void theLegsOfInternalInfluenceCountAlike() {
    double[] influence = shares(along(0, 0, 2, 0).withMethod("internal-influence"));
    assertArrayEquals(new double[] {0.75, 1.5}, influence, 1e-12);
  }

  @Test
  void theVarianceOverVerticesIsRefused() {
    AttributionRequest request = along(0, 0, 2, 0).withOption("over", "variance");
    AttributionException refusal =
        assertThrows(AttributionException.class, () -> attributor().attribute(request));
    assertEquals(
        "integrated-gradients: option over is variance and path is polyline; the baselines are the"
            + " vertices of one path then, and variance takes several paths: path straight, or"
            + " over mean",
        refusal.getMessage());
  }
}
