package wherefore.method.paths;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.graph.Graph;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.Preprocessing;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.MethodContract;
import wherefore.testkit.TestModels;

class BlurIntegratedGradientsTest extends MethodContract {
  private static final String ID = "blur-integrated-gradients";
  private static final int ROWS = 4;
  private static final int COLUMNS = 5;
  private static final int SIZE = ROWS * COLUMNS;

  @Override
  protected AttributionMethod<?> method() {
    return new BlurIntegratedGradients();
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("steps", "7");
  }

  @Override
  protected boolean takes(Model model) {
    return !model.name().equals("perceptron");
  }

  /** The contract's model for it takes no images; below there is another one. */
  @Override
  protected boolean ignoresDummies() {
    return false;
  }

  private static double fact(Attribution answer, String name) {
    return Objects.requireNonNull(answer.facts().get(name), name);
  }

  private static Tensor image(double... pixels) {
    return Tensor.of(Shape.of(1, 1, 1, pixels.length), pixels);
  }

  /** The product of the first two pixels. */
  private static Model product() {
    return TestModels.of(
        "product",
        Shape.of(1, 1, 3),
        1,
        (b, x) -> {
          Value flat = b.reshape(x, Shape.of(x.shape().dim(0), 3));
          return b.mul(b.slice(flat, 1, 0, 1), b.slice(flat, 1, 1, 2));
        });
  }

  /** f = Σ_j v_j tanh(w_j · z). */
  private static final class Waves {
    private static final int UNITS = 3;
    private final Tensor w = TestModels.normal(new SplittableRandom(1), Shape.of(SIZE, UNITS), 0.4);
    private final Tensor v = TestModels.normal(new SplittableRandom(2), Shape.of(UNITS, 1), 1);

    Model model() {
      return TestModels.of(
          "waves",
          Shape.of(1, ROWS, COLUMNS),
          1,
          (b, x) -> {
            Value flat = b.reshape(x, Shape.of(x.shape().dim(0), SIZE));
            Value h = b.unary(UnaryFunction.TANH, b.matMul(flat, b.constant(w)));
            return b.matMul(h, b.constant(v));
          });
    }

    double[] gradient(double[] z) {
      double[] g = new double[SIZE];
      for (int j = 0; j < UNITS; j++) {
        double sum = 0;
        for (int i = 0; i < SIZE; i++) {
          sum += z[i] * w.get(i * UNITS + j);
        }
        double slope = v.get(j) * (1 - Math.tanh(sum) * Math.tanh(sum));
        for (int i = 0; i < SIZE; i++) {
          g[i] += slope * w.get(i * UNITS + j);
        }
      }
      return g;
    }
  }

  /** In two dimensions at once, over all of the image. */
  private static double[] blurred(double[] x, double s) {
    double[] z = new double[SIZE];
    for (int i = 0; i < SIZE; i++) {
      double weights = 0;
      for (int j = 0; j < SIZE; j++) {
        double down = i / COLUMNS - j / COLUMNS;
        double right = i % COLUMNS - j % COLUMNS;
        double g = Math.exp(-(down * down + right * right) / (2 * s * s));
        z[i] += g * x[j];
        weights += g;
      }
      z[i] /= weights;
    }
    return z;
  }

  /** The paper's formula: gradient times the derivative by the scale, at many scales. */
  @Test
  void agreesWithTheFormulaInPlainJava() {
    Waves waves = new Waves();
    Tensor x = TestModels.normal(new SplittableRandom(3), Shape.of(1, 1, ROWS, COLUMNS), 1);
    double sigma = 6;
    int points = 40_000;
    double small = 1e-6;
    double[] expected = new double[SIZE];
    for (int k = 0; k < points; k++) {
      double s = sigma * (k + 0.5) / points;
      double[] g = waves.gradient(blurred(x.toDoubles(), s));
      double[] above = blurred(x.toDoubles(), s + small);
      double[] below = blurred(x.toDoubles(), s - small);
      for (int i = 0; i < SIZE; i++) {
        expected[i] -= g[i] * (above[i] - below[i]) / (2 * small) * sigma / points;
      }
    }
    Attribution answer =
        attributor()
            .attribute(
                AttributionRequest.of(waves.model(), x, ID)
                    .withOption("sigma", sigma)
                    .withOption("steps", 2000));
    assertArrayEquals(expected, answer.value().toDoubles(), 1e-5);
    assertEquals(0, fact(answer, "residual"), 1e-5);
    assertEquals(sigma, fact(answer, "sigma"));
  }

