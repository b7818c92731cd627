package wherefore.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wherefore.graph.Graph;
import wherefore.model.Model;
import wherefore.model.ModelException;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.Closeness;

/** Branches, functions, and operators whose result has another extent. */
class ControlTest {
  @TempDir Path folder;

  private static Onnx branching() {
    return new Onnx(13)
        .input("x", -1, 2)
        .node(
            "If choice: c -> y",
            Onnx.branch("then_branch", new Onnx(13).node("Neg n: x -> a").output("a")),
            Onnx.branch("else_branch", new Onnx(13).node("Exp e: x -> a").output("a")))
        .output("y");
  }

  @Test
  void aBranchIsTakenWhereTheConditionIsKnown() throws IOException {
    Model model = branching().weight("c", Tensor.of(Shape.SCALAR, true)).load(folder);
    Tensor x = Tensor.of(Shape.of(1, 2), 1f, 2f);
    Closeness.assertClose(
        Tensor.of(Shape.of(1, 2), -1.0, -2.0), Onnx.run(model, Map.of("x", x)), 0, 0, "y");
    Graph graph = model.graph(Map.of("x", x.shape()));
    assertEquals("neg %1 (n)", graph.layer("n").describe());
  }

  @Test
  void aBranchThatDependsOnTheDataIsRefused() {
    Onnx file = branching().typed("c", 9);
    assertEquals(
        folder.resolve("test.onnx")
            + ": If \"choice\": its condition depends on the data that is fed; only models whose"
            + " shapes follow from the inputs' shapes can be loaded",
        assertThrows(ModelException.class, () -> file.load(folder)).getMessage());
  }

  @Test
  void aFunctionIsInlinedWithItsCallersAttributes() throws IOException {
    NodeProto inner =
        NodeProto.newBuilder()
            .setOpType("LeakyRelu")
            .setName("inner")
            .addInput("p")
            .addOutput("q")
            .addAttribute(AttributeProto.newBuilder().setName("alpha").setRefAttrName("slope"))
            .build();
    Model model =
        new Onnx(13)
            .input("x", -1, 2)
            .function("Bent", "p", "q", inner)
            .call("Bent", "x", "y", Attribute.of("slope", 0.25))
            .output("y")
            .load(folder);
    Tensor x = Tensor.of(Shape.of(1, 2), -4f, 2f);
    Closeness.assertClose(
        Tensor.of(Shape.of(1, 2), -1.0, 2.0), Onnx.run(model, Map.of("x", x)), 0, 0, "y");
    assertEquals("call/inner", model.graph(Map.of("x", x.shape())).layer("call/inner").origin());
  }

  @Test
  void aFunctionThatCallsItselfIsRefused() {
    NodeProto inner =
        NodeProto.newBuilder()
            .setDomain("local")
            .setOpType("Bent")
            .addInput("p")
            .addOutput("q")
            .build();
    Onnx file =
        new Onnx(13)
            .input("x", -1, 2)
            .function("Bent", "p", "q", inner)
            .call("Bent", "x", "y")
            .output("y");
    assertEquals(
        folder.resolve("test.onnx")
            + ": Bent \"q\": branches and functions are nested deeper than 32",
        assertThrows(ModelException.class, () -> file.load(folder)).getMessage());
  }

  @Test
  void resizeTakesScalesOrSizes() throws IOException {
    Tensor x = Tensor.of(Shape.of(1, 1, 2), 0f, 4f);
    Model scaled =
        new Onnx(13)
            .input("x", -1, 1, 2)
            .weight("s", Tensor.of(Shape.of(3), 1f, 1f, 2f))
            .node("Resize r: x _ s -> y", Attribute.of("mode", "linear"))
            .output("y")
            .load(folder);
    Closeness.assertClose(
        Tensor.of(Shape.of(1, 1, 4), 0.0, 1.0, 3.0, 4.0),
        Onnx.run(scaled, Map.of("x", x)),
        1e-12,
        1e-12,
        "y");
    Model sized =
        new Onnx(18)
            .input("x", -1, 1, 2)
            .longs("z", 4)
            .node("Resize r: x _ _ z -> y", Attribute.of("axes", List.of(2)))
            .output("y")
            .load(folder);
    Closeness.assertClose(
        Tensor.of(Shape.of(1, 1, 4), 0.0, 0.0, 4.0, 4.0),
        Onnx.run(sized, Map.of("x", x)),
        0,
        0,
        "y");
  }

  @Test
  void convTransposeMeetsTheShapeThatIsAskedFor() throws IOException {
    Model model =
        new Onnx(13)
            .input("x", -1, 1, 2)
            .weight("w", Tensor.of(Shape.of(1, 1, 3), 1f, 1f, 1f))
            .node(
                "ConvTranspose c: x w -> y",
                Attribute.of("strides", List.of(2)),
                Attribute.of("output_shape", List.of(4)))
            .output("y")
            .load(folder);
    Tensor x = Tensor.of(Shape.of(1, 1, 2), 1f, 2f);
    Closeness.assertClose(
        Tensor.of(Shape.of(1, 1, 4), 1.0, 3.0, 2.0, 2.0),
        Onnx.run(model, Map.of("x", x)),
        0,
        0,
        "y");
  }
}
