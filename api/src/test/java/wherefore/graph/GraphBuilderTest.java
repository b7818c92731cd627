package wherefore.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

class GraphBuilderTest {
  private final GraphBuilder b = new GraphBuilder();

  private Value x() {
    return b.input("x", ElementType.FLOAT32, Shape.of(2, 3));
  }

  @Test
  void whatIsThereIsGivenAgain() {
    Value x = x();
    assertEquals(b.mul(x, 2), b.mul(x, 2));
    assertNotEquals(b.mul(x, 2), b.mul(x, 3));
    Tensor small = Tensor.of(Shape.of(3), 1f, 2f, 3f);
    Tensor same = Tensor.of(Shape.of(3), 1f, 2f, 3f);
    assertEquals(b.constant(small), b.constant(same));
    assertEquals(b.number(0, x), b.constant(Tensor.scalar(0).to(ElementType.FLOAT32)));
    assertNotEquals(b.number(0.0, x), b.number(-0.0, x));
    Value here = b.at("here").neg(x);
    assertNotEquals(here, b.at("there").neg(x));
    assertEquals("there", b.origin());
  }

  @Test
  void whatChangesNothingIsNoNode() {
    Value x = x();
    assertSame(x, b.reshape(x, Shape.of(2, 3)));
    assertSame(x, b.transpose(x, List.of(0, 1)));
    assertSame(x, b.slice(x, 1, 0, 3));
    assertSame(x, b.pad(x, List.of(0, 0), List.of(0, 0), 1));
    assertSame(x, b.concat(0, List.of(x)));
    assertSame(x, b.sum(x, List.of()));
    assertSame(x, b.cast(x, ElementType.FLOAT32));
    assertEquals(1, b.nodes().size());
  }

  @Test
  void errorsNameLayerOperatorAndOperands() {
    Value x = x();
    Value y = b.input("y", ElementType.FLOAT32, Shape.of(4));
    b.at("block1.add");
    assertEquals(
        "block1.add: add of [f32[2,3], f32[4]]: shapes [2,3] and [4] do not broadcast",
        assertThrows(GraphException.class, () -> b.add(x, y)).getMessage());
    assertEquals(
        "block1.add: matMul MatMul[transposeA=false, transposeB=false] of [f32[2,3], f32[2,3]]:"
            + " the inner extents differ",
        assertThrows(GraphException.class, () -> b.apply(new Primitive.MatMul(false, false), x, x))
            .getMessage());
    Value foreign = new GraphBuilder().input("z", ElementType.FLOAT32, Shape.of(2));
    assertEquals(
        "neg: an operand belongs to another graph: %0 = input() {name=z} : f32[2]",
        assertThrows(GraphException.class, () -> b.neg(foreign)).getMessage());
  }

  @Test
  void textForm() {
    Value x = b.input("x", ElementType.FLOAT32, Shape.of(1, 3, 8, 8));
    Value w = b.constant(Tensor.zeros(ElementType.FLOAT32, Shape.of(4, 3, 3, 3)));
    Window window = Window.of(3, 3).strides(2, 2).pads(1, 1);
    Value y = b.at("layer1.conv1").apply(new Primitive.Conv(window, 1), x, w);
    Value z = b.at("").apply(new Composite.LeakyRelu(0.1), y);
    String digest = Tensor.zeros(ElementType.FLOAT32, Shape.of(4, 3, 3, 3)).digest();
    assertEquals(
        """
        %0 = input() {name=x} : f32[1,3,8,8]
        %1 = constant() {sha256=DIGEST} : f32[4,3,3,3]
        %2 = conv(%0, %1) {kernel=[3,3], strides=[2,2], dilations=[1,1], pads=[[1,1],[1,1]], group=1} : f32[1,4,4,4]  # layer1.conv1
        %3 = leakyRelu(%2) {alpha=0.1} : f32[1,4,4,4]
        return y = %3
        """
            .replace("DIGEST", digest),
        b.output("y", z).build().text());
  }

  @Test
  void inliningBindsValuesAndCopiesOnlyWhatIsNeeded() {
    Value x = x();
    Value hidden = b.at("hidden").neg(x);
    Value unused = b.unary(UnaryFunction.EXP, x);
    Graph graph = b.at("").output("y", b.mul(hidden, 2)).build();
    GraphBuilder outer = new GraphBuilder();
    Value own = outer.input("h", ElementType.FLOAT32, Shape.of(2, 3));
    Inlined copies = outer.inline(graph, Map.of(hidden.id(), own));
    Graph copied = outer.output("y", copies.of(graph.output("y"))).build();
    assertEquals(List.of("h"), List.copyOf(copied.inputs().keySet()));
    assertEquals(own, copies.of(hidden.node()));
    assertEquals(
        "exp %2 (hidden): no output depends on it",
        assertThrows(GraphException.class, () -> copies.of(unused.node())).getMessage());
  }

  @Test
  void unknownNamesListTheKnownOnes() {
    Graph graph = b.output("y", b.at("fc").neg(x())).build();
    assertEquals(
        "no layer is named conv; known: fc",
        assertThrows(GraphException.class, () -> graph.layer("conv")).getMessage());
    assertEquals(
        "no output is named z; known: y",
        assertThrows(GraphException.class, () -> graph.output("z")).getMessage());
    b.at("").input("x", ElementType.FLOAT32, Shape.of(1));
    assertEquals(
        "two inputs are named x", assertThrows(GraphException.class, b::build).getMessage());
  }

  @Test
  void matrixProductsStretchOuterAxesAndTakeVectors() {
    Value a = b.input("a", ElementType.FLOAT32, Shape.of(5, 1, 2, 3));
    Value m = b.input("m", ElementType.FLOAT32, Shape.of(4, 3, 7));
    Value v = b.input("v", ElementType.FLOAT32, Shape.of(3));
    assertEquals(Shape.of(5, 4, 2, 7), b.matMul(a, m).shape());
    assertEquals(Shape.of(5, 1, 2), b.matMul(a, v).shape());
    assertEquals(Shape.of(4, 7), b.matMul(v, m).shape());
    assertEquals(Shape.SCALAR, b.matMul(v, v).shape());
  }
}
