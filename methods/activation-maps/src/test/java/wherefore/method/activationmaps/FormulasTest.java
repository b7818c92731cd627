package wherefore.method.activationmaps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Attributor;
import wherefore.attribution.Target;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.TestModels;

/** Against the papers' formulas, written out for {@link Plain}'s network. */
class FormulasTest {
  private static final double CLOSE = 1e-9;
  private static final int TARGET = 0;

  private final Plain plain = new Plain();

  private Attribution ask(String method, Object... options) {
    return ask(plain.model(), plain.input(), method, options);
  }

  private static Attribution ask(Model model, Tensor x, String method, Object... options) {
    AttributionRequest request =
        AttributionRequest.of(model, x, method).withTarget(Target.of(TARGET));
    for (int i = 0; i < options.length; i += 2) {
      request = request.withOption(String.valueOf(options[i]), options[i + 1]);
    }
    return ServiceLoader.load(Attributor.class).findFirst().orElseThrow().attribute(request);
  }

  private static void assertClose(double[] expected, Tensor actual) {
    assertEquals(expected.length, actual.size());
    double scale = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertTrue(scale > 0, "nothing is compared");
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual.get(i), CLOSE * scale, "element " + i);
    }
  }

  private void assertMap(String method, double[] expected) {
    Attribution raw = ask(method, "relu", false, "upsample", false);
    assertEquals(List.of("act"), List.copyOf(raw.values().keySet()));
    assertClose(expected, raw.value());
    double[] positive = Arrays.stream(expected).map(v -> Math.max(v, 0)).toArray();
    assertClose(positive, ask(method, "upsample", false).value());
    Attribution wide = ask(method);
    assertEquals(List.of("x"), List.copyOf(wide.values().keySet()));
    assertEquals(Shape.of(1, 1, Plain.ROWS, Plain.COLUMNS), wide.value().shape());
    assertClose(Plain.upsampled(positive), wide.value());
  }

  private double[] weighted(double[] weights) {
    double[] map = new double[Plain.PLACES];
    double[] a = plain.activations(plain.input().toDoubles());
    for (int i = 0; i < a.length; i++) {
      map[i % Plain.PLACES] += weights[i / Plain.PLACES] * a[i];
    }
    return map;
  }

  private double[] weights(IntToDoubleFunction ofChannel) {
    return IntStream.range(0, Plain.CHANNELS).mapToDouble(ofChannel).toArray();
  }

  /** Σ over a channel's places. */
  private static double sum(int channel, IntToDoubleFunction ofElement) {
    return IntStream.range(channel * Plain.PLACES, (channel + 1) * Plain.PLACES)
        .mapToDouble(ofElement)
        .sum();
  }

  private double[] a() {
    return plain.activations(plain.input().toDoubles());
  }

  private double[] g() {
    return plain.gradient(a(), TARGET);
  }

  @Test
  void gradCam() {
    double[] g = g();
    assertMap("grad-cam", weighted(weights(c -> sum(c, i -> g[i]) / Plain.PLACES)));
  }

  @Test
  void gradCamPlusPlus() {
    double[] a = a();
    double[] g = g();
    double[] weights =
        weights(
            c -> {
              double all = sum(c, i -> a[i]);
              return sum(
                  c,
                  i -> {
                    double divisor = 2 * g[i] * g[i] + all * Math.pow(g[i], 3);
                    double alpha = divisor == 0 ? 0 : g[i] * g[i] / divisor;
                    return alpha * Math.max(g[i], 0);
                  });
            });
    assertMap("grad-cam-plus-plus", weighted(weights));
  }

  @Test
  void xGradCam() {
    double[] a = a();
    double[] g = g();
    assertMap("xgrad-cam", weighted(weights(c -> sum(c, i -> g[i] * a[i]) / sum(c, i -> a[i]))));
  }

  @Test
  void hiResCam() {
    double[] a = a();
    double[] g = g();
    double[] map = new double[Plain.PLACES];
    IntStream.range(0, a.length).forEach(i -> map[i % Plain.PLACES] += a[i] * g[i]);
    assertMap("hires-cam", map);
  }

  @Test
  void layerCam() {
    double[] a = a();
    double[] g = g();
    double[] map = new double[Plain.PLACES];
    IntStream.range(0, a.length).forEach(i -> map[i % Plain.PLACES] += a[i] * Math.max(g[i], 0));
    assertMap("layer-cam", map);
  }

  @Test
  void ablationCam() {
    double f = plain.head(a(), TARGET);
    double[] weights =
        weights(
            c -> {
              double[] a = a();
              Arrays.fill(a, c * Plain.PLACES, (c + 1) * Plain.PLACES, 0);
              return (f - plain.head(a, TARGET)) / Math.abs(f);
            });
    assertMap("ablation-cam", weighted(weights));
  }

  @Test
  void scoreCam() {
    double[] a = a();
    double[] scores =
        weights(
            c -> {
              double[] mask =
                  Plain.upsampled(Arrays.copyOfRange(a, c * Plain.PLACES, (c + 1) * Plain.PLACES));
              double low = Arrays.stream(mask).min().orElseThrow();
              double high = Arrays.stream(mask).max().orElseThrow();
              double[] x = plain.input().toDoubles();
              for (int i = 0; i < x.length; i++) {
                x[i] *= (mask[i % mask.length] - low) / (high - low);
              }
              return plain.head(plain.activations(x), TARGET);
            });
    double all = Arrays.stream(scores).map(Math::exp).sum();
    assertMap("score-cam", weighted(weights(c -> Math.exp(scores[c]) / all)));
  }

  /** By Jacobi rotations of A Aᵀ. */
  @Test
  void eigenCam() {
    double[] a = a();
    double[][] gram = new double[Plain.CHANNELS][Plain.CHANNELS];
    for (int c = 0; c < Plain.CHANNELS; c++) {
      for (int d = 0; d < Plain.CHANNELS; d++) {
        for (int p = 0; p < Plain.PLACES; p++) {
          gram[c][d] += a[c * Plain.PLACES + p] * a[d * Plain.PLACES + p];
        }
      }
    }
    double trace = IntStream.range(0, Plain.CHANNELS).mapToDouble(c -> gram[c][c]).sum();
    double[] first = Plain.firstEigenvector(gram);
    double[] map = weighted(first);
    double sign = Math.signum(Arrays.stream(map).sum());
    assertMap("eigen-cam", Arrays.stream(map).map(v -> sign * v).toArray());
    double square = Arrays.stream(map).map(v -> v * v).sum();
    assertEquals(square / trace, ask("eigen-cam").facts().getOrDefault("share", -1.0), 1e-12);
  }

  /** The places' mean is f_t less the bias. */
  @Test
  void cam() {
    Model model = TestModels.pooled();
    Tensor x = TestModels.example(model, 11);
    Attribution map = ask(model, x, "cam", "relu", false, "upsample", false);
    assertEquals(Shape.of(1, 1, 3, 3), map.value().shape());
    Attribution hires = ask(model, x, "hires-cam", "relu", false, "upsample", false);
    assertClose(Arrays.stream(hires.value().toDoubles()).map(v -> 9 * v).toArray(), map.value());
    Tensor zero = Tensor.zeros(x.type(), x.shape());
    double bias = ask(model, zero, "cam").provenance().orElseThrow().output();
    double f = map.provenance().orElseThrow().output();
    assertEquals(f - bias, map.sum() / 9, 1e-12);
  }

  @Test
  void camRefusesAnotherHead() {
    Model model = TestModels.convolutional();
    AttributionException refusal =
        assertThrows(
            AttributionException.class, () -> ask(model, TestModels.example(model, 1), "cam"));
    assertEquals(
        "cam: behind layer residual comes reshape",
        String.valueOf(refusal.getMessage()).split(" %")[0]);
  }

  /** Guided backpropagation of the plain network is its gradient where ReLUs agree. */
  @Test
  void guidedGradCam() {
    double[] g = g();
    double[] map = weighted(weights(c -> sum(c, i -> g[i]) / Plain.PLACES));
    double[] lit = Plain.upsampled(Arrays.stream(map).map(v -> Math.max(v, 0)).toArray());
    double[] guided = plain.guided(TARGET);
    double[] expected = new double[guided.length];
    Arrays.setAll(expected, i -> guided[i] * lit[i % lit.length]);
    assertClose(expected, ask("guided-grad-cam").value());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "grad-cam",
        "grad-cam-plus-plus",
        "hires-cam",
        "layer-cam",
        "xgrad-cam",
        "eigen-cam",
        "score-cam",
        "ablation-cam",
        "guided-grad-cam"
      })
  void saysWhichLayerItTook(String method) {
    assertEquals("act", ask(method).provenance().orElseThrow().to());
  }

  @Test
  void aModelWithoutPlacesIsRefused() {
    Model model = TestModels.perceptron();
    AttributionException refusal =
        assertThrows(
            AttributionException.class, () -> ask(model, TestModels.example(model, 1), "grad-cam"));
    assertTrue(
        String.valueOf(refusal.getMessage())
            .contains("model perceptron has no layer with spatial extent before"),
        refusal.getMessage());
  }

  @Test
  void aLayerWithoutPlacesIsRefused() {
    AttributionRequest request =
        AttributionRequest.of(plain.model(), plain.input(), "grad-cam").withTo("hidden");
    Attributor attributor = ServiceLoader.load(Attributor.class).findFirst().orElseThrow();
    AttributionException refusal =
        assertThrows(AttributionException.class, () -> attributor.attribute(request));
    assertTrue(
        String.valueOf(refusal.getMessage())
            .contains(
                "layer hidden yields f64[1,5]; a map needs channels and places: [1, channels,"
                    + " extents…]"),
        refusal.getMessage());
  }
}
