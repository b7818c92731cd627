package wherefore.method.bottleneck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Attributor;
import wherefore.attribution.Baseline;
import wherefore.attribution.Target;
import wherefore.graph.Composite;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Window;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.TestModels;

/**
 * The paper's formulas in loops over plain numbers, with the same noise, and the gradient by finite
 * differences of the loss: x [1, 4, 6], a convolution 2×2 with stride 2 to 2 channels, ReLU ({@code
 * act}: 2 × 3 places), dense to 4, tanh, dense to 3 classes.
 */
class FormulaTest {
  private static final int ROWS = 2;
  private static final int COLUMNS = 3;
  private static final int PLACES = ROWS * COLUMNS;
  private static final int UNITS = 2 * PLACES;
  private static final int HIDDEN = 4;
  private static final int CLASSES = 3;
  private static final int TARGET = 1;
  private static final int SAMPLES = 4;
  private static final int STEPS = 6;
  private static final int EXAMPLES = 7;
  private static final double BETA = 3;
  private static final double START = 2;
  private static final double RATE = 0.8;
  private static final double FLOOR = 0.4;
  private static final long SEED = 21;

  private final Tensor kernel;
  private final Tensor bias;
  private final Tensor hidden;
  private final Tensor out;
  private final Tensor input;
  private final Tensor background;

  FormulaTest() {
    SplittableRandom random = new SplittableRandom(19);
    kernel = TestModels.normal(random, Shape.of(2, 1, 2, 2), 0.7);
    bias = TestModels.normal(random, Shape.of(2), 0.3);
    hidden = TestModels.normal(random, Shape.of(UNITS, HIDDEN), 0.4);
    out = TestModels.normal(random, Shape.of(HIDDEN, CLASSES), 1.5);
    input = TestModels.normal(random, Shape.of(1, 1, 2 * ROWS, 2 * COLUMNS), 1);
    background = TestModels.normal(random, Shape.of(EXAMPLES, 1, 2 * ROWS, 2 * COLUMNS), 1);
  }

  private Model model() {
    return TestModels.of(
        "small",
        Shape.of(1, 2 * ROWS, 2 * COLUMNS),
        CLASSES,
        (b, x) -> {
          var conv = new Primitive.Conv(Window.of(2, 2).strides(2, 2), 1);
          var h = b.at("conv").apply(conv, x, b.constant(kernel), b.constant(bias));
          h = b.at("act").apply(new Composite.Relu(), h);
          h = b.at("flat").reshape(h, Shape.of(x.shape().dim(0), UNITS));
          h = b.at("hidden").matMul(h, b.constant(hidden));
          h = b.at("tanh").unary(UnaryFunction.TANH, h);
          h = b.at("out").matMul(h, b.constant(out));
          return b.at("softmax").apply(new Composite.Softmax(1), h);
        });
  }

  private double[] act(double[] x) {
    double[] a = new double[UNITS];
    for (int i = 0; i < UNITS; i++) {
      int row = i % PLACES / COLUMNS;
      int column = i % COLUMNS;
      double sum = bias.get(i / PLACES);
      for (int k = 0; k < 4; k++) {
        int pixel = (2 * row + k / 2) * 2 * COLUMNS + 2 * column + k % 2;
        sum += kernel.get(i / PLACES * 4 + k) * x[pixel];
      }
      a[i] = Math.max(sum, 0);
    }
    return a;
  }

  private double crossEntropy(double[] a) {
    double[] logits = new double[CLASSES];
    for (int j = 0; j < HIDDEN; j++) {
      double h = 0;
      for (int i = 0; i < UNITS; i++) {
        h += a[i] * hidden.get(i * HIDDEN + j);
      }
      for (int c = 0; c < CLASSES; c++) {
        logits[c] += Math.tanh(h) * out.get(j * CLASSES + c);
      }
    }
    return Math.log(Arrays.stream(logits).map(Math::exp).sum()) - logits[TARGET];
  }

