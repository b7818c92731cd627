package wherefore.method.deeplift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.Golden;
import wherefore.testkit.MethodContract;
import wherefore.testkit.TestModels;

class DeepShapTest extends MethodContract {
  @Override
  protected AttributionMethod<?> method() {
    return new DeepShap();
  }

  @Test
  void ofALinearModelItIsShapleysValue() {
    Tensor background = Tensor.of(Shape.of(4, 2), 0.0, 1.0, 2.0, -1.0, 4.0, 0.5, -2.0, 3.5);
    AttributionRequest request =
        AttributionRequest.of(
                TestModels.linear(3, -2), Tensor.of(Shape.of(1, 2), 5.0, 7.0), "deep-shap")
            .withBaseline(new Baseline.Given(background, "four"));
    Attribution attribution = attributor().attribute(request);
    assertEquals(3 * (5 - 1.0), attribution.value().get(0), 1e-12);
    assertEquals(-2 * (7 - 1.0), attribution.value().get(1), 1e-12);
    double deviation = 3 * Math.sqrt((1 + 1 + 9 + 9) / 3.0);
    double error = attribution.errors().firstEntry().getValue().get(0);
    assertEquals(deviation / 2, error, 1e-12);
  }

  static Stream<String> networks() {
    return Golden.models().stream();
  }

  /** The input's one pass serves all rows, whatever axis a layer has its rows on. */
  @ParameterizedTest
  @MethodSource("networks")
  void theMeanOfManyIsTheMeanOfEach(String name) throws Exception {
    Model model = Networks.load(name);
    Tensor x = Golden.tensor(name, "input.npy");
    Tensor[] baselines =
        IntStream.range(0, 3)
            .mapToObj(k -> x.zip(Golden.tensor(name, "baseline.npy"), (a, c) -> c + 0.2 * k * a))
            .toArray(Tensor[]::new);
    AttributionRequest request = AttributionRequest.of(model, x, "deep-shap");
    double[] mean = new double[x.size()];
    for (Tensor baseline : baselines) {
      double[] each = explain(request, baseline).value().toDoubles();
      Arrays.setAll(mean, i -> mean[i] + each[i] / baselines.length);
    }
    Attribution all = explain(request, Tensor.concatRows(Arrays.asList(baselines)));
    double largest = Arrays.stream(mean).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < mean.length; i++) {
      assertEquals(mean[i], all.value().get(i), 1e-12 * largest, name + " element " + i);
    }
    assertTrue(all.errors().firstEntry().getValue().get(0) >= 0);
  }

  private static Attribution explain(AttributionRequest request, Tensor baselines) {
    return attributor()
        .attribute(
            request.withBackend("reference").withBaseline(new Baseline.Given(baselines, "given")));
  }
}
