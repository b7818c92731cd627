package wherefore.model.dl4j;

import java.util.List;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;

/** What a layer or vertex does to its operands, without anything of DL4J in it. */
@FunctionalInterface
interface Emitter {
  /**
   * Appends the nodes.
   *
   * @param builder bears the layer's name as origin
   * @param operands in DL4J's layout
   * @return the layer's activations in DL4J's layout
   */
  Value emit(GraphBuilder builder, List<Value> operands);

  /** For what takes one operand. */
  @FunctionalInterface
  interface Unary extends Emitter {
    /** As {@link #emit(GraphBuilder, List)}. */
    Value emit(GraphBuilder builder, Value operand);

    @Override
    default Value emit(GraphBuilder builder, List<Value> operands) {
      return emit(builder, operands.getFirst());
    }
  }
}