  /** A quarter of the residual for twice the steps. */
  @Test
  void theResidualFallsWithTheSquareOfTheSteps() {
    Model model = new Waves().model();
    AttributionRequest request =
        AttributionRequest.of(model, TestModels.example(model, 9), ID).withOption("sigma", 3);
    double coarse = fact(attributor().attribute(request.withOption("steps", 100)), "residual");
    double fine = fact(attributor().attribute(request.withOption("steps", 200)), "residual");
    assertEquals(4, coarse / fine, 0.1);
  }

  /** The same ends, and so the same sum: x₁ x₂ less its value for the blurred image. */
  @Test
  void theSharesAreNotThoseOfTheStraightLineTheirSumIs() {
    AttributionRequest request =
        AttributionRequest.of(product(), image(2, 3, -1), ID).withOption("sigma", 2);
    Attribution blur = attributor().attribute(request);
    Attribution straight =
        attributor()
            .attribute(
                request
                    .withMethod("integrated-gradients")
                    .withOptions(Map.of("quadrature", "gauss-legendre", "steps", "5"))
                    .withBaseline(new Baseline.Blurred(2)));
    double change = 6 - fact(blur, "output-at-baseline");
    assertEquals(change, blur.sum(), 1e-12);
    assertEquals(change, straight.sum(), 1e-12);
    double apart = blur.value().get(0) - straight.value().get(0);
    assertTrue(Math.abs(apart) > 0.05, "they are " + apart + " apart");
    assertEquals(0, blur.value().get(2), "the function ignores the third pixel");
  }

  @Test
  void ofALinearModelAnyNumberOfStepsIsExact() {
    Tensor weights = Tensor.of(Shape.of(4, 1), 1, -2, 3, 0.5);
    Model linear =
        TestModels.of(
            "linear",
            Shape.of(1, 2, 2),
            1,
            (b, x) -> b.matMul(b.reshape(x, Shape.of(x.shape().dim(0), 4)), b.constant(weights)));
    Tensor x = Tensor.of(Shape.of(1, 1, 2, 2), 4.0, 1, -3, 2);
    AttributionRequest request = AttributionRequest.of(linear, x, ID);
    Attribution one = attributor().attribute(request.withOption("steps", 1));
    Attribution many = attributor().attribute(request.withOption("steps", 30));
    assertArrayEquals(one.value().toDoubles(), many.value().toDoubles(), 1e-12);
    assertEquals(0, fact(one, "residual"), 1e-12);
    assertEquals(2 / 6.0, fact(one, "sigma"), "a sixth of the longest side");
  }

  /** The same image, its channels behind its columns: the card says so. */
  @Test
  void channelsAreNotBlurredWhereverTheyAre() {
    Model first = TestModels.convolutional();
    Tensor image = TestModels.example(first, 8);
    Model last =
        channelsLast(
            TestModels.of(
                "last",
                Shape.of(7, 6, 2),
                4,
                (b, x) -> {
                  Value turned = b.transpose(x, List.of(0, 3, 1, 2));
                  Graph graph = first.graph(Map.of("x", turned.shape()));
                  return b.inline(graph, Map.of(0, turned)).of(graph.output("y"));
                }));
    double[] given = image.toDoubles();
    double[] turned = new double[given.length];
    Arrays.setAll(turned, i -> given[i % 2 * 42 + i / 2]);
    Tensor behind = Tensor.of(Shape.of(1, 7, 6, 2), turned);
    Attribution expected = attributor().attribute(AttributionRequest.of(first, image, ID));
    Attribution found = attributor().attribute(AttributionRequest.of(last, behind, ID));
    double[] shares = expected.value().toDoubles();
    Arrays.setAll(turned, i -> shares[i % 2 * 42 + i / 2]);
    assertArrayEquals(turned, found.value().toDoubles(), 1e-12);
    assertEquals(7 / 6.0, fact(found, "sigma"), 1e-15);
  }

  private static Model channelsLast(Model m) {
    List<Double> one = List.of(1.0);
    ModelCard card =
        ModelCard.EMPTY.withPreprocessing(
            new Preprocessing.Image(
                6,
                7,
                Preprocessing.Channels.RGB,
                Preprocessing.Layout.NHWC,
                one,
                List.of(0.0),
                one));
    return new Model(
        m.name(), m.format(), m.digest(), m.source(), card, m.inputs(), m.outputs(), m.network());
  }

  @Test
  void whatHasNoRowsAndColumnsIsRefused() {
    AttributionRequest request = request(TestModels.perceptron(), 3);
    AttributionException refusal =
        assertThrows(AttributionException.class, () -> attributor().attribute(request));
    String message = Objects.requireNonNull(refusal.getMessage());
    assertTrue(
        message.startsWith(
            "blur-integrated-gradients: x is of shape [1,6]; images are blurred, such as [n,"
                + " channels, rows, columns]"),
        message);
  }
}
