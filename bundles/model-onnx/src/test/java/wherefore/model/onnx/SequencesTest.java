package wherefore.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static wherefore.model.onnx.Definition.random;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wherefore.model.Model;
import wherefore.model.ModelException;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.Closeness;

/** Loops, sequences of tensors, sequences in time, and functions with defaults. */
class SequencesTest {
  @TempDir Path folder;

  private Definition opset(int opset) {
    return new Definition(folder, opset);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  // --- recurrent layers -----------------------------------------------------------------------

  /** One step of a cell with one unit and one input: h and c in, h and c out. */
  private static double[] step(
      double x, double[] state, Tensor w, Tensor r, Tensor b, boolean tied) {
    double[] gates = new double[4];
    for (int g = 0; g < 4; g++) {
      gates[g] = w.get(g) * x + r.get(g) * state[0] + b.get(g) + b.get(4 + g);
    }
    double in = sigmoid(gates[0]);
    double forget = tied ? 1 - in : sigmoid(gates[2]);
    double cell = forget * state[1] + in * Math.tanh(gates[3]);
    return new double[] {sigmoid(gates[1]) * Math.tanh(cell), cell};
  }

  @ParameterizedTest
  @ValueSource(strings = {"forward", "reverse"})
  void sequencesOfDifferentLengths(String direction) throws IOException {
    Tensor x = random(4, 3, 1);
    Tensor w = random(1, 4, 1);
    Tensor r = random(1, 4, 1);
    Tensor b = random(1, 8);
    long[] lengths = {4, 2, 1};
    double[] expected = new double[12];
    for (int n = 0; n < 3; n++) {
      double[] state = {0, 0};
      for (int i = 0; i < lengths[n]; i++) {
        int t = direction.equals("forward") ? i : (int) lengths[n] - 1 - i;
        state = step(x.get(t * 3 + n), state, w, r, b, false);
        expected[t * 3 + n] = state[0];
      }
    }
    for (boolean known : new boolean[] {true, false}) {
      Definition d = opset(14).fed("x", x).weight("w", w).weight("r", r).weight("b", b);
      Tensor steps = Tensor.of(Shape.of(3), lengths);
      (known ? d.weight("n", steps) : d.fed("n", steps))
          .node(
              "LSTM l: x w r b n -> y",
              Attribute.of("hidden_size", 1),
              Attribute.of("direction", direction))
          .yields("y", Shape.of(4, 1, 3, 1), expected);
    }
  }

  @Test
  void tiedGates() throws IOException {
    Tensor x = random(3, 1, 1);
    Tensor w = random(1, 4, 1);
    Tensor r = random(1, 4, 1);
    Tensor b = random(1, 8);
    double[] state = {0, 0};
    for (int t = 0; t < 3; t++) {
      state = step(x.get(t), state, w, r, b, true);
    }
    opset(14)
        .fed("x", x)
        .weight("w", w)
        .weight("r", r)
        .weight("b", b)
        .node(
            "LSTM l: x w r b -> all h c",
            Attribute.of("hidden_size", 1),
            Attribute.of("input_forget", 1))
        .yields("c", Shape.of(1, 1, 1), state[1]);
  }

  @Test
  void theBeginningOfASequenceIsReversed() throws IOException {
    Tensor x = random(2, 4, 2);
    long[] lengths = {3, 1};
    opset(13)
        .fed("x", x)
        .weight("n", Tensor.of(Shape.of(2), lengths))
        .node(
            "ReverseSequence r: x n -> y",
            Attribute.of("batch_axis", 0),
            Attribute.of("time_axis", 1))
        .yields(
            "y",
            x.shape(),
            i -> {
              int t = i / 2 % 4;
              long length = lengths[i / 8];
              int source = t < length ? (int) length - 1 - t : t;
              return x.get(i / 8 * 8 + source * 2 + i % 2);
            });
  }

  // --- loops ----------------------------------------------------------------------------------

  private static Onnx body() {
    return new Onnx(17)
        .typed("i", 7)
        .typed("go", 9)
        .input("s", 2)
        .node("Mul m: s w -> t")
        .node("Add a: t x -> n")
        .node("Identity k: go -> on")
        .output("on")
        .output("n")
        .output("t");
  }

  @Test
  void aLoopIsUnrolled() throws IOException {
    Tensor x = random(2);
    Tensor w = random(2);
    opset(17)
        .fed("x", x)
        .weight("w", w)
        .weight("trips", Tensor.of(Shape.SCALAR, 3L))
        .node("Loop loop: trips _ x -> last all", Onnx.branch("body", body()))
        .node("Unsqueeze u: last zero -> row")
        .longs("zero", 0)
        .node("Concat c: all row -> y", Attribute.of("axis", 0))
        .yields(
            "y",
            Shape.of(4, 2),
            i -> {
              double s = x.get(i % 2);
              double t = 0;
              for (int k = 0; k <= Math.min(i / 2, 2); k++) {
                t = s * w.get(i % 2);
                s = t + x.get(i % 2);
              }
              return i / 2 < 3 ? t : s;
            });
  }

  @Test
  void roundsOfALoopAreLayers() throws IOException {
    Model model =
        new Onnx(17)
            .input("x", 2)
            .weight("w", random(2))
            .weight("trips", Tensor.of(Shape.SCALAR, 2L))
            .node("Loop loop: trips _ x -> y all", Onnx.branch("body", body()))
            .output("y")
            .load(folder);
    assertEquals(
        List.of("loop[0]/m", "loop[0]/a", "loop[1]/m", "loop[1]/a"),
        List.copyOf(model.graph(Map.of("x", Shape.of(2))).layers().keySet()));
  }

  @Test
  void aLoopThatDependsOnTheDataIsRefused() {
    Onnx file =
        new Onnx(17)
            .input("x", 2)
            .typed("trips", 7)
            .weight("w", random(2))
            .node("Loop loop: trips _ x -> y all", Onnx.branch("body", body()))
            .output("y");
    assertEquals(
        folder.resolve("test.onnx")
            + ": Loop \"loop\": its trip count depends on the data that is fed; only models whose"
            + " shapes follow from the inputs' shapes can be loaded",
        assertThrows(ModelException.class, () -> file.load(folder)).getMessage());
  }

  @Test
  void aLoopWithoutAnEndIsRefused() {
    Onnx file =
        new Onnx(17)
            .input("x", 2)
            .weight("trips", Tensor.of(Shape.SCALAR, Long.MAX_VALUE))
            .weight("w", random(2))
            .node("Loop loop: trips _ x -> y all", Onnx.branch("body", body()))
            .output("y");
    assertEquals(
        folder.resolve("test.onnx")
            + ": Loop \"loop\": more than 4096 rounds; so many can't be unrolled",
        assertThrows(ModelException.class, () -> file.load(folder)).getMessage());
  }

  @Test
  void aScanGoesAlongAnAxis() throws IOException {
    Tensor x = random(2, 3);
    Onnx body =
        new Onnx(17)
            .input("s", 2)
            .input("v", 2)
            .node("Add a: s v -> n")
            .node("Mul m: n v -> p")
            .output("n")
            .output("p");
    opset(17)
        .fed("x", x)
        .weight("start", Tensor.of(Shape.of(2), 1f, 2f))
        .node(
            "Scan scan: start x -> last y",
            Onnx.branch("body", body),
            Attribute.of("num_scan_inputs", 1),
            Attribute.of("scan_input_axes", List.of(1)),
            Attribute.of("scan_input_directions", List.of(1)),
            Attribute.of("scan_output_axes", List.of(1)))
        .yields(
            "y",
            Shape.of(2, 3),
            i -> {
              double s = 1 + i / 3;
              for (int k = 0; k <= i % 3; k++) {
                s += x.get(i / 3 * 3 + 2 - k);
              }
              return s * x.get(i / 3 * 3 + 2 - i % 3);
            });
  }

  @Test
  void sequencesAreSplitChangedAndJoined() throws IOException {
    Tensor x = random(5, 2);
    opset(13)
        .fed("x", x)
        .weight("two", Tensor.of(Shape.SCALAR, 2L))
        .weight("zero", Tensor.of(Shape.SCALAR, 0L))
        .weight("last", Tensor.of(Shape.SCALAR, -1L))
        .node("SplitToSequence s: x two -> parts")
        .node("SequenceAt a: parts last -> end")
        .node("SequenceErase e: parts last -> fewer")
        .node("SequenceInsert i: fewer end zero -> turned")
        .node("ConcatFromSequence c: turned -> y", Attribute.of("axis", 0))
        .yields("y", Shape.of(5, 2), i -> x.get(i < 2 ? 8 + i : i - 2));
  }

  // --- functions ------------------------------------------------------------------------------

  private static NodeProto bent(String slope) {
    return NodeProto.newBuilder()
        .setOpType("LeakyRelu")
        .addInput("p")
        .addOutput("q")
        .addAttribute(AttributeProto.newBuilder().setName("alpha").setRefAttrName(slope))
        .build();
  }

  private static FunctionProto.Builder function(String overload, double slope) {
    return FunctionProto.newBuilder()
        .setDomain("local")
        .setName("Bent")
        .setOverload(overload)
        .addInput("p")
        .addOutput("q")
        .addAttributeProto(Attribute.of("slope", slope))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
        .addNode(bent("slope"));
  }

  @Test
  void attributesOfFunctionsHaveDefaultsAndFunctionsOverloads() throws IOException {
    Onnx file =
        new Onnx(17)
            .input("x", -1, 2)
            .function(function("", 0.25).build())
            .function(function("steep", 0.5).build())
            .call("Bent", "x", "a")
            .call("Bent", "x", "b", Attribute.of("slope", 0.75))
            .overloaded("Bent", "steep", "x", "c")
            .node("Sum s: a b c -> y")
            .output("y");
    Tensor x = Tensor.of(Shape.of(1, 2), -4f, 2f);
    Closeness.assertClose(
        Tensor.of(Shape.of(1, 2), -6.0, 6.0),
        Onnx.run(file.load(folder), Map.of("x", x)),
        0,
        0,
        "y");
  }

  /** Before opset 13 a softmax is over all axes from the named one on; the function says 11. */
  @Test
  void aFunctionHasAnOpsetOfItsOwn() throws IOException {
    NodeProto softmax =
        NodeProto.newBuilder().setOpType("Softmax").addInput("p").addOutput("q").build();
    FunctionProto old =
        FunctionProto.newBuilder()
            .setDomain("local")
            .setName("Old")
            .addInput("p")
            .addOutput("q")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(11))
            .addNode(softmax)
            .build();
    Onnx file = new Onnx(17).input("x", -1, 2, 2).function(old).call("Old", "x", "y").output("y");
    Tensor x = Tensor.zeros(ElementType.FLOAT32, Shape.of(1, 2, 2));
    Closeness.assertClose(
        Tensor.full(ElementType.FLOAT64, x.shape(), 0.25),
        Onnx.run(file.load(folder), Map.of("x", x)),
        1e-12,
        1e-12,
        "y");
  }
}
