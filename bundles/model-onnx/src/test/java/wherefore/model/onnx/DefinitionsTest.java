package wherefore.model.onnx;

import static wherefore.model.onnx.Definition.random;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.Closeness;

/**
 * Operators compared with their definitions in ONNX's text, written down once more as plain loops;
 * each one's gradient is compared with differences.
 */
class DefinitionsTest {
  @TempDir Path folder;

  private Definition opset(int opset) {
    return new Definition(folder, opset);
  }

  private static Tensor floats(double... values) {
    return Tensor.of(Shape.of(values.length), values).to(ElementType.FLOAT32);
  }

  // --- interpolation --------------------------------------------------------------------------

  private static double at(Tensor x, int i) {
    return x.get(Math.clamp(i, 0, x.size() - 1));
  }

  @Test
  void resizeByAScaleThatGivesNoWholeNumber() throws IOException {
    Tensor x = random(1, 1, 7);
    double scale = 1.3;
    opset(19)
        .fed("x", x)
        .weight("s", floats(1, 1, scale))
        .node("Resize r: x _ s -> y", Attribute.of("mode", "linear"))
        .yields(
            "y",
            Shape.of(1, 1, 9),
            i -> {
              double place = (i + 0.5) / scale - 0.5;
              int left = (int) Math.floor(place);
              return at(x, left) * (left + 1 - place) + at(x, left + 1) * (place - left);
            });
  }

  @Test
  void resizeWithAWiderKernel() throws IOException {
    Tensor x = random(1, 1, 9);
    double scale = 0.5;
    opset(19)
        .fed("x", x)
        .weight("s", floats(1, 1, scale))
        .node("Resize r: x _ s -> y", Attribute.of("mode", "linear"), Attribute.of("antialias", 1))
        .yields(
            "y",
            Shape.of(1, 1, 4),
            i -> {
              double place = (i + 0.5) / scale - 0.5;
              double sum = 0;
              double total = 0;
              for (int tap = -20; tap < 30; tap++) {
                double weight = Math.max(0, 1 - Math.abs(tap - place) * scale);
                sum += weight * at(x, tap);
                total += weight;
              }
              return sum / total;
            });
  }

