package wherefore.runtime.attributor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.attribution.Provenance;
import wherefore.attribution.Target;
import wherefore.model.BlackBox;
import wherefore.model.Model;
import wherefore.model.ModelCatalog.Entry;
import wherefore.model.ModelException;
import wherefore.model.Port;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

@Timeout(60)
class BlackBoxTest {
  private static final Port INPUT = Port.parse("x f32[batch,3]");
  private static final Port OUTPUT = Port.parse("y f64[batch,2]");
  private static final String CARD =
      """
      {"card": 1, "description": "Says yes.", "labels": ["yes", "no"], "features": ["a", "b", "c"]}
      """;

  private final List<Integer> batches = new CopyOnWriteArrayList<>();
  private final CatalogService catalog =
      new CatalogService(Map.of("wherefore.grace", "5", "wherefore.models", "/nowhere"));
  private AttributorService attributor = Fixture.attributor();

  /** y = factor · (x₀ + 2 x₁ + 3 x₂, −1). */
  private class Sum implements BlackBox {
    private final double factor;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private boolean slow;

    Sum(double factor) {
      this.factor = factor;
    }

    @Override
    public String name() {
      return "sum";
    }

    @Override
    public Port input() {
      return INPUT;
    }

    @Override
    public Port output() {
      return OUTPUT;
    }

    @Override
    public String card() {
      return CARD;
    }

