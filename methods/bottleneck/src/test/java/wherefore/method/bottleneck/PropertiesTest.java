package wherefore.method.bottleneck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Attributor;
import wherefore.attribution.Baseline;
import wherefore.attribution.Target;
import wherefore.graph.Composite;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Window;
import wherefore.model.Model;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.TestModels;

/** What is known of the answer beforehand, and what is refused. */
class PropertiesTest {
  private static AttributionRequest request(Model model, Tensor x) {
    Tensor background = TestModels.normal(new SplittableRandom(3), x.shape().with(0, 64), 1);
    return AttributionRequest.of(model, x, InformationBottleneck.ID)
        .withTarget(Target.of(0))
        .withBaseline(new Baseline.Given(background, "normal"))
        .withSeed(1);
  }

  private static Attribution answer(AttributionRequest request) {
    return ServiceLoader.load(Attributor.class).findFirst().orElseThrow().attribute(request);
  }

  private static void refused(AttributionRequest request, String... parts) {
    AttributionException refusal = assertThrows(AttributionException.class, () -> answer(request));
    String message = String.valueOf(refusal.getMessage());
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  /** Two classes by x0 − x1; x2 is not looked at. */
  private static Model difference() {
    Tensor weights = Tensor.of(Shape.of(3, 2), 4.0, -4, -4, 4, 0, 0);
    return TestModels.of(
        "difference", Shape.of(3), 2, (b, x) -> b.at("y").matMul(x, b.constant(weights)));
  }

  @Test
  void aUnitThatDoesNothingSaysNothing() {
    Attribution answer =
        answer(request(difference(), Tensor.of(Shape.of(1, 3), 1, -1, 1.0)).withOption("beta", 1));
    assertEquals(Shape.of(1, 3), answer.value().shape());
    double[] bits = answer.value().toDoubles();
    assertTrue(bits[2] < 1e-3, "the third says " + bits[2]);
    assertTrue(bits[0] > 0.1 && bits[1] > 0.1, Arrays.toString(bits));
  }

  /** What noise can't spoil is not worth a bit, and what costs nothing stays. */
  @Test
  void theMoreABitCostsTheFewerPass() {
    AttributionRequest request = request(difference(), Tensor.of(Shape.of(1, 3), 1, -1, 1.0));
    double before = Double.POSITIVE_INFINITY;
    for (double beta : List.of(0.0, 1.0, 100.0)) {
      double bits = answer(request.withOption("beta", beta)).sum();
      assertTrue(bits < before, beta + ": " + bits);
      before = bits;
    }
    assertTrue(before < 0.01, "at last " + before);
  }

  /** Two classes by what is in the 4×4 places at the top left of 12×12. */
  private static Model corner() {
    double[] weights = new double[144 * 2];
    for (int i = 0; i < 144; i++) {
      boolean isCorner = i / 12 < 4 && i % 12 < 4;
      weights[2 * i] = isCorner ? 0.5 : 0;
      weights[2 * i + 1] = isCorner ? -0.5 : 0;
    }
    Tensor dense = Tensor.of(Shape.of(144, 2), weights);
    Tensor kernel = Tensor.of(Shape.of(1, 1, 1, 1), 1.0);
    return TestModels.of(
        "corner",
        Shape.of(1, 12, 12),
        2,
        (b, x) -> {
          var h = b.at("conv").apply(new Primitive.Conv(Window.of(1, 1), 1), x, b.constant(kernel));
          h = b.at("flat").reshape(h, Shape.of(x.shape().dim(0), 144));
          return b.at("y").matMul(h, b.constant(dense));
        });
  }

  @Test
  void theOnlyRegionThatMattersShows() {
    Tensor x = Tensor.full(ElementType.FLOAT64, Shape.of(1, 1, 12, 12), 0.5);
    Attribution answer = answer(request(corner(), x).withOption("beta", 1));
    assertEquals("conv", answer.provenance().orElseThrow().to());
    double inside = 0;
    double least = Double.POSITIVE_INFINITY;
    double far = 0;
    for (int i = 0; i < 144; i++) {
      int row = i / 12;
      int column = i % 12;
      double bits = answer.value().get(i);
      if (row < 4 && column < 4) {
        inside += bits;
        least = Math.min(least, bits);
      } else if (row > 6 || column > 6) { // beyond what the blur carries
        far = Math.max(far, bits);
      }
    }
    assertTrue(inside > 0.8 * answer.sum(), inside + " of " + answer.sum());
    assertTrue(least > 100 * far, "inside at least " + least + ", far away at most " + far);
  }

  /** A place of the layer is four pixels, and bits are not made by drawing them. */
  @Test
  void overTheInputTheBitsStillSum() {
    Model model = TestModels.convolutional();
    AttributionRequest request = request(model, TestModels.example(model, 5));
    Attribution narrow = answer(request.withTo("conv1").withOption("upsample", false));
    Attribution wide = answer(request.withTo("conv1"));
    assertEquals(narrow.facts(), wide.facts());
    assertEquals(List.of("x"), List.copyOf(wide.values().keySet()));
    assertArrayEquals(narrow.value().toDoubles(), wide.value().toDoubles(), 1e-12);
    Attribution pooled = answer(request.withTo("pool"));
    assertEquals(Shape.of(1, 1, 7, 6), pooled.value().shape());
    double bits = pooled.facts().getOrDefault("bits", -1.0);
    assertEquals(bits, pooled.sum(), 0.1 * bits, "7 rows of 3 places");
  }

  @Test
  void aLogitAndItsProbabilityHaveOneLoss() {
    Model model = TestModels.perceptron();
    AttributionRequest request = request(model, TestModels.example(model, 5));
    Attribution logit = answer(request);
    Attribution probability = answer(request.withTarget(Target.of(0).asProbability()));
    assertEquals(logit.values(), probability.values());
    assertEquals(logit.facts(), probability.facts());
  }

  /** softmax(a, b) is sigmoid(a − b). */
  @Test
  void aSigmoidIsASoftmaxOfTwo() {
    Tensor weights = Tensor.of(Shape.of(3, 1), 8.0, -8, 0);
    Model one =
        TestModels.of(
            "one",
            Shape.of(3),
            1,
            (b, x) -> {
              var f = b.at("f").matMul(x, b.constant(weights));
              return b.at("p").unary(UnaryFunction.SIGMOID, f);
            });
    Tensor x = Tensor.of(Shape.of(1, 3), 1, -1, 1.0);
    double[] two = answer(request(difference(), x).withOption("beta", 1)).value().toDoubles();
    double[] same = answer(request(one, x).withOption("beta", 1)).value().toDoubles();
    assertArrayEquals(two, same, 1e-9);
    assertTrue(Arrays.stream(two).max().orElse(0) > 0.1, Arrays.toString(two));
  }

  /** Tokens [5, 4]: neither axis is one of places, so that each element has its own λ. */
  @Test
  void onlyPlacesAreSmoothed() {
    Tensor weights = TestModels.normal(new SplittableRandom(4), Shape.of(4, 3), 1);
    Tensor out = TestModels.normal(new SplittableRandom(5), Shape.of(15, 2), 1);
    Model tokens =
        TestModels.of(
            "tokens",
            Shape.of(5, 4),
            2,
            (b, x) -> {
              int n = x.shape().dim(0);
              var rows = b.reshape(x, Shape.of(5 * n, 4));
              var h = b.matMul(rows, b.constant(weights));
              h = b.at("h").unary(UnaryFunction.TANH, b.reshape(h, Shape.of(n, 5, 3)));
              return b.at("y").matMul(b.reshape(h, Shape.of(n, 15)), b.constant(out));
            });
    AttributionRequest request = request(tokens, TestModels.example(tokens, 6)).withTo("h");
    Attribution plain = answer(request.withOption("smoothing", 0));
    assertEquals(Shape.of(1, 5, 3), plain.value().shape());
    assertEquals(plain.values(), answer(request).values());
  }

  @Test
  void aSequenceOfChannelsIsSmoothed() {
    Tensor kernel = TestModels.normal(new SplittableRandom(4), Shape.of(3, 2, 3), 1);
    Tensor out = TestModels.normal(new SplittableRandom(5), Shape.of(24, 2), 1);
    Model sequence =
        TestModels.of(
            "sequence",
            Shape.of(2, 8),
            2,
            (b, x) -> {
              var conv = new Primitive.Conv(Window.of(3).pads(1), 1);
              var h = b.at("conv").apply(conv, x, b.constant(kernel));
              h = b.at("relu").apply(new Composite.Relu(), h);
              h = b.at("flat").reshape(h, Shape.of(x.shape().dim(0), 24));
              return b.at("y").matMul(h, b.constant(out));
            });
    AttributionRequest request = request(sequence, TestModels.example(sequence, 6));
    Attribution smooth = answer(request);
    assertEquals("relu", smooth.provenance().orElseThrow().to());
    assertEquals(Shape.of(1, 1, 8), smooth.value().shape());
    assertNotEquals(smooth.values(), answer(request.withOption("smoothing", 0)).values());
  }

  @Test
  void refusesWhatHasNoBackground() {
    AttributionRequest request = request(difference(), Tensor.of(Shape.of(1, 3), 1, -1, 1.0));
    refused(
        request.withBaseline(new Baseline.Zero()),
        "information-bottleneck: each unit's noise has its mean and deviation over a background,"
            + " and baseline zero is one example; give a data set as baseline, a file of several rows or a folder;");
    Tensor same = Tensor.of(Shape.of(2, 3), 1, 2, 3, 1, 2, 3.0);
    refused(
        request.withBaseline(new Baseline.Given(same, "same")),
        "the 2 examples of baseline same are all alike at x");
  }

  @Test
  void refusesWhatIsNoClass() {
    Model linear = TestModels.linear(1, 2);
    refused(
        request(linear, TestModels.example(linear, 1)),
        "model linear ends in",
        "two or more classes, or end in a sigmoid");
    Model model = TestModels.perceptron();
    refused(
        request(model, TestModels.example(model, 1)).withTarget(Target.parse("hidden1[2]")),
        "target hidden1[2] is a neuron; the loss is the cross entropy of a class");
  }
}
