package wherefore.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import wherefore.graph.Value;

/** The names that a node of a graph, a branch or a function can refer to. */
final class Scope {
  private final Optional<Scope> outer;
  private final String prefix;
  private final Map<String, Integer> opsets;
  private final Map<String, AttributeProto> attributes;
  private final int depth;
  private final Map<String, Operand> operands = new HashMap<>();
  private final Map<String, TensorProto> weights = new HashMap<>();

  private Scope(
      Optional<Scope> outer,
      String prefix,
      Map<String, Integer> opsets,
      Map<String, AttributeProto> attributes,
      int depth) {
    this.outer = outer;
    this.prefix = prefix;
    this.opsets = opsets;
    this.attributes = attributes;
    this.depth = depth;
  }

  static Scope top(Map<String, Integer> opsets) {
    return new Scope(Optional.empty(), "", opsets, Map.of(), 0);
  }

  /**
   * Of a branch: it sees what is around it.
   *
   * @param more what its layers' names begin with, behind what the names around begin with
   */
  Scope branch(String more) {
    return new Scope(Optional.of(this), prefix + more, opsets, attributes, depth + 1);
  }

  /** Of a function: it sees its parameters only. */
  Scope function(
      String caller, Map<String, Integer> itsOpsets, Map<String, AttributeProto> arguments) {
    return new Scope(Optional.empty(), caller + "/", itsOpsets, arguments, depth + 1);
  }

  int depth() {
    return depth;
  }

  String prefix() {
    return prefix;
  }

  Map<String, Integer> opsets() {
    return opsets;
  }

  Map<String, AttributeProto> attributes() {
    return attributes;
  }

  void put(String name, Value value) {
    operands.put(name, new Operand.Single(value));
  }

  void put(String name, Operand operand) {
    operands.put(name, operand);
  }

  void put(String name, TensorProto weight) {
    weights.put(name, weight);
  }

  Optional<Operand> operand(String name) {
    Operand here = operands.get(name);
    return here != null || weights.containsKey(name)
        ? Optional.ofNullable(here)
        : outer.flatMap(o -> o.operand(name));
  }

  Optional<TensorProto> weight(String name) {
    TensorProto here = weights.get(name);
    return here != null ? Optional.of(here) : outer.flatMap(o -> o.weight(name));
  }
}
