package wherefore.method.perturbation;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.attribution.Target;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.MethodContract;
import wherefore.testkit.TestModels;

class OcclusionTest extends MethodContract {
  @Override
  protected AttributionMethod<?> method() {
    return new Occlusion();
  }

  // --- second implementation ------------------------------------------------------------------

  /** The mean over windows that cover an element, each occluded input computed whole. */
  private static double[] byHand(
      Model model, Tensor x, Tensor baseline, int[] window, int[] stride, int target) {
    Shape shape = x.shape();
    double[] sums = new double[x.size()];
    double[] counts = new double[x.size()];
    for (int c = 0; c < positions(shape.dim(1), window[0], stride[0]); c++) {
      for (int i = 0; i < positions(shape.dim(2), window[1], stride[1]); i++) {
        for (int j = 0; j < positions(shape.dim(3), window[2], stride[2]); j++) {
          int[] start = {c * stride[0], i * stride[1], j * stride[2]};
          double lost = f(model, x, target) - f(model, hidden(x, baseline, start, window), target);
          for (int e = 0; e < x.size(); e++) {
            if (covers(shape, e, start, window)) {
              sums[e] += lost;
              counts[e]++;
            }
          }
        }
      }
    }
    Arrays.setAll(sums, e -> sums[e] / counts[e]);
    return sums;
  }

  private static int positions(int extent, int window, int stride) {
    return (int) Math.ceil((double) (extent - window) / stride) + 1;
  }

  private static boolean covers(Shape shape, int element, int[] start, int[] window) {
    int column = element % shape.dim(3);
    int row = element / shape.dim(3) % shape.dim(2);
    int channel = element / shape.dim(3) / shape.dim(2);
    return channel >= start[0]
        && channel < start[0] + window[0]
        && row >= start[1]
        && row < start[1] + window[1]
        && column >= start[2]
        && column < start[2] + window[2];
  }

  private static Tensor hidden(Tensor x, Tensor baseline, int[] start, int[] window) {
    double[] values = x.toDoubles();
    for (int e = 0; e < values.length; e++) {
      values[e] = covers(x.shape(), e, start, window) ? baseline.get(e) : values[e];
    }
    return Tensor.of(x.shape(), values);
  }

  private static double f(Model model, Tensor x, int target) {
    Map<String, Tensor> outputs =
        attributor().predict(model, Map.of("x", x), Optional.of("reference"));
    return requireNonNull(outputs.get("y")).get(target);
  }

  /** To the bit, for windows in the corners as within. */
  @Test
  void whatIsRecomputedIsWhatAFullPassComputes() {
    long first = new SplittableRandom().nextLong(1 << 20);
    List<Double> shares = new ArrayList<>();
    for (long seed = first; seed < first + 60; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Model model = RandomImages.model(seed);
      Tensor x = TestModels.example(model, seed);
      Tensor baseline = TestModels.normal(random, x.shape(), 1);
      int[] window = {1 + random.nextInt(2), 1 + random.nextInt(5), 1 + random.nextInt(4)};
      int[] stride = {1, 1 + random.nextInt(window[1]), 1 + random.nextInt(window[2])};
      Attribution actual =
          attributor()
              .attribute(
                  AttributionRequest.of(model, x, "occlusion")
                      .withBackend("reference")
                      .withTarget(Target.of(1))
                      .withBaseline(new Baseline.Given(baseline, "drawn"))
                      .withOption("window", text(window))
                      .withOption("stride", text(stride)));
      double[] expected = byHand(model, x, baseline, window, stride, 1);
      assertArrayEquals(expected, actual.value().toDoubles(), 0, "seed " + seed);
      shares.add(fact(actual, "work") / (fact(actual, "windows") + 1));
    }
    shares.sort(null);
    assertTrue(shares.get(shares.size() / 2) < 0.5, "seeds from " + first + ": work " + shares);
  }

  private static String text(int[] numbers) {
    return Arrays.toString(numbers).replaceAll("[\\[\\] ]", "");
  }

  private static double fact(Attribution attribution, String name) {
    return requireNonNull(attribution.facts().get(name));
  }

  // --- literal cases --------------------------------------------------------------------------

  private static AttributionRequest asked(double[] weights, double... x) {
    return AttributionRequest.of(
            TestModels.linear(weights), Tensor.of(Shape.of(1, x.length), x), "occlusion")
        .withBaseline(new Baseline.Zero());
  }

  @Test
  void anElementGetsTheMeanOverTheWindowsThatCoverIt() {
    AttributionRequest request =
        asked(new double[] {1, 2, 3, 4}, 1, 1, 1, 1)
            .withOption("window", "3")
            .withOption("stride", "2");
    Attribution answer = attributor().attribute(request);
    assertArrayEquals(new double[] {6, 6, 6.5, 7}, answer.value().toDoubles(), 1e-12);
    assertEquals(2, fact(answer, "windows"));
  }

  @Test
  void severalBaselinesGiveTheMean() {
    Tensor two = Tensor.of(Shape.of(2, 2), 0, 0, 1, 4.0);
    AttributionRequest request =
        asked(new double[] {2, 1}, 3, 2).withBaseline(new Baseline.Given(two, "two"));
    double[] values = attributor().attribute(request).value().toDoubles();
    assertArrayEquals(new double[] {(6 + 4) / 2.0, (2 - 2) / 2.0}, values, 1e-12);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2,2 | auto | occlusion: window '2,2' must be auto or 1 positive numbers",
        "x   | auto | occlusion: window 'x' must be auto",
        "5   | auto | occlusion: window 5 is larger than x, which is [1,2]",
        "1   | 2    | occlusion: stride 2 is larger than the window 1",
        "1   | 0    | occlusion: stride '0' must be auto",
      })
  void wrongWindowsAreRefused(String window, String stride, String expected) {
    AttributionRequest request =
        asked(new double[] {2, 1}, 3, 2).withOption("window", window).withOption("stride", stride);
    String message =
        assertThrows(AttributionException.class, () -> attributor().attribute(request))
            .getMessage();
    assertTrue(requireNonNull(message).contains(expected), message);
  }
}
