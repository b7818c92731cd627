package wherefore.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.Closeness;

/** Operators whose meaning depends on the operator set or is easily got wrong, by hand. */
class OperatorsTest {
  @TempDir Path folder;

  private static Tensor counted(int... dims) {
    Shape shape = Shape.of(dims);
    float[] values = new float[shape.size()];
    IntStream.range(0, values.length).forEach(i -> values[i] = i);
    return Tensor.of(shape, values);
  }

  private void check(Onnx file, Tensor x, Shape shape, double... expected) throws IOException {
    Model model = file.output("y").load(folder);
    Tensor y = Onnx.run(model, Map.of("x", x));
    Closeness.assertClose(Tensor.of(shape, expected), y, 1e-9, 1e-9, "y");
  }

  @Test
  void softmaxBeforeOpset13IsOverAllAxesFromTheNamedOneOn() throws IOException {
    Tensor x = Tensor.of(Shape.of(1, 2, 2), 0f, 0f, 0f, 0f);
    check(
        new Onnx(11).input("x", 1, 2, 2).node("Softmax s: x -> y"),
        x,
        x.shape(),
        0.25,
        0.25,
        0.25,
        0.25);
    check(new Onnx(13).input("x", 1, 2, 2).node("Softmax s: x -> y"), x, x.shape(), .5, .5, .5, .5);
  }

  @Test
  void averagePoolCountsThePaddingButNotWhatCeilModeAdds() throws IOException {
    Tensor x = Tensor.of(Shape.of(1, 1, 4), 1f, 2f, 3f, 4f);
    Onnx file =
        new Onnx(13)
            .input("x", 1, 1, 4)
            .node(
                "AveragePool p: x -> y",
                Attribute.of("kernel_shape", List.of(3)),
                Attribute.of("strides", List.of(2)),
                Attribute.of("pads", List.of(1, 0)),
                Attribute.of("ceil_mode", 1),
                Attribute.of("count_include_pad", 1));
    check(file, x, Shape.of(1, 1, 2), 1, 3);
    Onnx longer =
        new Onnx(13)
            .input("x", 1, 1, 5)
            .node(
                "AveragePool p: x -> y",
                Attribute.of("kernel_shape", List.of(3)),
                Attribute.of("strides", List.of(2)),
                Attribute.of("pads", List.of(1, 1)),
                Attribute.of("ceil_mode", 1),
                Attribute.of("count_include_pad", 1));
    check(longer, Tensor.of(Shape.of(1, 1, 5), 3f, 3f, 3f, 3f, 3f), Shape.of(1, 1, 3), 2, 3, 2);
    Onnx beyond =
        new Onnx(13)
            .input("x", 1, 1, 4)
            .node(
                "AveragePool p: x -> y",
                Attribute.of("kernel_shape", List.of(3)),
                Attribute.of("strides", List.of(2)),
                Attribute.of("ceil_mode", 1),
                Attribute.of("count_include_pad", 1));
    check(beyond, x, Shape.of(1, 1, 2), 2, 3.5);
  }

  @Test
  void maxPoolWithCeilModeDropsAWindowThatWouldBeginInThePadding() throws IOException {
    Onnx file =
        new Onnx(13)
            .input("x", 1, 1, 5)
            .node(
                "MaxPool p: x -> y",
                Attribute.of("kernel_shape", List.of(1)),
                Attribute.of("strides", List.of(3)),
                Attribute.of("pads", List.of(0, 0)),
                Attribute.of("ceil_mode", 1));
    check(file, counted(1, 1, 5), Shape.of(1, 1, 2), 0, 3);
  }

  @Test
  void samePaddingGoesBehindOrInFront() throws IOException {
    Tensor ones = Tensor.of(Shape.of(1, 1, 2), 1f, 1f);
    for (String auto : List.of("SAME_UPPER", "SAME_LOWER")) {
      Onnx file =
          new Onnx(13)
              .input("x", 1, 1, 3)
              .weight("w", ones)
              .node("Conv c: x w -> y", Attribute.of("auto_pad", auto));
      double[] expected =
          auto.equals("SAME_UPPER") ? new double[] {1, 3, 2} : new double[] {0, 1, 3};
      check(file, counted(1, 1, 3), Shape.of(1, 1, 3), expected);
    }
  }

