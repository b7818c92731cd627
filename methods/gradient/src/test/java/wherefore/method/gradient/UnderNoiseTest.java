package wherefore.method.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Attributor;
import wherefore.attribution.Moments;
import wherefore.graph.BinaryFunction;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.TestModels;

/** Statistics under noise, against models of which they are known. */
class UnderNoiseTest {
  private static final int SAMPLES = 4000;
  private static final double SIGMA = 0.5;

  /** How many standard errors a mean may be off: less than 1e-8 by chance. */
  private static final double OFF = 6;

  private static Attribution ask(Model model, Tensor x, String method, String... options) {
    AttributionRequest request = AttributionRequest.of(model, x, method).withSeed(5);
    for (int i = 0; i < options.length; i += 2) {
      request = request.withOption(options[i], options[i + 1]);
    }
    return ServiceLoader.load(Attributor.class).findFirst().orElseThrow().attribute(request);
  }

  /** f = Σ x³, whose gradient is 3x²: mean 3(x² + σ²), variance 9(4x²σ² + 2σ⁴). */
  private static Model cubes() {
    return TestModels.of(
        "cubes",
        Shape.of(3),
        1,
        (b, x) -> b.at("sum").sum(b.binary(BinaryFunction.POW, x, 3), List.of(1)));
  }

  private static final Tensor X = Tensor.of(Shape.of(1, 3), 1.0, -2.0, 0.5);

  private static Attribution cubes(String method) {
    return ask(
        cubes(),
        X,
        method,
        "samples",
        Integer.toString(SAMPLES),
        "noise",
        Double.toString(SIGMA),
        "absolute",
        "true");
  }

  private static void assertWithinErrors(double[] expected, Attribution actual) {
    Tensor errors = Objects.requireNonNull(actual.errors().get("x"));
    for (int i = 0; i < expected.length; i++) {
      double error = errors.get(i);
      assertTrue(error > 0 && error < 0.1 * Math.abs(expected[i]), "its error is " + error);
      assertEquals(expected[i], actual.value().get(i), OFF * error, "element " + i);
    }
  }

  @Test
  void theMeanIsWithinItsStandardError() {
    assertWithinErrors(
        Arrays.stream(X.toDoubles()).map(x -> 3 * (x * x + SIGMA * SIGMA)).toArray(),
        cubes("smoothgrad"));
  }

  /** E[9 y⁴] of y ~ N(x, σ²). */
  @Test
  void theMeanSquareIsWithinItsStandardError() {
    double s = SIGMA * SIGMA;
    assertWithinErrors(
        Arrays.stream(X.toDoubles())
            .map(x -> 9 * (Math.pow(x, 4) + 6 * x * x * s + 3 * s * s))
            .toArray(),
        cubes("smoothgrad-squared"));
  }

  @Test
  void theVarianceIsWithinItsStandardError() {
    double s = SIGMA * SIGMA;
    assertWithinErrors(
        Arrays.stream(X.toDoubles()).map(x -> 9 * (4 * x * x * s + 2 * s * s)).toArray(),
        cubes("vargrad"));
  }

  @Test
  void momentsAreThoseOfTwoPasses() {
    double[] values = {1e8 + 1, 1e8 + 4, 1e8 - 2, 1e8 + 8, 1e8 - 3};
    Moments moments = new Moments(1);
    Arrays.stream(values).forEach(v -> moments.add(i -> v));
    double mean = Arrays.stream(values).average().orElseThrow();
    double second = Arrays.stream(values).map(v -> Math.pow(v - mean, 2)).sum();
    double fourth = Arrays.stream(values).map(v -> Math.pow(v - mean, 4)).sum();
    double variance = second / 4;
    assertEquals(variance, moments.variances()[0], 1e-6);
    assertEquals(Math.sqrt(variance / 5), moments.errorsOfMeans()[0], 1e-6);
    assertEquals(
        Math.sqrt((fourth / 5 - 0.5 * variance * variance) / 5),
        moments.errorsOfVariances()[0],
        1e-5);
  }

  /** The noise of one seed is one, so that variance = n/(n−1) · (mean square − mean²). */
  @Test
  void theThreeStatisticsAgree() {
    Model model = TestModels.perceptron();
    Tensor x = TestModels.example(model, 2);
    double n = 11;
    double[] mean = ask(model, x, "smoothgrad", "samples", "11").value().toDoubles();
    double[] square = ask(model, x, "smoothgrad-squared", "samples", "11").value().toDoubles();
    double[] variance = ask(model, x, "vargrad", "samples", "11").value().toDoubles();
    double[] expected = new double[mean.length];
    Arrays.setAll(expected, i -> n / (n - 1) * (square[i] - mean[i] * mean[i]));
    assertArrayEquals(expected, variance, 1e-12);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gradient", "input-x-gradient", "guided-backprop", "deconvnet"})
  void withoutNoiseItIsTheMethodItself(String method) {
    Model model = TestModels.convolutional();
    Tensor x = TestModels.example(model, 3);
    double[] itself = ask(model, x, method).value().toDoubles();
    Attribution smooth = ask(model, x, "smoothgrad", "of", method, "noise", "0", "samples", "3");
    assertArrayEquals(itself, smooth.value().toDoubles(), 1e-12);
  }

  @Test
  void optionsAreHandedOn() {
    Model model = TestModels.linear(2, -3, 0.5);
    Attribution smooth = ask(model, X, "smoothgrad", "with", "absolute=true", "samples", "4");
    assertArrayEquals(new double[] {2, 3, 0.5}, smooth.value().toDoubles(), 1e-12);
  }

  @Test
  void whatCannotBeWrappedIsRefused() {
    List<String> messages = new ArrayList<>();
    for (String[] options :
        List.of(
            new String[] {"of", "smoothgrad"},
            new String[] {"of", "gradiant"},
            new String[] {"with", "absolute"},
            new String[] {"with", "nope=1"})) {
      AttributionException refusal =
          assertThrows(AttributionException.class, () -> ask(cubes(), X, "smoothgrad", options));
      messages.add(String.valueOf(refusal.getMessage()));
    }
    assertEquals(
        List.of(
            "method smoothgrad is no program that runs at a point; such are: deconvnet, gradient,"
                + " guided-backprop, input-x-gradient",
            "no method is named gradiant; nearest: gradient; known: deconvnet, gradient,"
                + " guided-backprop, input-x-gradient, smoothgrad, smoothgrad-squared, vargrad",
            "smoothgrad: option with has absolute; it must be name=value, several separated by"
                + " semicolons",
            "gradient has no option nope; known: absolute"),
        messages);
  }
}