    @Override
    public Tensor predict(Tensor batch) {
      if (slow) {
        asked.countDown();
        await(go);
      }
      int rows = batch.shape().dim(0);
      batches.add(rows);
      double[] out = new double[2 * rows];
      for (int r = 0; r < rows; r++) {
        for (int i = 0; i < 3; i++) {
          out[2 * r] += factor * (i + 1) * batch.get(3 * r + i);
        }
        out[2 * r + 1] = -1;
      }
      return Tensor.of(Shape.of(rows, 2), out);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void bind() {
    Fixture.bind(attributor, new Ablation());
  }

  private AttributionRequest request(Model model) {
    return AttributionRequest.of(model, Tensor.of(Shape.of(1, 3), 1f, 10, 100), "ablation");
  }

  private String refusal(AttributionRequest request) {
    return String.valueOf(
        assertThrows(AttributionException.class, () -> attributor.attribute(request)).getMessage());
  }

  @Test
  void aServiceIsAModelByItsName() throws ModelException {
    catalog.bindBlackBox(new Sum(1), Map.of());
    assertEquals(
        List.of(new Entry("sum", "function", Sum.class.getName() + " unknown", "Says yes.")),
        catalog.entries());
    Model model = catalog.model("sum");
    assertEquals(List.of("yes", "no"), model.card().labels());
    assertEquals(
        Tensor.of(Shape.of(2, 2), 14.0, -1, 6, -1),
        attributor
            .predict(
                model, Map.of("x", Tensor.of(Shape.of(2, 3), 1f, 2, 3, 1, 1, 1)), Optional.empty())
            .get("y"));
  }

  @Test
  void methodsThatOnlyEvaluateWorkInBatches() throws ModelException {
    catalog.bindBlackBox(new Sum(2), Map.of());
    attributor = Fixture.attributor(Fixture.settings(3));
    bind();
    Attribution answer =
        attributor.attribute(
            request(catalog.model("sum"))
                .withTarget(Target.parse("yes"))
                .withBaseline(new Baseline.Constant(0.5)));
    assertArrayEquals(new double[] {1, 38, 597}, answer.value().toDoubles(), 1e-12);
    assertEquals(List.of(1, 3, 1), batches);
    Provenance how = answer.provenance().orElseThrow();
    assertEquals(Provenance.FUNCTION, how.backend());
    assertEquals(Sum.class.getName() + " unknown", how.versions().get("wherefore.model.sum"));
    assertEquals(4, how.rows());
    assertEquals(642, how.output());
    assertEquals("0", how.target());
  }

  @Test
  void anyFunctionIsAModelToo() throws ModelException {
    BlackBox box =
        BlackBox.of(
            "one",
            Port.parse("x f32[1,3]"),
            Port.parse("y f32[1]"),
            x -> Tensor.of(Shape.of(1), x.get(0) * x.get(1)));
    catalog.bindBlackBox(box, Map.of());
    Model model = catalog.model("one");
    // Takes one example at a time, and its scores have one number an example.
    assertArrayEquals(
        new double[] {10, 10, 0}, attributor.attribute(request(model)).value().toDoubles());
  }

  @Test
  void whatNeedsAGraphIsRefusedWithWhatWorks() throws ModelException {
    catalog.bindBlackBox(new Sum(1), Map.of());
    Model model = catalog.model("sum");
    assertEquals(
        "method slope needs a graph, and model sum is a function without one; methods that work:"
            + " ablation, forward-only",
        refusal(request(model).withMethod("slope")));
    assertEquals(
        "to conv was asked for, but model sum is a function without a graph: its layers are not"
            + " known",
        refusal(request(model).withTo("conv")).replace("ablation on model sum: ", ""));
    assertEquals(
        "target conv[1] was asked for, but model sum is a function without a graph: its layers are"
            + " not known",
        refusal(request(model).withTarget(Target.parse("conv[1]"))));
    assertEquals(
        "the target's probability was asked for, but model sum is a function without a graph:"
            + " whether its output is one is not known; the output itself is explained without"
            + " that",
        refusal(request(model).withTarget(Target.PREDICTED.asProbability())));
  }

  @Test
  void aFunctionThatMisbehavesIsToBlame() throws ModelException {
    catalog.bindBlackBox(
        BlackBox.of("bad", INPUT, OUTPUT, x -> Tensor.of(Shape.of(1, 3), 1.0, 2, 3)), Map.of());
    assertEquals(
        "ablation on model bad: answers 1 examples with f64[1,3]; it says of itself that it yields"
            + " y f64[batch,2], a row an example",
        refusal(request(catalog.model("bad"))));
  }

  @Test
  void aCardIsReadAsAFileWouldBe() {
    catalog.bindBlackBox(
        new Sum(1) {
          @Override
          public String card() {
            return "{\"card\": 1, \"lables\": []}";
          }
        },
        Map.of());
    assertEquals(
        "the card of sum: the key lables is not known; accepted: card, name, description, source,"
            + " license, input, features, labels, baseline, concepts",
        assertThrows(ModelException.class, () -> catalog.model("sum")).getMessage());
  }

  @Test
  void aRequestKeepsTheFunctionThatItBeganWith() throws Exception {
    Sum old = new Sum(1);
    old.slow = true;
    catalog.bindBlackBox(old, Map.of());
    Model model = catalog.model("sum");
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      Future<Attribution> running = threads.submit(() -> attributor.attribute(request(model)));
      await(old.asked);
      Future<?> leaving = threads.submit(() -> catalog.unbindBlackBox(old));
      catalog.bindBlackBox(new Sum(5), Map.of("service.ranking", 1));
      // The one that is new answers at once, also for a model that was got before.
      assertEquals(5, attributor.attribute(request(model)).value().get(0));
      old.go.countDown();
      assertEquals(1, running.get().value().get(0));
      leaving.get();
    }
  }

  @Test
  void aServiceThatIsGoneIsNamed() throws ModelException {
    CatalogService impatient = new CatalogService(Map.of("wherefore.grace", "0"));
    Sum box = new Sum(1);
    impatient.bindBlackBox(box, Map.of());
    Model model = impatient.model("sum");
    impatient.unbindBlackBox(box);
    assertEquals(
        "model sum: the service sum is not there any more; models that are: none",
        refusal(request(model)));
    assertEquals(
        "no model is named sum and no such file exists; known models: none",
        assertThrows(ModelException.class, () -> impatient.model("sum")).getMessage());
  }

  @Test
  void aPortIsReadFromItsText() {
    assertEquals("x f32[batch,3]", INPUT.toString());
    assertEquals(
        "'x float[3]' is no port; a name, a type (f32, f64, i64, bool) and the extents are needed,"
            + " as in 'x f32[batch,30]'",
        assertThrows(IllegalArgumentException.class, () -> Port.parse("x float[3]")).getMessage());
  }
}