  @Test
  void sliceTakesNegativeStepsAndPlacesBeyondTheEnd() throws IOException {
    Onnx file =
        new Onnx(13)
            .input("x", 5)
            .longs("s", -1)
            .longs("e", Long.MIN_VALUE)
            .longs("a", 0)
            .longs("k", -2)
            .node("Slice s: x s e a k -> y");
    check(file, counted(5), Shape.of(3), 4, 2, 0);
    Onnx forward =
        new Onnx(13)
            .input("x", 5)
            .longs("s", 3)
            .longs("e", Long.MAX_VALUE)
            .node("Slice s: x s e -> y");
    check(forward, counted(5), Shape.of(2), 3, 4);
    Onnx part =
        new Onnx(13)
            .input("x", 5)
            .longs("s", 3)
            .longs("e", 0)
            .longs("a", 0)
            .longs("k", -1)
            .node("Slice s: x s e a k -> y");
    check(part, counted(5), Shape.of(3), 3, 2, 1);
  }

  @Test
  void squeezeAndReduceTakeAxesAsAttributesAndAsOperands() throws IOException {
    check(
        new Onnx(11)
            .input("x", 1, 2, 2)
            .node(
                "ReduceSum r: x -> y",
                Attribute.of("axes", List.of(-1)),
                Attribute.of("keepdims", 0)),
        counted(1, 2, 2),
        Shape.of(1, 2),
        1,
        5);
    check(
        new Onnx(13)
            .input("x", 1, 2, 2)
            .longs("a", 1)
            .node("ReduceSum r: x a -> y", Attribute.of("keepdims", 0)),
        counted(1, 2, 2),
        Shape.of(1, 2),
        2,
        4);
    check(
        new Onnx(18).input("x", 1, 2, 2).longs("a", 1, 2).node("ReduceMean r: x a -> y"),
        counted(1, 2, 2),
        Shape.of(1, 1, 1),
        1.5);
  }

  @Test
  void paddingMirrorsRepeatsAndCrops() throws IOException {
    for (Map.Entry<String, double[]> mode :
        Map.of(
                "reflect", new double[] {2, 1, 0, 1, 2, 1},
                "edge", new double[] {0, 0, 0, 1, 2, 2},
                "wrap", new double[] {1, 2, 0, 1, 2, 0},
                "constant", new double[] {0, 0, 0, 1, 2, 0})
            .entrySet()) {
      Onnx file =
          new Onnx(19)
              .input("x", 3)
              .longs("p", 2, 1)
              .node("Pad p: x p -> y", Attribute.of("mode", mode.getKey()));
      check(file, counted(3), Shape.of(6), mode.getValue());
    }
    check(
        new Onnx(13).input("x", 3).longs("p", -1, 2).node("Pad p: x p -> y"),
        counted(3),
        Shape.of(4),
        1,
        2,
        0,
        0);
  }

  @Test
  void shapeArithmeticIsFoldedAway() throws IOException {
    Onnx file =
        new Onnx(13)
            .input("x", -1, 2, 3)
            .longs("zero", 0)
            .longs("minus", -1)
            .node("Shape sh: x -> sh")
            .node("Gather g: sh zero -> n", Attribute.of("axis", 0))
            .node("Concat c: n minus -> target", Attribute.of("axis", 0))
            .node("Reshape r: x target -> y");
    Model model = file.output("y").load(folder);
    assertTrue(model.isBatched());
    assertEquals("y f32[n,6]", model.outputs().get(0).toString());
    assertEquals(
        "%0 = input() {name=x} : f32[4,2,3]\n%1 = reshape(%0) {shape=[4,6]} : f32[4,6]  # r\n"
            + "return y = %1\n",
        model.graph(Map.of("x", Shape.of(4, 2, 3))).text().replaceAll("  # x\n", "\n"));
  }

