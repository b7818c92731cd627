package wherefore.graph;

import java.util.List;
import wherefore.tensor.ElementType;

/**
 * Makes every float32 value of a graph a float64 one: what a backend that computes in float64 does
 * before it lowers composites, so that the numbers in their bodies aren't rounded to float32.
 *
 * <pre>
 * %0 = input() {name=x} : f32[2]       %0 = input() {name=x} : f64[2]
 * %1 = constant() : f32[2]             %1 = constant() : f32[2]
 * %2 = mul(%0, %1) : f32[2]       →    %2 = cast(%1) {to=FLOAT64} : f64[2]
 *                                      %3 = mul(%0, %2) : f64[2]
 * </pre>
 */
public final class Widening {
  private Widening() {}

  /** The graph in float64; its outputs' types change accordingly. */
  public static Graph widen(Graph graph) {
    GraphBuilder b = new GraphBuilder();
    Value[] values = new Value[graph.nodes().size()];
    for (Node node : graph.nodes()) {
      List<Value> in = node.inputs().stream().map(i -> values[i]).toList();
      Value value = b.at(node.origin()).apply(widen(node.op()), in);
      values[node.id()] =
          value.element() == ElementType.FLOAT32 ? b.cast(value, ElementType.FLOAT64) : value;
    }
    graph.outputs().forEach((name, id) -> b.output(name, values[id]));
    return b.build();
  }

  private static Op widen(Op op) {
    return switch (op) {
      case Leaf.Input input -> input(input);
      case Primitive.Cast cast -> new Primitive.Cast(widen(cast.to()));
      default -> op;
    };
  }

  private static Leaf.Input input(Leaf.Input input) {
    ElementType wide = widen(input.type().element());
    return new Leaf.Input(input.name(), new TensorType(wide, input.type().shape()));
  }

  private static ElementType widen(ElementType element) {
    return element == ElementType.FLOAT32 ? ElementType.FLOAT64 : element;
  }
}