  /** λ: the mean of sigmoid(α) of all places of the channel, weighed by a Gaussian around one. */
  private static double[] open(double[] alpha, double sigma) {
    double[] open = new double[UNITS];
    for (int i = 0; i < UNITS; i++) {
      double sum = 0;
      double weights = 0;
      for (int j = i / PLACES * PLACES; j < i / PLACES * PLACES + PLACES; j++) {
        int dy = (i % PLACES) / COLUMNS - (j % PLACES) / COLUMNS;
        int dx = i % COLUMNS - j % COLUMNS;
        double weight =
            sigma == 0 ? (i == j ? 1 : 0) : Math.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma));
        weights += weight;
        sum += weight / (1 + Math.exp(-alpha[j]));
      }
      open[i] = sum / weights;
    }
    return open;
  }

  private static double nats(double open, double surprise) {
    double variance = (1 - open) * (1 - open);
    return (variance + open * open * surprise * surprise - 1 - Math.log(variance)) / 2;
  }

  /** Two passes, and the least deviation. */
  private double[][] statistics() {
    double[][] all = new double[EXAMPLES][];
    for (int k = 0; k < EXAMPLES; k++) {
      all[k] = act(background.rows(k, k + 1).toDoubles());
    }
    double[] mean = new double[UNITS];
    double[] deviation = new double[UNITS];
    for (int i = 0; i < UNITS; i++) {
      for (double[] a : all) {
        mean[i] += a[i] / EXAMPLES;
      }
      for (double[] a : all) {
        deviation[i] += Math.pow(a[i] - mean[i], 2) / (EXAMPLES - 1);
      }
    }
    double least = FLOOR * Math.sqrt(Arrays.stream(deviation).sum() / UNITS);
    Arrays.setAll(deviation, i -> Math.max(Math.sqrt(deviation[i]), least));
    assertTrue(Arrays.stream(deviation).anyMatch(d -> d == least), "no unit is at the floor");
    return new double[][] {mean, deviation};
  }

  private double loss(double[] alpha, double sigma, double[][] noise) {
    double[] r = act(input.toDoubles());
    double[][] statistics = statistics();
    double[] open = open(alpha, sigma);
    double loss = 0;
    for (double[] n : noise) {
      double[] z = new double[UNITS];
      for (int i = 0; i < UNITS; i++) {
        z[i] = open[i] * r[i] + (1 - open[i]) * (statistics[0][i] + statistics[1][i] * n[i]);
      }
      loss += crossEntropy(z) / SAMPLES;
    }
    for (int i = 0; i < UNITS; i++) {
      loss += BETA * nats(open[i], (r[i] - statistics[0][i]) / statistics[1][i]) / UNITS;
    }
    return loss;
  }

  private double[] byHand(double sigma) {
    double[] alpha = new double[UNITS];
    Arrays.fill(alpha, START);
    double[] m = new double[UNITS];
    double[] v = new double[UNITS];
    double h = 1e-5;
    for (int t = 1; t <= STEPS; t++) {
      double[][] noise = noise(t - 1);
      double[] g = new double[UNITS];
      for (int i = 0; i < UNITS; i++) {
        double[] up = alpha.clone();
        double[] down = alpha.clone();
        up[i] += h;
        down[i] -= h;
        g[i] = (loss(up, sigma, noise) - loss(down, sigma, noise)) / (2 * h);
      }
      for (int i = 0; i < UNITS; i++) {
        m[i] = 0.9 * m[i] + 0.1 * g[i];
        v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
        double mean = m[i] / (1 - Math.pow(0.9, t));
        double root = Math.sqrt(v[i] / (1 - Math.pow(0.999, t)));
        alpha[i] -= RATE * mean / (root + 1e-8);
      }
    }
    return alpha;
  }

  private double[][] noise(int step) {
    double[][] noise = new double[SAMPLES][];
    for (int k = 0; k < SAMPLES; k++) {
      AttributionRequest draw =
          AttributionRequest.of(model(), input, "gaussian-draws")
              .withTo("act")
              .withSeed(SEED)
              .withOption("purpose", "noise/" + step + "/" + k);
      noise[k] = attributor().attribute(draw).value().toDoubles();
    }
    return noise;
  }

  private static Attributor attributor() {
    return ServiceLoader.load(Attributor.class).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, 2.5})
  void isThePapersFormula(double sigma) {
    Attribution answer =
        attributor()
            .attribute(
                AttributionRequest.of(model(), input, InformationBottleneck.ID)
                    .withTarget(Target.of(TARGET))
                    .withBaseline(new Baseline.Given(background, "seven"))
                    .withSeed(SEED)
                    .withOption("beta", BETA)
                    .withOption("iterations", STEPS)
                    .withOption("samples", SAMPLES)
                    .withOption("start", START)
                    .withOption("rate", RATE)
                    .withOption("floor", FLOOR)
                    .withOption("smoothing", sigma)
                    .withOption("upsample", false));
    assertEquals(List.of("act"), List.copyOf(answer.values().keySet()));
    double[] alpha = byHand(sigma);
    double[] open = open(alpha, sigma);
    double[] r = act(input.toDoubles());
    double[][] statistics = statistics();
    double[] expected = new double[PLACES];
    for (int i = 0; i < UNITS; i++) {
      double surprise = (r[i] - statistics[0][i]) / statistics[1][i];
      expected[i % PLACES] += nats(open[i], surprise) / Math.log(2);
    }
    double scale = Arrays.stream(expected).max().orElseThrow();
    assertTrue(scale > 0.1, "nothing is compared");
    for (int i = 0; i < PLACES; i++) {
      assertEquals(expected[i], answer.value().get(i), 1e-6 * scale, "place " + i);
    }
    assertEquals(answer.sum(), answer.facts().getOrDefault("bits", -1.0), 1e-9 * scale);
    double entropy = loss(alpha, sigma, noise(STEPS)) - BETA * answer.sum() * Math.log(2) / UNITS;
    assertEquals(entropy, answer.facts().getOrDefault("cross-entropy", -1.0), 1e-5);
  }
}