  @Test
  void gatherElementsAndOneHotAndCumSum() throws IOException {
    check(
        new Onnx(13)
            .input("x", 2, 2)
            .weight("i", Tensor.of(Shape.of(2, 2), 1L, 0L, -1L, -1L))
            .node("GatherElements g: x i -> y", Attribute.of("axis", 1)),
        counted(2, 2),
        Shape.of(2, 2),
        1,
        0,
        3,
        3);
    check(
        new Onnx(13)
            .input("x", 3)
            .weight("a", Tensor.of(Shape.SCALAR, 0L))
            .node("CumSum c: x a -> y", Attribute.of("exclusive", 1), Attribute.of("reverse", 1)),
        counted(3),
        Shape.of(3),
        3,
        2,
        0);
    check(
        new Onnx(13)
            .typed("x", 7, 2)
            .longs("d", 3)
            .weight("v", Tensor.of(Shape.of(2), 0f, 1f))
            .node("OneHot o: x d v -> y"),
        Tensor.of(Shape.of(2), 2L, -3L),
        Shape.of(2, 3),
        0,
        0,
        1,
        1,
        0,
        0);
  }

  @Test
  void einsumMultipliesOverNamedAxes() throws IOException {
    check(
        new Onnx(13)
            .input("x", 1, 2, 2)
            .weight("w", Tensor.of(Shape.of(2, 3), 1f, 0f, 0f, 0f, 1f, 1f))
            .node("Einsum e: x w -> y", Attribute.of("equation", "bij,jk->bki")),
        counted(1, 2, 2),
        Shape.of(1, 3, 2),
        0,
        2,
        1,
        3,
        1,
        3);
  }

  @Test
  void aBatchThatTheFileFixesAtOneIsFreeWhereExamplesStayApart() throws IOException {
    Onnx apart =
        new Onnx(13)
            .input("x", 1, 2, 2)
            .node("Flatten f: x -> h")
            .weight("w", counted(4, 3))
            .node("MatMul m: h w -> y");
    Model model = apart.output("y").load(folder);
    assertEquals("x f32[batch,2,2]", model.inputs().get(0).toString());
    assertEquals("y f32[batch,3]", model.outputs().get(0).toString());
    Onnx said = new Onnx(13).input("x", 1, 2, 2).longs("s", 1, -1).node("Reshape r: x s -> y");
    Model reshaped = said.output("y").load(folder);
    assertEquals("y f32[batch,4]", reshaped.outputs().get(0).toString());
    Tensor three = counted(3, 2, 2);
    Closeness.assertClose(
        three.reshape(Shape.of(3, 4)), Onnx.run(reshaped, Map.of("x", three)), 0, 0, "y");
    Onnx turned =
        new Onnx(13)
            .input("x", 1, 3)
            .node("Transpose t: x -> h")
            .longs("s", 1, 3)
            .node("Reshape r: h s -> y");
    assertFalse(turned.output("y").load(folder).isBatched());
    Onnx meeting =
        new Onnx(13)
            .input("x", 1, 2)
            .longs("a", 0)
            .node("ReduceSum r: x a -> s")
            .node("Mul m: x s -> y");
    assertFalse(meeting.output("y").load(folder).isBatched());
  }

  @Test
  void halfPrecisionAndNarrowIntegersAreWidened() throws IOException {
    ai.onnx.proto.OnnxMl.TensorProto half =
        ai.onnx.proto.OnnxMl.TensorProto.newBuilder()
            .setName("h")
            .setDataType(10)
            .addDims(2)
            .setRawData(
                com.google.protobuf.ByteString.copyFrom(new byte[] {0, 0x3c, 0, (byte) 0xc0}))
            .build();
    check(
        new Onnx(13).input("x", 2).weight(half).node("Mul m: x h -> y"),
        counted(2),
        Shape.of(2),
        0,
        -2);
  }

  @Test
  void weightsListedAsInputsAreWeights() throws IOException {
    Model model =
        new Onnx(8)
            .input("x", -1, 2)
            .input("w", 2)
            .weight("w", counted(2))
            .node("Add a: x w -> y")
            .output("y")
            .load(folder);
    assertEquals(List.of("x"), model.inputs().stream().map(p -> p.name()).toList());
  }
}
