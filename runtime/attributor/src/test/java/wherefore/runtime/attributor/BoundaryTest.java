package wherefore.runtime.attributor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.attribution.Evaluator;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.Options;
import wherefore.attribution.Target;
import wherefore.model.BlackBox;
import wherefore.model.Model;
import wherefore.model.ModelException;
import wherefore.model.Port;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

class BoundaryTest {
  /** x − x'. */
  private static final class Difference implements AttributionMethod<Options.None> {
    @Override
    public String id() {
      return "difference";
    }

    @Override
    public Class<Options.None> options() {
      return Options.None.class;
    }

    @Override
    public MethodInfo info() {
      return new MethodInfo("?", Set.of(Need.FORWARD, Need.BASELINE), "0", "none");
    }

    @Override
    public Attribution attribute(AttributionRequest request, Options.None o, Evaluator evaluator) {
      Map<String, Tensor> away = new LinkedHashMap<>();
      evaluator
          .subject()
          .variables()
          .forEach(v -> away.put(v.name(), v.value().zip(v.baseline(0), (x, from) -> x - from)));
      return Attribution.of(away)
          .fact("baselines", evaluator.subject().variables().get(0).baselines());
    }
  }

  private final AttributorService attributor = Fixture.attributor();

  @BeforeEach
  void bind() {
    Fixture.bind(attributor, new Difference());
  }

  /** y = 3a − 4b + 5, [n,1]. */
  private static Model affine() {
    return Networks.model(
        "affine",
        List.of(Networks.port("x", Networks.F32, -1, 2)),
        List.of(),
        (b, in) ->
            b.add(b.at("sum").matMul(Networks.input(in, "x"), b.constant(weights(3, -4))), 5));
  }

  private static Tensor weights(float... column) {
    return Tensor.of(Shape.of(column.length, 1), column);
  }

  private static AttributionRequest request(Model model, Tensor x, Baseline baseline) {
    return AttributionRequest.of(model, x, "difference").withBaseline(baseline);
  }

  private static Baseline.Boundary towards(Tensor points) {
    return new Baseline.Boundary(points, "points");
  }

  private double[] away(AttributionRequest request) {
    Attribution answer = attributor.attribute(request);
    assertEquals(1, answer.facts().get("baselines"));
    return answer.value().toDoubles();
  }

  private String refusal(AttributionRequest request) {
    return String.valueOf(
        assertThrows(AttributionException.class, () -> attributor.attribute(request)).getMessage());
  }

  /** f(2, −1) = 15, |w|² = 25. */
  @Test
  void theProjectionLiesOnTheBoundaryAtRightAngles() {
    double[] away = away(request(affine(), Networks.row(2, -1), new Baseline.Projection()));
    assertArrayEquals(new double[] {15 / 25.0 * 3, -15 / 25.0 * 4}, away, 1e-6);
  }

  @Test
  void aBentUnitHasNoProjection() {
    String refusal =
        refusal(request(Networks.classifier(), Networks.row(1, 2, 3), new Baseline.Projection()));
    assertTrue(
        refusal.startsWith(
            "baseline projection is for a target that is affine in the input; 2 is not"),
        refusal);
    assertTrue(refusal.contains("act"), refusal);
  }

  /** Along the first axis the boundary is 5 away, along the second 15/4. */
  @Test
  void theClosestBoundaryOnTheWayToSomePoints() {
    Tensor points =
        Tensor.of(Shape.of(3, 2), 2f, -0.5f, -8f, -1f, 2f, 9f); // the first is decided alike
    double[] away = away(request(affine(), Networks.row(2, -1), towards(points)));
    assertArrayEquals(new double[] {0, -15 / 4.0}, away, 1e-5);
  }

  @Test
  void beyondTheBoundaryAnotherClassWins() {
    Tensor x = Networks.row(1, 2, 3);
    Model model = Networks.classifier();
    Tensor points = Tensor.of(Shape.of(2, 3), 2f, 4f, -3f, 5f, 5f, -1f);
    double[] away = away(request(model, x, towards(points)));
    int own = largest(model, x, new double[3], 1);
    assertEquals(own, largest(model, x, away, 1 - 1e-5), "in front of it");
    assertTrue(own != largest(model, x, away, 1), "beyond it");
  }

  private int largest(Model model, Tensor x, double[] away, double part) {
    Tensor at = x.zip(Tensor.of(x.shape(), away), (from, by) -> from - part * by).to(x.type());
    Tensor y = Networks.tensor(attributor.predict(model, Map.of("x", at), Optional.empty()), "y");
    int largest = 0;
    for (int i = 1; i < y.size(); i++) {
      largest = y.get(i) > y.get(largest) ? i : largest;
    }
    return largest;
  }

  /** hidden[1] is −2a + 2b + 0.5c. */
  @Test
  void aNeuronsBoundaryIsWhereItIsZero() {
    Tensor x = Networks.row(0, 1, 0);
    double[] away =
        away(
            request(Networks.classifier(), x, towards(Networks.row(0, -1, 0)))
                .withTarget(Target.parse("hidden[1]")));
    assertArrayEquals(new double[] {0, 1, 0}, away, 1e-6);
  }

  @Test
  void pointsOnThisSideAreNoHelp() {
    assertEquals(
        "baseline boundary(points): all its 1 points are decided as the input is; give one that is not",
        refusal(request(affine(), Networks.row(2, -1), towards(Networks.row(3, -1)))));
  }

  @Test
  void aFunctionHasABoundaryButNoProjection() throws ModelException {
    CatalogService catalog =
        new CatalogService(Map.of("wherefore.grace", "5", "wherefore.models", "/nowhere"));
    catalog.bindBlackBox(new Total(), Map.of());
    Model model = catalog.model("total");
    Tensor x = Networks.row(3, 1);
    double[] away = away(request(model, x, towards(Networks.row(-5, 1))));
    assertArrayEquals(new double[] {4, 0}, away, 1e-6);
    assertTrue(
        refusal(request(model, x, new Baseline.Projection()))
            .contains("model total is a function without a graph"));
  }

  /** a + b. */
  private static final class Total implements BlackBox {
    @Override
    public String name() {
      return "total";
    }

    @Override
    public Port input() {
      return Port.parse("x f32[batch,2]");
    }

    @Override
    public Port output() {
      return Port.parse("y f64[batch,1]");
    }

    @Override
    public String card() {
      return "{\"card\": 1}";
    }

    @Override
    public Tensor predict(Tensor batch) {
      double[] sums = new double[batch.shape().dim(0)];
      for (int i = 0; i < batch.size(); i++) {
        sums[i / 2] += batch.get(i);
      }
      return Tensor.of(Shape.of(sums.length, 1), sums);
    }
  }
}
