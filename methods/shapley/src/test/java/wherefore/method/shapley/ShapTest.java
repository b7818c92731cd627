package wherefore.method.shapley;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.model.Model;
import wherefore.model.Network;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.MethodContract;
import wherefore.testkit.TestModels;

class ShapTest extends MethodContract {
  private static final double[] X = {1.5, -2, 0.5, 3, -1};

  /** x0 x1 + max(x2, x3) − x0 sin x4: interactions of several kinds. */
  private static final Model MODEL =
      TestModels.of(
          "interactions",
          Shape.of(5),
          1,
          (b, x) ->
              b.sub(
                  b.add(
                      b.mul(at(b, x, 0), at(b, x, 1)),
                      b.binary(BinaryFunction.MAX, at(b, x, 2), at(b, x, 3))),
                  b.mul(at(b, x, 0), b.unary(UnaryFunction.SIN, at(b, x, 4)))));

  private static Value at(GraphBuilder b, Value x, int place) {
    return b.slice(x, 1, place, place + 1);
  }

  private static double f(double[] x) {
    return x[0] * x[1] + Math.max(x[2], x[3]) - x[0] * Math.sin(x[4]);
  }

  /** The same with absent elements at 0. */
  private static double v(BitSet present) {
    double[] x = new double[5];
    present.stream().forEach(i -> x[i] = X[i]);
    return f(x);
  }

  @Override
  protected AttributionMethod<?> method() {
    return new Shap();
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("samples", "300", "players", "elements");
  }

  private static AttributionRequest asked(Model model, double... x) {
    Tensor input = Tensor.of(Shape.of(1, x.length), x);
    return AttributionRequest.of(model, input, "shap").withBaseline(new Baseline.Zero());
  }

  private static double[] values(AttributionRequest request) {
    return attributor().attribute(request).value().toDoubles();
  }

  // --- second implementations -----------------------------------------------------------------

  /** What each adds, averaged over these orders. */
  private static double[] alongOrders(List<List<Integer>> orders, ToDoubleFunction<BitSet> v) {
    double[] added = new double[5];
    for (List<Integer> order : orders) {
      BitSet present = new BitSet();
      for (int i : order) {
        double before = v.applyAsDouble(present);
        present.set(i);
        added[i] += (v.applyAsDouble(present) - before) / orders.size();
      }
    }
    return added;
  }

  private static List<List<Integer>> orders(List<Integer> players) {
    if (players.isEmpty()) {
      return List.of(List.of());
    }
    List<List<Integer>> orders = new ArrayList<>();
    for (Integer first : players) {
      List<Integer> rest = new ArrayList<>(players);
      rest.remove(first);
      orders(rest).forEach(o -> orders.add(joined(List.of(first), o)));
    }
    return orders;
  }

  /** The orders in which the halves of each group follow each other. */
  private static List<List<Integer>> hierarchical(List<Integer> players) {
    if (players.size() == 1) {
      return List.of(players);
    }
    List<List<Integer>> orders = new ArrayList<>();
    int half = players.size() / 2;
    for (List<Integer> a : hierarchical(players.subList(0, half))) {
      for (List<Integer> b : hierarchical(players.subList(half, players.size()))) {
        orders.add(joined(a, b));
        orders.add(joined(b, a));
      }
    }
    return orders;
  }

  private static List<Integer> joined(List<Integer> a, List<Integer> b) {
    List<Integer> joined = new ArrayList<>(a);
    joined.addAll(b);
    return joined;
  }

  @ParameterizedTest
  @EnumSource(names = {"AUTO", "EXACT", "KERNEL"})
  void isTheMeanOverAllOrders(Algorithm algorithm) {
    double[] expected = alongOrders(orders(List.of(0, 1, 2, 3, 4)), ShapTest::v);
    AttributionRequest request = asked(MODEL, X).withOption("algorithm", algorithm.name());
    assertArrayEquals(expected, values(request), 1e-11);
    assertTrue(attributor().attribute(request).errors().isEmpty());
  }

  @Test
  void partitionIsTheMeanOverTheOrdersThatKeepNeighboursTogether() {
    double[] expected = alongOrders(hierarchical(List.of(0, 1, 2, 3, 4)), ShapTest::v);
    double[] actual = values(asked(MODEL, X).withOption("algorithm", "partition"));
    assertArrayEquals(expected, actual, 1e-12);
  }

