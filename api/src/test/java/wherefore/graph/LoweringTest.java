package wherefore.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

class LoweringTest {
  private static Graph network(int batch, ElementType type) {
    GraphBuilder b = new GraphBuilder();
    Value x = b.input("x", type, Shape.of(batch, 4, 6, 5));
    Value ones = b.constant(Tensor.full(type, Shape.of(4), 1));
    Window w = Window.of(3, 3).pads(1, 1);
    List<Composite> onImage =
        List.of(
            new Composite.MaxPool(w),
            new Composite.AveragePool(w, false),
            new Composite.AveragePoolGrad(w, true, List.of(6, 5)),
            new Composite.Softmax(1),
            new Composite.LogSoftmax(3),
            new Composite.LRN(3, 0.1, 0.75, 1),
            new Composite.Gelu(false),
            new Composite.Resize(List.of(batch, 4, 3, 9), Interpolation.LINEAR));
    for (Composite op : onImage) {
      b.output(op.toString(), b.at("layer " + op.name()).apply(op, x));
    }
    b.output("grad", b.apply(new Composite.MaxPoolGrad(w), x, x));
    b.output("mean", b.apply(new Composite.ReduceMean(List.of(2, 3)), x));
    b.output("group", b.apply(new Composite.GroupNormalization(2, 1e-5), x, ones, ones));
    b.output("instance", b.apply(new Composite.InstanceNormalization(1e-5), x, ones, ones));
    Composite norm = new Composite.BatchNormalization(1e-5);
    b.output("batch", b.apply(norm, x, ones, ones, ones, ones));
    return b.build();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7})
  void keepsTypesAndLeavesPrimitivesOnly(int batch) {
    for (ElementType type : List.of(ElementType.FLOAT32, ElementType.FLOAT64)) {
      Graph graph = network(batch, type);
      Graph lowered = Rewrite.all(graph, List.of(Lowering.all()));
      assertTrue(lowered.nodes().stream().noneMatch(n -> n.op() instanceof Composite));
      graph
          .outputs()
          .keySet()
          .forEach(o -> assertEquals(graph.output(o).type(), lowered.output(o).type(), o));
    }
  }

  @Test
  void keepsWhatABackendWantsAndHandsOriginsOn() {
    Graph lowered =
        Lowering.allBut(c -> c instanceof Composite.MaxPool).apply(network(1, ElementType.FLOAT32));
    assertEquals(1, lowered.nodes().stream().filter(n -> n.op() instanceof Composite).count());
    assertTrue(lowered.layers().containsKey("layer gelu"));
  }

  @Test
  void wideningChangesFloat32Only() {
    Graph wide = Widening.widen(network(2, ElementType.FLOAT32));
    wide.outputs()
        .keySet()
        .forEach(o -> assertEquals(ElementType.FLOAT64, wide.output(o).type().element()));
    Graph same = network(2, ElementType.FLOAT64);
    assertEquals(same.text(), Widening.widen(same).text());
  }

  @Test
  void pruneDropsAndJoins() {
    GraphBuilder b = new GraphBuilder();
    Value x = b.input("x", ElementType.FLOAT32, Shape.of(2));
    b.unary(UnaryFunction.EXP, x);
    b.input("unused", ElementType.FLOAT32, Shape.of(2));
    Graph pruned = new Prune().apply(b.output("y", b.neg(x)).build());
    assertEquals(
        "%0 = input() {name=x} : f32[2]\n%1 = neg(%0) : f32[2]\nreturn y = %1\n", pruned.text());
  }

  @Test
  void livenessKnowsLastUsesAndPeak() {
    GraphBuilder b = new GraphBuilder();
    Value x = b.input("x", ElementType.FLOAT32, Shape.of(100));
    Value y = b.unary(UnaryFunction.EXP, x);
    Value z = b.add(y, b.constant(Tensor.zeros(ElementType.FLOAT32, Shape.of(100))));
    Value s = b.sum(z, List.of(0));
    Graph graph = b.output("s", s).build();
    Liveness liveness = Liveness.of(graph);
    assertEquals(y.id(), liveness.lastUse(x.id()));
    assertEquals(z.id(), liveness.lastUse(y.id()));
    assertEquals(Integer.MAX_VALUE, liveness.lastUse(s.id()));
    assertEquals(800, liveness.peakBytes());
    assertEquals(400, liveness.constantBytes());
    assertEquals(Map.of("s", s.id()), graph.outputs());
  }

  @Test
  void aRewriteThatBreaksAnOutputIsNamed() {
    Graph graph = network(1, ElementType.FLOAT32);
    Rewrite broken = g -> new GraphBuilder().build();
    GraphException error =
        org.junit.jupiter.api.Assertions.assertThrows(
            GraphException.class, () -> Rewrite.all(graph, List.of(new Named(broken))));
    assertTrue(String.valueOf(error.getMessage()).startsWith("rewrite Named changed output "));
  }

  private record Named(Rewrite rewrite) implements Rewrite {
    @Override
    public Graph apply(Graph graph) {
      return rewrite.apply(graph);
    }
  }
}
