package wherefore.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Op;
import wherefore.graph.Value;
import wherefore.tensor.Tensor;

/**
 * An operator and what it is applied to.
 *
 * @param name says what is special
 * @param op the operator
 * @param operands what it is applied to
 */
public record OperatorCase(String name, Op op, List<Tensor> operands) {
  /** Copies the list. */
  public OperatorCase {
    operands = List.copyOf(operands);
  }

  static OperatorCase of(String name, Op op, Tensor... operands) {
    return new OperatorCase(name, op, List.of(operands));
  }

  /** The operator alone as a graph with the output {@code y}; the first operands are fed. */
  public Graph graph(int fed) {
    GraphBuilder b = new GraphBuilder();
    List<Value> values = new ArrayList<>();
    for (Tensor operand : operands) {
      int place = values.size();
      values.add(
          place < fed
              ? b.input("x" + place, operand.type(), operand.shape())
              : b.constant(operand));
    }
    try {
      return b.output("y", b.apply(op, values)).build();
    } catch (GraphException e) {
      throw new AssertionError("the case " + this + " is not a valid one", e);
    }
  }

  /** What is fed to {@link #graph}. */
  public Map<String, Tensor> feeds(int fed) {
    SequencedMap<String, Tensor> feeds = new LinkedHashMap<>();
    for (int place = 0; place < fed; place++) {
      feeds.put("x" + place, operands.get(place));
    }
    return feeds;
  }

  /** {@code conv: strided}. */
  @Override
  public String toString() {
    return op.name() + ": " + name;
  }
}