  @Test
  void resizeOfAPartWithAValueOutside() throws IOException {
    Tensor x = random(1, 1, 5);
    opset(19)
        .fed("x", x)
        .weight("roi", floats(0, 0, 0.25, 1, 1, 1.5))
        .longs("z", 1, 1, 4)
        .node(
            "Resize r: x roi _ z -> y",
            Attribute.of("mode", "linear"),
            Attribute.of("coordinate_transformation_mode", "tf_crop_and_resize"),
            Attribute.of("extrapolation_value", 7.0))
        .yields(
            "y",
            Shape.of(1, 1, 4),
            i -> {
              double place = 0.25 * 4 + i * (1.5 - 0.25) * 4 / 3;
              int left = (int) Math.floor(place);
              return place > 4
                  ? 7
                  : at(x, left) * (left + 1 - place) + at(x, left + 1) * (place - left);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"not_larger", "not_smaller"})
  void resizeKeepsTheAspect(String policy) throws IOException {
    Tensor x = random(1, 1, 2, 4);
    int factor = policy.equals("not_larger") ? 2 : 3;
    opset(19)
        .fed("x", x)
        .longs("z", 6, 8)
        .node(
            "Resize r: x _ _ z -> y",
            Attribute.of("axes", List.of(2, 3)),
            Attribute.of("keep_aspect_ratio_policy", policy))
        .yields(
            "y",
            Shape.of(1, 1, 2 * factor, 4 * factor),
            i -> x.get(i / (4 * factor) / factor * 4 + i % (4 * factor) / factor));
  }

  @Test
  void gridSampleIsBilinearWithZerosOutside() throws IOException {
    Tensor x = random(1, 2, 3, 4);
    Tensor grid = random(1, 2, 2, 2);
    opset(20)
        .fed("x", x)
        .fed("grid", Tensor.of(grid.shape(), grid.zip(grid, (a, b) -> 1.4 * a).toFloats()))
        .node("GridSample g: x grid -> y")
        .yields(
            "y",
            Shape.of(1, 2, 2, 2),
            i -> {
              double column = ((float) (1.4 * grid.get(i % 4 * 2)) + 1) * 2 - 0.5;
              double row = ((float) (1.4 * grid.get(i % 4 * 2 + 1)) + 1) * 1.5 - 0.5;
              double sum = 0;
              for (int r = 0; r < 3; r++) {
                for (int k = 0; k < 4; k++) {
                  double weight =
                      Math.max(0, 1 - Math.abs(row - r)) * Math.max(0, 1 - Math.abs(column - k));
                  sum += weight * x.get(i / 4 * 12 + r * 4 + k);
                }
              }
              return sum;
            });
  }

  @Test
  void affineGridMapsTheCentresOfSamples() throws IOException {
    Tensor theta = random(2, 2, 3);
    opset(20)
        .fed("x", theta)
        .longs("size", 2, 1, 2, 3)
        .node("AffineGrid a: x size -> y")
        .yields(
            "y",
            Shape.of(2, 2, 3, 2),
            i -> {
              int row = (i / 12) * 6 + i % 2 * 3;
              double across = (2 * (i / 2 % 3) + 1) / 3.0 - 1;
              double down = (2 * (i / 6 % 2) + 1) / 2.0 - 1;
              return theta.get(row) * across + theta.get(row + 1) * down + theta.get(row + 2);
            });
  }

  // --- indices --------------------------------------------------------------------------------

  @Test
  void scatterElementsCombinesInOrder() throws IOException {
    Tensor data = random(3, 3);
    Tensor updates = random(2, 3);
    long[] rows = {0, 2, -3, 0, 1, 1};
    for (String reduction : List.of("add", "mul", "max", "min")) {
      double[] expected = data.toDoubles();
      for (int i = 0; i < 6; i++) {
        int place = (int) Math.floorMod(rows[i], 3) * 3 + i % 3;
        double a = expected[place];
        double b = updates.get(i);
        expected[place] =
            switch (reduction) {
              case "add" -> a + b;
              case "mul" -> a * b;
              case "max" -> Math.max(a, b);
              default -> Math.min(a, b);
            };
      }
      opset(18)
          .fed("x", data)
          .weight("i", Tensor.of(Shape.of(2, 3), rows))
          .fed("u", updates)
          .node("ScatterElements s: x i u -> y", Attribute.of("reduction", reduction))
          .yields("y", Shape.of(3, 3), expected);
    }
  }

  @Test
  void scatterReplaces() throws IOException {
    Tensor data = random(4, 2);
    Tensor updates = random(2, 2);
    opset(18)
        .fed("x", data)
        .fed("i", Tensor.of(Shape.of(2, 1), 3L, 1L))
        .fed("u", updates)
        .node("ScatterND s: x i u -> y")
        .yields(
            "y",
            Shape.of(4, 2),
            i ->
                i / 2 == 3
                    ? updates.get(i % 2)
                    : i / 2 == 1 ? updates.get(2 + i % 2) : data.get(i));
  }

  @Test
  void gatherNdKeepsBatchesApart() throws IOException {
    Tensor data = random(2, 3, 2);
    opset(13)
        .fed("x", data)
        .weight("i", Tensor.of(Shape.of(2, 1), 2L, 0L))
        .node("GatherND g: x i -> y", Attribute.of("batch_dims", 1))
        .yields("y", Shape.of(2, 2), i -> data.get(i / 2 * 6 + (i / 2 == 0 ? 4 : 0) + i % 2));
  }

  @Test
  void topKPutsTheFirstOfEqualOnesFirst() throws IOException {
    Tensor x = floats(3, -1, 3, 7, -1).reshape(Shape.of(1, 5));
    opset(11)
        .fed("x", x)
        .longs("k", 4)
        .node("TopK t: x k -> y i")
        .yields("i", Shape.of(1, 4), 3, 0, 2, 1);
    opset(11)
        .fed("x", x)
        .longs("k", 3)
        .node("TopK t: x k -> y i", Attribute.of("largest", 0))
        .yields("i", Shape.of(1, 3), 1, 4, 0);
    Tensor wide = random(2, 6, 3);
    opset(11)
        .fed("x", wide)
        .longs("k", 2)
        .node("TopK t: x k -> y i", Attribute.of("axis", 1))
        .yields(
            "y",
            Shape.of(2, 2, 3),
            i -> {
              int start = i / 6 * 18 + i % 3;
              double[] line =
                  IntStream.range(0, 6)
                      .mapToDouble(k -> wide.get(start + 3 * k))
                      .sorted()
                      .toArray();
              return line[5 - i / 3 % 2];
            });
  }

  @Test
  void uniqueSortsAndCounts() throws IOException {
    Definition d = opset(11).fed("x", random(1)).weight("c", floats(2, 1, 1, 3, 2, 2));
    d.node("Unique u: c -> v first back counts");
    for (String part : List.of("v", "first", "back", "counts")) {
      d.node("Cast c%s: %s -> %s1".formatted(part, part, part), Attribute.of("to", 1));
    }
    d.node("Concat all: v1 first1 back1 counts1 -> w", Attribute.of("axis", 0))
        .node("Sub s: w x -> z")
        .node("Add a: z x -> y")
        .yields("y", Shape.of(15), 1, 2, 3, 1, 0, 3, 1, 0, 0, 2, 1, 1, 2, 3, 1);
  }

  @Test
  void maxUnpoolPutsMaximaBackWhereTheyWere() throws IOException {
    Tensor x = random(1, 2, 4, 4);
    opset(13)
        .fed("x", x)
        .node(
            "MaxPool p: x -> m i",
            Attribute.of("kernel_shape", List.of(2, 2)),
            Attribute.of("strides", List.of(2, 2)))
        .node(
            "MaxUnpool u: m i -> y",
            Attribute.of("kernel_shape", List.of(2, 2)),
            Attribute.of("strides", List.of(2, 2)))
        .yields(
            "y",
            x.shape(),
            i -> {
              int corner = i / 16 * 16 + i % 16 / 8 * 8 + i % 4 / 2 * 2;
              double most =
                  IntStream.of(0, 1, 4, 5).mapToDouble(k -> x.get(corner + k)).max().orElseThrow();
              return x.get(i) == most ? most : 0;
            });
  }

  // --- attention ------------------------------------------------------------------------------

  private static double[] softmax(double[] scores) {
    double most = Arrays.stream(scores).max().orElse(0);
    double[] e = Arrays.stream(scores).map(s -> Math.exp(s - most)).toArray();
    double sum = Arrays.stream(e).sum();
    return Arrays.stream(e).map(v -> v / sum).toArray();
  }

  /** Four heads of queries share two of keys; a query sees its past, a mask hides the first key. */
  @Test
  void attentionSeesThePastOnly() throws IOException {
    Tensor q = random(1, 3, 8);
    Tensor k = random(1, 3, 4);
    Tensor v = random(1, 3, 6);
    boolean[] mask = {true, true, true, true, true, true, false, true, true};
    opset(23)
        .fed("q", q)
        .fed("k", k)
        .fed("v", v)
        .weight("mask", Tensor.of(Shape.of(3, 3), mask))
        .node(
            "Attention a: q k v mask -> y",
            Attribute.of("q_num_heads", 4),
            Attribute.of("kv_num_heads", 2),
            Attribute.of("is_causal", 1),
            Attribute.of("softcap", 2.0))
        .yields(
            "y",
            Shape.of(1, 3, 12),
            i -> {
              int row = i / 12;
              int head = i % 12 / 3;
              double[] scores = new double[3];
              for (int j = 0; j < 3; j++) {
                double dot = 0;
                for (int s = 0; s < 2; s++) {
                  dot += q.get(row * 8 + head * 2 + s) * k.get(j * 4 + head / 2 * 2 + s);
                }
                double capped = 2 * Math.tanh(dot / Math.sqrt(2) / 2);
                scores[j] = j <= row && mask[row * 3 + j] ? capped : Double.NEGATIVE_INFINITY;
              }
              double[] weights = softmax(scores);
              double sum = 0;
              for (int j = 0; j < 3; j++) {
                sum += weights[j] * v.get(j * 6 + head / 2 * 3 + i % 3);
              }
              return sum;
            });
  }

  @Test
  void aQueryThatSeesNothingGetsZeros() throws IOException {
    Tensor v = random(1, 1, 2, 2);
    opset(23)
        .fed("q", random(1, 1, 2, 2))
        .fed("k", random(1, 1, 2, 2))
        .fed("v", v)
        .weight("mask", Tensor.of(Shape.of(2, 2), false, false, true, false))
        .node("Attention a: q k v mask -> y")
        .yields("y", Shape.of(1, 1, 2, 2), i -> i < 2 ? 0 : v.get(i - 2));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void rotaryEmbeddingTurnsPairs(int interleaved) throws IOException {
    Tensor x = random(1, 2, 3, 4);
    Tensor cos = random(5, 2);
    Tensor sin = random(5, 2);
    long[] positions = {4, 0, 2};
    opset(23)
        .fed("x", x)
        .weight("cos", cos)
        .weight("sin", sin)
        .weight("p", Tensor.of(Shape.of(1, 3), positions))
        .node("RotaryEmbedding r: x cos sin p -> y", Attribute.of("interleaved", interleaved))
        .yields(
            "y",
            x.shape(),
            i -> {
              int at = i % 4;
              int pair = interleaved == 1 ? at / 2 : at % 2;
              boolean second = interleaved == 1 ? at % 2 == 1 : at >= 2;
              int start = i / 4 * 4;
              double a = x.get(start + (interleaved == 1 ? 2 * pair : pair));
              double b = x.get(start + (interleaved == 1 ? 2 * pair + 1 : pair + 2));
              int place = (int) positions[i / 4 % 3] * 2 + pair;
              return second
                  ? a * sin.get(place) + b * cos.get(place)
                  : a * cos.get(place) - b * sin.get(place);
            });
  }

  // --- sums, products, normalisation ----------------------------------------------------------

  @Test
  void cumulativeProductsInBothDirections() throws IOException {
    Tensor x = random(2, 5);
    for (int exclusive : new int[] {0, 1}) {
      for (int reverse : new int[] {0, 1}) {
        opset(26)
            .fed("x", x)
            .weight("a", Tensor.of(Shape.SCALAR, 1L))
            .node(
                "CumProd c: x a -> y",
                Attribute.of("exclusive", exclusive),
                Attribute.of("reverse", reverse))
            .yields(
                "y",
                x.shape(),
                i -> {
                  double product = 1;
                  for (int k = 0; k < 5; k++) {
                    boolean before = reverse == 1 ? k > i % 5 : k < i % 5;
                    product *= before || (exclusive == 0 && k == i % 5) ? x.get(i / 5 * 5 + k) : 1;
                  }
                  return product;
                });
      }
    }
  }

  @Test
  void einsumTakesDiagonalsAndEllipses() throws IOException {
    Tensor x = random(2, 3, 3);
    opset(13)
        .fed("x", x)
        .node("Einsum e: x -> y", Attribute.of("equation", "...ii->...i"))
        .yields("y", Shape.of(2, 3), i -> x.get(i / 3 * 9 + i % 3 * 4));
    Tensor w = random(3, 2);
    opset(13)
        .fed("x", x)
        .fed("w", w)
        .node("Einsum e: x w -> y", Attribute.of("equation", "...j, jk"))
        .yields(
            "y",
            Shape.of(2, 3, 2),
            i ->
                IntStream.range(0, 3)
                    .mapToDouble(j -> x.get(i / 2 * 3 + j) * w.get(j * 2 + i % 2))
                    .sum());
  }

  @Test
  void aVectorOfZerosHasLengthZeroAndStays() throws IOException {
    Onnx file =
        new Onnx(22)
            .input("x", 2, 2)
            .node("LpNormalization l: x -> y", Attribute.of("axis", 1))
            .output("y");
    Tensor y = Onnx.run(file.load(folder), Map.of("x", floats(3, 4, 0, 0).reshape(Shape.of(2, 2))));
    Closeness.assertClose(Tensor.of(Shape.of(2, 2), 0.6, 0.8, 0, 0), y, 1e-7, 1e-7, "y");
  }

  @Test
  void layerNormalizationShowsItsStatistics() throws IOException {
    Tensor x = random(2, 4);
    opset(17)
        .fed("x", x)
        .weight("w", floats(1, 2, 3, 4))
        .node("LayerNormalization l: x w -> n m y", Attribute.of("epsilon", 0.25))
        .yields(
            "y",
            Shape.of(2, 1),
            i -> {
              double[] row = IntStream.range(0, 4).mapToDouble(k -> x.get(i * 4 + k)).toArray();
              double mean = Arrays.stream(row).average().orElseThrow();
              double variance = Arrays.stream(row).map(v -> (v - mean) * (v - mean)).sum() / 4;
              return 1 / Math.sqrt(variance + 0.25);
            });
  }

  @Test
  void reductionsOfNothing() throws IOException {
    for (var reduction :
        Map.of(
                "ReduceMax", Double.NEGATIVE_INFINITY,
                "ReduceMin", Double.POSITIVE_INFINITY,
                "ReduceProd", 1.0,
                "ReduceSum", 0.0,
                "ReduceLogSumExp", Double.NEGATIVE_INFINITY)
            .entrySet()) {
      Onnx file =
          new Onnx(20)
              .input("x", 2, 0)
              .longs("a", 1)
              .node(reduction.getKey() + " r: x a -> y")
              .output("y");
      Tensor y =
          Onnx.run(
              file.load(folder), Map.of("x", Tensor.zeros(ElementType.FLOAT32, Shape.of(2, 0))));
      org.junit.jupiter.api.Assertions.assertArrayEquals(
          new double[] {reduction.getValue(), reduction.getValue()}, y.toDoubles());
    }
  }

  // --- moves ----------------------------------------------------------------------------------

  @Test
  void centredCropsAndPads() throws IOException {
    Tensor x = random(5, 2);
    opset(18)
        .fed("x", x)
        .longs("s", 2, 5)
        .node("CenterCropPad c: x s -> y")
        .yields(
            "y",
            Shape.of(2, 5),
            i -> i % 5 == 1 || i % 5 == 2 ? x.get((i / 5 + 1) * 2 + i % 5 - 1) : 0);
  }

  @Test
  void columnsAreAddedWhereTheyOverlap() throws IOException {
    Tensor x = random(1, 4, 6);
    opset(18)
        .fed("x", x)
        .longs("image", 3, 4)
        .longs("block", 2, 2)
        .node("Col2Im c: x image block -> y")
        .yields(
            "y",
            Shape.of(1, 1, 3, 4),
            i -> {
              double sum = 0;
              for (int tap = 0; tap < 4; tap++) {
                int row = i / 4 - tap / 2;
                int column = i % 4 - tap % 2;
                boolean inside = row >= 0 && row < 2 && column >= 0 && column < 3;
                sum += inside ? x.get(tap * 6 + row * 3 + column) : 0;
              }
              return sum;
            });
  }

  @Test
  void depthGetsBlocksInTheOtherOrder() throws IOException {
    Tensor x = random(1, 2, 4, 4);
    opset(28)
        .fed("x", x)
        .node("SpaceToDepth s: x -> y", Attribute.of("blocksize", 2), Attribute.of("mode", "CRD"))
        .yields(
            "y",
            Shape.of(1, 8, 2, 2),
            i -> {
              int channel = i / 16;
              int block = i / 4 % 4;
              int row = i / 2 % 2 * 2 + block / 2;
              int column = i % 2 * 2 + block % 2;
              return x.get(channel * 16 + row * 4 + column);
            });
  }

  @Test
  void hardmaxBeforeOpset13IsOverAllAxesFromTheNamedOneOn() throws IOException {
    Tensor x = random(1, 2, 2);
    double most = Arrays.stream(x.toDoubles()).max().orElseThrow();
    opset(11)
        .fed("x", x)
        .node("Hardmax h: x -> y")
        .yields("y", x.shape(), i -> x.get(i) == most ? 1 : 0);
  }

  @Test
  void windowsOfSignals() throws IOException {
    opset(17)
        .fed("x", random(6))
        .weight("n", Tensor.of(Shape.SCALAR, 6L))
        .node("HannWindow h: n -> w")
        .node("Mul m: x w -> z")
        .node("Div d: z x -> y")
        .yields("y", Shape.of(6), i -> Math.pow(Math.sin(Math.PI * i / 6), 2));
  }

  @Test
  void aGateTimesAValue() throws IOException {
    Tensor a = random(2, 3);
    Tensor b = random(2, 3);
    opset(28)
        .fed("a", a)
        .fed("b", b)
        .node("SwiGLU s: a b -> y", Attribute.of("alpha", 1.5))
        .yields("y", a.shape(), i -> a.get(i) / (1 + Math.exp(-1.5 * a.get(i))) * b.get(i));
  }

  @Test
  void causalConvolutionRemembers() throws IOException {
    Tensor x = random(1, 2, 4);
    Tensor w = random(2, 1, 3);
    Tensor past = random(1, 2, 2);
    opset(27)
        .fed("x", x)
        .weight("w", w)
        .fed("past", past)
        .node("CausalConvWithState c: x w _ past -> y next")
        .yields(
            "y",
            x.shape(),
            i -> {
              int channel = i / 4;
              double sum = 0;
              for (int k = 0; k < 3; k++) {
                int at = i % 4 + k - 2;
                double v = at < 0 ? past.get(channel * 2 + at + 2) : x.get(channel * 4 + at);
                sum += w.get(channel * 3 + k) * v;
              }
              return sum;
            });
  }

  @Test
  void weightsStoredAsIntegersAreNumbersAgain() throws IOException {
    Tensor x = random(1, 4);
    long[] stored = {1, -2, 3, 4, 5, 6, -7, 8};
    opset(21)
        .fed("x", x)
        .weight("q", Tensor.of(Shape.of(4, 2), stored))
        .weight("scale", floats(0.5, 2, 1, 4).reshape(Shape.of(2, 2)))
        .weight("zero", Tensor.of(Shape.of(2, 2), 1L, 0L, 2L, 1L))
        .node(
            "DequantizeLinear d: q scale zero -> w",
            Attribute.of("axis", 0),
            Attribute.of("block_size", 2))
        .node("MatMul m: x w -> y")
        .yields(
            "y",
            Shape.of(1, 2),
            i -> {
              double[] scale = {0.5, 2, 1, 4};
              long[] zero = {1, 0, 2, 1};
              return IntStream.range(0, 4)
                  .mapToDouble(
                      k ->
                          x.get(k)
                              * (stored[k * 2 + i] - zero[k / 2 * 2 + i])
                              * scale[k / 2 * 2 + i])
                  .sum();
            });
  }

  @Test
  void bitsOfConstants() throws IOException {
    opset(18)
        .fed("x", random(3))
        .longs("a", 12, -1, 7)
        .longs("b", 10, 5, 8)
        .node("BitwiseXor o: a b -> c")
        .node("Cast t: c -> f", Attribute.of("to", 1))
        .node("Mul m: x f -> z")
        .node("Div d: z x -> y")
        .yields("y", Shape.of(3), 12 ^ 10, -1 ^ 5, 7 ^ 8);
  }

  @Test
  void aCacheIsWrittenFromAPlaceOn() throws IOException {
    Tensor cache = random(2, 4, 2);
    Tensor update = random(2, 2, 2);
    opset(24)
        .fed("x", cache)
        .fed("u", update)
        .weight("at", Tensor.of(Shape.of(2), 1L, 3L))
        .node(
            "TensorScatter t: x u at -> y",
            Attribute.of("axis", 1),
            Attribute.of("mode", "circular"))
        .yields(
            "y",
            cache.shape(),
            i -> {
              int example = i / 8;
              int step = Math.floorMod(i / 2 % 4 - (example == 0 ? 1 : 3), 4);
              return step < 2 ? update.get(example * 4 + step * 2 + i % 2) : cache.get(i);
            });
  }
}
