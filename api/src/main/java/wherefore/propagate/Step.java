package wherefore.propagate;

import java.util.List;
import java.util.Set;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Node;
import wherefore.graph.Op;
import wherefore.graph.Value;

/**
 * One visit of the backward walk.
 *
 * @param builder where a rule emits its nodes; they bear the visited node's origin
 * @param node the visited node
 * @param inputs its operands
 * @param output what it yields
 * @param arriving what its users hand to it, summed; of the output's shape
 * @param wanted the places of the operands that lead to something asked for
 */
public record Step(
    GraphBuilder builder,
    Node node,
    List<Value> inputs,
    Value output,
    Value arriving,
    Set<Integer> wanted) {
  /** The visited node's operator. */
  public Op op() {
    return node.op();
  }

  /** An operand. */
  public Value input(int place) {
    return inputs.get(place);
  }

  /** True if an operand leads to something asked for. */
  public boolean wants(int place) {
    return wanted.contains(place);
  }
}
