package wherefore.backend.reference;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import wherefore.compute.Cancellation;
import wherefore.compute.Executable;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Op;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.graph.Window;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** The most important operators on numbers that can be followed with pencil and paper. */
class LiteralsTest {
  private static double[] run(Op op, Tensor... operands) {
    GraphBuilder b = new GraphBuilder();
    List<Value> values = Arrays.stream(operands).map(b::constant).toList();
    try (Executable e =
        new ReferenceBackend().compile(b.output("y", b.apply(op, values)).build())) {
      return requireNonNull(e.run(Map.of(), Cancellation.NEVER).get("y")).toDoubles();
    }
  }

  private static Tensor t(int[] shape, double... values) {
    return Tensor.of(Shape.of(shape), values);
  }

  private static int[] dims(int... dims) {
    return dims;
  }

  @Test
  void matrixProduct() {
    Tensor a = t(dims(2, 3), 1, 2, 3, 4, 5, 6);
    Tensor b = t(dims(3, 2), 7, 8, 9, 10, 11, 12);
    assertArrayEquals(
        new double[] {58, 64, 139, 154}, run(new Primitive.MatMul(false, false), a, b));
    assertArrayEquals(
        new double[] {1 * 7 + 4 * 9, 1 * 8 + 4 * 10, 2 * 7 + 5 * 9, 2 * 8 + 5 * 10},
        run(
            new Primitive.MatMul(true, false),
            t(dims(2, 2), 1, 2, 4, 5),
            t(dims(2, 2), 7, 8, 9, 10)));
    assertArrayEquals(
        new double[] {1 * 1 + 2 * 2 + 3 * 3, 32, 32, 77},
        run(new Primitive.MatMul(false, true), a, a));
  }

  @Test
  void convolutionIsCrossCorrelationWithZeroPadding() {
    Tensor x = t(dims(1, 1, 2, 3), 1, 2, 3, 4, 5, 6);
    Tensor w = t(dims(1, 1, 2, 2), 1, 10, 100, 1000);
    Tensor bias = t(dims(1), 0.5);
    assertArrayEquals(
        new double[] {1 + 20 + 400 + 5000 + 0.5, 2 + 30 + 500 + 6000 + 0.5},
        run(new Primitive.Conv(Window.of(2, 2), 1), x, w, bias));
    assertArrayEquals(
        new double[] {1000, 3000 + 200, 10 * 4, 5 + 60},
        run(new Primitive.Conv(Window.of(2, 2).strides(2, 2).pads(1, 1), 1), x, w));
  }

  @Test
  void transposedConvolutionSpreadsEachSample() {
    Tensor x = t(dims(1, 1, 2), 2, 3);
    Tensor w = t(dims(1, 1, 3), 1, 10, 100);
    assertArrayEquals(
        new double[] {2, 20, 200 + 3, 30, 300},
        run(new Primitive.ConvTranspose(Window.of(3).strides(2), List.of(0), 1), x, w));
    assertArrayEquals(
        new double[] {20, 203, 30, 300},
        run(new Primitive.ConvTranspose(Window.of(3).strides(2).pads(1), List.of(1), 1), x, w));
  }

  @Test
  void poolingIgnoresPaddingAndGradientGoesToFirstMaximum() {
    Tensor x = t(dims(1, 1, 4), -3, -1, -1, -7);
    Window w = Window.of(2).strides(2).pads(1);
    assertArrayEquals(new double[] {-3, -1, -7}, run(new Composite.MaxPool(w), x));
    assertArrayEquals(
        new double[] {10, 20, 0, 30},
        run(new Composite.MaxPoolGrad(w), x, t(dims(1, 1, 3), 10, 20, 30)));
    assertArrayEquals(new double[] {-1.5, -1, -3.5}, run(new Composite.AveragePool(w, true), x));
    assertArrayEquals(new double[] {-3, -1, -7}, run(new Composite.AveragePool(w, false), x));
  }

  @Test
  void softmaxOfEqualLogitsIsUniform() {
    assertArrayEquals(
        new double[] {0.25, 0.25, 0.25, 0.25},
        run(new Composite.Softmax(0), t(dims(4), 1000, 1000, 1000, 1000)));
    assertArrayEquals(
        new double[] {0.25, 0.75},
        run(new Composite.Softmax(0), t(dims(2), 0, Math.log(3))),
        1e-15);
  }

  @Test
  void errorFunction() {
    double[] x = {0.5, 1, 2, 3, -1, 1e-10, 0, Double.POSITIVE_INFINITY, Double.NaN};
    double[] y = run(new Primitive.Unary(UnaryFunction.ERF), t(dims(9), x));
    double[] expected = {
      0.5204998778130465377,
      0.8427007929497148693,
      0.9953222650189527342,
      0.9999779095030014146,
      -0.8427007929497148693,
      1.1283791670955125739e-10
    };
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], y[i], 1e-15 * Math.abs(expected[i]));
    }
    assertArrayEquals(new double[] {0, 1, Double.NaN}, Arrays.copyOfRange(y, 6, 9));
  }
}
