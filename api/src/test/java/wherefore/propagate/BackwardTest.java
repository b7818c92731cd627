package wherefore.propagate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Op;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.graph.Window;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;

class BackwardTest {
  private final GraphBuilder b = new GraphBuilder();
  private final Value x = b.input("x", ElementType.FLOAT64, Shape.of(3));
  private final Value v = b.input("v", ElementType.FLOAT64, Shape.of(3));

  private List<Value> gradient(Value y, Value... asked) {
    return Backward.run(b, Map.of(y, v), List.of(asked), Vjp.book());
  }

  private static Value operand(GraphBuilder b, Value value, int place) {
    return b.value(value.node().inputs().get(place));
  }

  private void assertSum(Value sum, Value first, Value second) {
    assertEquals(new Primitive.Binary(BinaryFunction.ADD), sum.node().op());
    assertEquals(first, operand(b, sum, 0));
    assertEquals(second, operand(b, sum, 1));
  }

  @Test
  void aNodeUsedTwiceReceivesTheSum() {
    Value dx = gradient(b.mul(x, x), x).get(0);
    assertSum(dx, b.mul(v, x), b.mul(v, x));
  }

  @Test
  void aResidualSumHandsOnBothWays() {
    Value dx = gradient(b.add(b.neg(x), x), x).get(0);
    assertSum(dx, v, b.mul(v, -1));
  }

  @Test
  void severalInputsAndOneThatNothingDependsOn() {
    Value other = b.input("other", ElementType.FLOAT64, Shape.of(3));
    Value unused = b.input("unused", ElementType.FLOAT64, Shape.of(2));
    List<Value> shares = gradient(b.mul(x, other), other, x, unused);
    assertEquals(b.mul(v, x), shares.get(0));
    assertEquals(b.mul(v, other), shares.get(1));
    assertEquals(b.expand(b.number(0, unused), unused.shape()), shares.get(2));
  }

  @Test
  void innerLayersCanBeAsked() {
    Value h = b.at("hidden").unary(UnaryFunction.EXP, x);
    List<Value> shares = gradient(b.at("").neg(h), h, x);
    assertEquals(b.mul(v, -1), shares.get(0));
    assertEquals("hidden", shares.get(1).node().origin());
  }

  @Test
  void anUnmatchedNodeIsNamed() {
    Value h = b.at("encoder.act").unary(UnaryFunction.TANH, x);
    RuleBook book =
        RuleBook.named("lrp")
            .rule("sums", n -> n.op().name().equals("neg"), s -> Map.of(0, s.arriving()));
    GraphException error =
        assertThrows(
            GraphException.class, () -> Backward.run(b, Map.of(b.neg(h), v), List.of(x), book));
    assertEquals("no rule of lrp matches tanh %2 (encoder.act)", error.getMessage());
  }

  @Test
  void aShareOfAnotherShapeIsRefused() {
    RuleBook book = RuleBook.named("odd").rule("all", n -> true, s -> Map.of(0, b.number(1, x)));
    GraphException error =
        assertThrows(
            GraphException.class, () -> Backward.run(b, Map.of(b.neg(x), v), List.of(x), book));
    assertEquals(
        "input %0: a rule of odd hands f64[] to %0 = input() {name=x} : f64[3], which is f64[3]",
        error.getMessage());
  }

  @Test
  void weightsThatDependOnTheInputAreRefused() {
    Value image = b.reshape(x, Shape.of(1, 1, 3));
    Op conv = new Primitive.Conv(Window.of(3), 1);
    Value y = b.at("dynamic").apply(conv, image, image);
    Value one = b.input("one", ElementType.FLOAT64, y.shape());
    GraphException error =
        assertThrows(
            GraphException.class, () -> Backward.run(b, Map.of(y, one), List.of(x), Vjp.book()));
    assertEquals(
        "conv %3 (dynamic): its weights depend on what the derivative is asked for; only constant"
            + " weights can be differentiated through",
        error.getMessage());
  }

  @Test
  void theFirstMatchingRuleAppliesAlsoInsideOfBodies() {
    RuleBook passing =
        RuleBook.named("passing")
            .rule("relu", n -> n.op() instanceof Composite.Relu, s -> Map.of(0, s.arriving()))
            .or(Vjp.book());
    Value relu = b.apply(new Composite.Relu(), x);
    assertEquals(List.of(v), Backward.run(b, Map.of(relu, v), List.of(x), passing));
    assertEquals("relu", passing.find(relu.node()).orElseThrow().name());
    RuleBook sines =
        RuleBook.named("constant sigmoid")
            .rule("sigmoid", n -> n.op().name().equals("sigmoid"), s -> Map.of())
            .or(Vjp.book());
    Value swish = b.apply(new Composite.Swish(1), x);
    Value dx = Backward.run(b, Map.of(swish, v), List.of(x), sines).get(0);
    assertEquals(b.mul(v, b.unary(UnaryFunction.SIGMOID, b.mul(x, 1))), dx);
  }
}
