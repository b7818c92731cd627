package wherefore.runtime.attributor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import wherefore.attribution.Feasibility;
import wherefore.attribution.Provenance;
import wherefore.backend.reference.ReferenceBackend;
import wherefore.model.Model;
import wherefore.model.Port;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.TestModels;

class CheckingTest {
  private final AttributorService attributor = new AttributorService(Fixture.settings(64));

  private Feasibility check(Model model) {
    Fixture.bind(attributor, new Slope());
    Fixture.bind(attributor, new Misbehaving.Boom());
    Fixture.bind(attributor, new Ablation());
    attributor.bindBackend(new ReferenceBackend(), Map.of());
    Port port = model.inputs().get(0);
    int[] dims = port.axes().stream().mapToInt(a -> a.isFree() ? 1 : a.extent()).toArray();
    Tensor zeros = Tensor.zeros(ElementType.FLOAT64, Shape.of(dims)).to(port.element());
    return attributor.check(model, Map.of(port.name(), zeros), Optional.empty());
  }

  private static Feasibility.Method method(Feasibility report, String id) {
    return report.methods().stream().filter(m -> m.id().equals(id)).findFirst().orElseThrow();
  }

  @Test
  void whatWorksIsCountedAndWhatDoesNotSaysWhy() {
    Feasibility report = check(TestModels.linear(1, 2, 3));
    assertEquals(
        List.of("ablation", "boom", "slope"),
        report.methods().stream().map(Feasibility.Method::id).toList());
    Feasibility.Method ablation = method(report, "ablation");
    assertEquals(4, ablation.forward());
    assertEquals(0, ablation.backward());
    assertEquals("(n + 1) × F", ablation.cost());
    Feasibility.Method slope = method(report, "slope");
    assertEquals(slope.forward(), slope.backward());
    assertTrue(slope.works() && slope.seconds() > 0 && slope.multiplications() > 0);
    assertEquals(
        " failed: java.lang.IllegalStateException: boom", method(report, "boom").obstacle());
    assertEquals("reference", report.backend().id());
    assertTrue(report.multiplications() >= 3 && report.constantBytes() >= 12);
  }

  @Test
  void aFunctionIsMeasuredByItsCalls() {
    Feasibility report = check(TestModels.blackBox());
    assertEquals(Provenance.FUNCTION, report.backend().id());
    assertEquals(5, method(report, "ablation").forward());
    assertTrue(method(report, "ablation").seconds() > 0);
    assertEquals(
        "needs a graph, and the model is a function without one",
        method(report, "slope").obstacle());
    assertTrue(Double.isNaN(report.gradientSeconds()));
  }
}
