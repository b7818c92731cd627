package wherefore.model.onnx;

import java.util.List;
import wherefore.graph.GraphException;
import wherefore.graph.Value;

/** What a name in a file can stand for. Sequences are there while a graph is built only. */
sealed interface Operand {
  /** A tensor. */
  record Single(Value value) implements Operand {}

  /** A list of tensors. */
  record Sequence(List<Value> values) implements Operand {
    /** Copies the list. */
    public Sequence {
      values = List.copyOf(values);
    }
  }

  /** The tensor. */
  default Value value() {
    if (this instanceof Single single) {
      return single.value();
    }
    throw new GraphException("a sequence stands where a tensor is needed");
  }

  /** The list. */
  default List<Value> values() {
    if (this instanceof Sequence sequence) {
      return sequence.values();
    }
    throw new GraphException("a tensor stands where a sequence is needed");
  }
}