  @Test
  void aPartitionCutShortStillAddsUp() {
    Attribution cut =
        attributor()
            .attribute(
                asked(MODEL, X).withOption("algorithm", "partition").withOption("samples", 4));
    assertEquals(f(X) - f(new double[5]), cut.sum(), 1e-12);
    assertEquals(4, requireNonNull(cut.facts().get("coalitions")));
  }

  @Test
  void severalBaselinesAreABackgroundSet() {
    Tensor background = Tensor.of(Shape.of(2, 5), 0, 0, 0, 0, 0, 1, 2, 3, 4, 5.0);
    double[] other = {1, 2, 3, 4, 5};
    ToDoubleFunction<BitSet> mean =
        s -> {
          double[] x = other.clone();
          s.stream().forEach(i -> x[i] = X[i]);
          return (v(s) + f(x)) / 2;
        };
    AttributionRequest request =
        asked(MODEL, X).withBaseline(new Baseline.Given(background, "two"));
    double[] expected = alongOrders(orders(List.of(0, 1, 2, 3, 4)), mean);
    assertArrayEquals(expected, values(request), 1e-11);
  }

  // --- properties -----------------------------------------------------------------------------

  @Test
  void linearIsWeightTimesDifference() {
    AttributionRequest request =
        asked(TestModels.linear(2, -3, 0.5), 5, 6, 7)
            .withBaseline(new Baseline.Constant(1))
            .withOption("algorithm", "linear");
    assertArrayEquals(new double[] {8, -15, 3}, values(request), 1e-13);
    assertArrayEquals(values(request.withOption("algorithm", "exact")), values(request), 1e-12);
  }

  @Test
  void linearRefusesWhatIsNot() {
    AttributionRequest request = asked(MODEL, X).withOption("algorithm", "linear");
    String message =
        assertThrows(AttributionException.class, () -> attributor().attribute(request))
            .getMessage();
    assertTrue(requireNonNull(message).contains("this is not: Binary"), message);
  }

  /** The same function with and without a graph. */
  @Test
  void aFunctionWithoutAGraphWillDo() {
    Network.Black black =
        inputs -> {
          Tensor rows = requireNonNull(inputs.get("x"));
          double[] y = new double[rows.shape().dim(0)];
          for (int row = 0; row < y.length; row++) {
            y[row] = f(rows.rows(row, row + 1).toDoubles());
          }
          return Map.of("y", Tensor.of(Shape.of(y.length, 1), y));
        };
    Model function =
        new Model(
            "function",
            "test",
            "none",
            "test",
            MODEL.card(),
            MODEL.inputs(),
            MODEL.outputs(),
            black);
    for (String algorithm : List.of("exact", "permutation", "partition")) {
      double[] expected = values(asked(MODEL, X).withOption("algorithm", algorithm));
      double[] actual = values(asked(function, X).withOption("algorithm", algorithm));
      assertArrayEquals(expected, actual, 1e-12, algorithm);
    }
  }

  @Test
  void equalPlayersGetEqualShares() {
    Model product =
        TestModels.of(
            "product", Shape.of(2), 1, (b, x) -> b.mul(at(b, x, 0), b.mul(at(b, x, 1), 3)));
    assertArrayEquals(new double[] {6, 6}, values(asked(product, 2, 2)), 0);
  }

  @Test
  void groupsPlayTogether() {
    Attribution grouped =
        attributor().attribute(asked(MODEL, X).withOption("players", "groups(0+1+4,2-3)"));
    double first = X[0] * X[1] - X[0] * Math.sin(X[4]);
    double[] expected = {first / 3, first / 3, 1.5, 1.5, first / 3};
    assertArrayEquals(expected, grouped.value().toDoubles(), 1e-12);
    assertEquals(2, requireNonNull(grouped.facts().get("players")));
  }

