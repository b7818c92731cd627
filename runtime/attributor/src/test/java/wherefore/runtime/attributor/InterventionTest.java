package wherefore.runtime.attributor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import wherefore.graph.Composite;
import wherefore.model.Intervention;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.TestModels;

class InterventionTest {
  private static final Tensor FIRST = TestModels.normal(new SplittableRandom(1), Shape.of(3, 4), 1);
  private static final Tensor SECOND =
      TestModels.normal(new SplittableRandom(2), Shape.of(4, 2), 1);
  private static final Model MODEL =
      TestModels.of(
          "two-layers",
          Shape.of(3),
          2,
          (b, x) -> {
            b.at("hidden");
            var h = b.apply(new Composite.Relu(), b.matMul(x, b.constant(FIRST)));
            return b.at("dense").matMul(h, b.constant(SECOND));
          });

  private static double[] hidden(Tensor x, int row) {
    double[] h = new double[4];
    for (int j = 0; j < 4; j++) {
      for (int i = 0; i < 3; i++) {
        h[j] += x.get(row * 3 + i) * FIRST.get(i * 4 + j);
      }
      h[j] = Math.max(h[j], 0);
    }
    return h;
  }

  private static double output(double[] hidden, int k) {
    double sum = 0;
    for (int j = 0; j < 4; j++) {
      sum += hidden[j] * SECOND.get(j * 2 + k);
    }
    return sum;
  }

  private static Tensor run(List<Intervention> set, Tensor x, double[]... values) {
    Map<String, Tensor> feeds = new HashMap<>(Map.of("x", x));
    for (int i = 0; i < values.length; i++) {
      feeds.put(Intervention.port(i), Tensor.of(Shape.of(values[i].length), values[i]));
    }
    Model settable = Intervention.settable(MODEL, set);
    return Objects.requireNonNull(
        new AttributorService().predict(settable, feeds, Optional.empty()).get("y"));
  }

  /** Each example has a value of its own, and what is computed behind the unit follows. */
  @Test
  void aUnitIsSetAndTheRestFollows() {
    Tensor x = TestModels.normal(new SplittableRandom(3), Shape.of(2, 3), 1);
    double[] values = {-0.5, 2};
    Tensor y = run(List.of(new Intervention("hidden", List.of(1))), x, values);
    for (int row = 0; row < 2; row++) {
      double[] h = hidden(x, row);
      h[1] = values[row];
      double[] expected = {output(h, 0), output(h, 1)};
      assertArrayEquals(expected, y.rows(row, row + 1).toDoubles(), 1e-13, "row " + row);
    }
  }

  @Test
  void layersAndInputsAreSetAsAWhole() {
    Tensor x = TestModels.normal(new SplittableRandom(4), Shape.of(1, 3), 1);
    double[] h = {0.25, 0.25, 7, 0.25};
    Tensor y =
        run(
            List.of(new Intervention("hidden", List.of()), new Intervention("hidden", List.of(2))),
            x,
            new double[] {0.25},
            new double[] {7});
    assertArrayEquals(new double[] {output(h, 0), output(h, 1)}, y.toDoubles(), 1e-13);
    Tensor ones = Tensor.of(Shape.of(1, 3), 1.0, 1.0, 1.0);
    assertEquals(
        run(List.of(), ones), run(List.of(new Intervention("x", List.of())), x, new double[] {1}));
  }

  @Test
  void refusesWhatIsNotThere() {
    Tensor x = Tensor.of(Shape.of(1, 3), 1.0, 1.0, 1.0);
    assertEquals(
        "model two-layers: layer hidden has no place [4]: it is [4] an example",
        refusal(new Intervention("hidden", List.of(4)), x));
    assertEquals(
        "model two-layers: no layer is named hiden; known: hidden, dense",
        refusal(new Intervention("hiden", List.of(4)), x));
    assertEquals(
        "model black-box is a function without a graph: nothing within it can be set",
        assertThrows(
                IllegalArgumentException.class,
                () -> Intervention.settable(TestModels.blackBox(), List.of()))
            .getMessage());
  }

  private static String refusal(Intervention set, Tensor x) {
    String message =
        String.valueOf(
            assertThrows(RuntimeException.class, () -> run(List.of(set), x, new double[] {1}))
                .getMessage());
    assertTrue(message.contains(":"), message);
    return message;
  }
}