  /**
   * tanh(x w + b) u by a Gemm, which gets what players change in it instead of whole rows; and by a
   * product of two halves, which can't.
   */
  @Test
  void aDenseFirstLayerMakesNoDifference() {
    SplittableRandom random = new SplittableRandom(71);
    Tensor w = TestModels.normal(random, Shape.of(8, 6), 0.7);
    Tensor c = TestModels.normal(random, Shape.of(6), 0.5);
    Tensor u = TestModels.normal(random, Shape.of(6, 1), 1);
    Composite.Gemm gemm = new Composite.Gemm(1.5, 0.5, false, false);
    Model dense =
        TestModels.of(
            "dense",
            Shape.of(8),
            1,
            (b, x) -> head(b, u, b.apply(gemm, x, b.constant(w), b.constant(c))));
    Model halves =
        TestModels.of(
            "halves",
            Shape.of(8),
            1,
            (b, x) -> {
              Value left = b.matMul(b.slice(x, 1, 0, 4), b.constant(w.rows(0, 4)));
              Value right = b.matMul(b.slice(x, 1, 4, 8), b.constant(w.rows(4, 8)));
              Value sum = b.mul(b.add(left, right), 1.5);
              return head(b, u, b.add(sum, b.mul(b.constant(c), 0.5)));
            });
    Tensor x = TestModels.example(dense, 72);
    Tensor background = TestModels.normal(random, Shape.of(3, 8), 1);
    for (Algorithm algorithm : List.of(Algorithm.EXACT, Algorithm.KERNEL, Algorithm.PARTITION)) {
      AttributionRequest request =
          AttributionRequest.of(dense, x, "shap")
              .withBaseline(new Baseline.Given(background, "three"))
              .withOption("players", "groups(0+5,1-3,4+6)")
              .withOption("algorithm", algorithm);
      Attribution fed = attributor().attribute(request);
      Attribution whole = attributor().attribute(request.withModel(halves));
      assertArrayEquals(whole.value().toDoubles(), fed.value().toDoubles(), 1e-12);
      assertEquals(4, requireNonNull(fed.facts().get("players")));
    }
  }

  private static Value head(GraphBuilder b, Tensor u, Value h) {
    return b.matMul(b.unary(UnaryFunction.TANH, h), b.constant(u));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "blobs          | players blobs is not known; known: auto, elements",
        "groups(0+9)    | players: 9 is no range of the features 0 to 4",
        "groups(0,0-1)  | players: 0-1 is in two groups (element 0)",
        "axis(3)        | players axis(3): x is [1,5]; its axes are 1 to 1",
      })
  void wrongPlayersAreRefused(String players, String expected) {
    AttributionRequest request = asked(MODEL, X).withOption("players", players);
    String message =
        assertThrows(AttributionException.class, () -> attributor().attribute(request))
            .getMessage();
    assertTrue(requireNonNull(message).contains(expected), message);
  }

  @Test
  void exactRefusesTooManyPlayers() {
    AttributionRequest request =
        asked(TestModels.linear(new double[25]), new double[25]).withOption("algorithm", "exact");
    String message =
        assertThrows(AttributionException.class, () -> attributor().attribute(request))
            .getMessage();
    assertTrue(requireNonNull(message).contains("at most 24 players; there are 25"), message);
  }

  // --- errors ---------------------------------------------------------------------------------

  /**
   * Intervals of 1.96 standard errors hold the exact value in 95 of 100 cases, where the samples
   * are many; here, with some thirty, by Student's distribution in 94.
   */
  @ParameterizedTest
  @ValueSource(strings = {"permutation", "sampling", "kernel"})
  void theStandardErrorCoversTheExactValue(String algorithm) {
    Model model = TestModels.perceptron();
    AttributionRequest request =
        request(model, 11).withOption("algorithm", "exact").withOption("samples", 5000);
    double[] exact = values(request);
    int held = 0;
    int all = 0;
    for (int seed = 0; seed < 200; seed++) {
      Attribution sampled =
          attributor()
              .attribute(
                  request
                      .withOption("algorithm", algorithm)
                      .withOption("samples", algorithm.equals("kernel") ? 60 : 600)
                      .withSeed(seed));
      Tensor errors = sampled.errors().firstEntry().getValue();
      for (int i = 0; i < exact.length; i++) {
        if (errors.get(i) > 0) {
          all++;
          held += Math.abs(sampled.value().get(i) - exact[i]) <= 1.96 * errors.get(i) ? 1 : 0;
        }
      }
    }
    double rate = (double) held / all;
    assertTrue(all > 500 && rate > 0.9 && rate < 0.99, algorithm + ": " + rate + " of " + all);
  }
}
