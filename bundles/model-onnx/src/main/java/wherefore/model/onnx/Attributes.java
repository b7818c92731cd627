package wherefore.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import wherefore.graph.GraphException;

/** A node's attributes by name, with references to an enclosing function's filled in. */
final class Attributes {
  private final Map<String, AttributeProto> byName = new HashMap<>();

  /**
   * @param outer the attributes of the call of the function that the node stands in
   */
  Attributes(NodeProto node, Map<String, AttributeProto> outer) {
    for (AttributeProto attribute : node.getAttributeList()) {
      AttributeProto meant =
          attribute.getRefAttrName().isEmpty() ? attribute : outer.get(attribute.getRefAttrName());
      if (meant != null) {
        byName.put(attribute.getName(), meant);
      }
    }
  }

  Map<String, AttributeProto> byName() {
    return Map.copyOf(byName);
  }

  boolean has(String name) {
    return byName.containsKey(name);
  }

  private Optional<AttributeProto> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  int integer(String name, int otherwise) {
    return find(name).map(a -> Math.toIntExact(a.getI())).orElse(otherwise);
  }

  OptionalInt integer(String name) {
    return has(name) ? OptionalInt.of(integer(name, 0)) : OptionalInt.empty();
  }

  boolean flag(String name, boolean otherwise) {
    return find(name).map(a -> a.getI() != 0).orElse(otherwise);
  }

  /**
   * A number. The file has float32; the shortest decimal that rounds to it is what its author
   * wrote.
   */
  double number(String name, double otherwise) {
    return find(name).map(a -> decimal(a.getF())).orElse(otherwise);
  }

  static double decimal(float value) {
    return Double.parseDouble(Float.toString(value));
  }

  String text(String name, String otherwise) {
    return find(name).map(a -> a.getS().toStringUtf8()).orElse(otherwise);
  }

  List<String> texts(String name) {
    return find(name)
        .map(a -> a.getStringsList().stream().map(s -> s.toStringUtf8()).toList())
        .orElse(List.of());
  }

  Optional<List<Integer>> integers(String name) {
    return find(name).map(a -> a.getIntsList().stream().map(Math::toIntExact).toList());
  }

  Optional<long[]> longs(String name) {
    return find(name).map(a -> a.getIntsList().stream().mapToLong(Long::longValue).toArray());
  }

  Optional<List<Double>> numbers(String name) {
    return find(name).map(a -> a.getFloatsList().stream().map(Attributes::decimal).toList());
  }

  Optional<TensorProto> tensor(String name) {
    return find(name).filter(AttributeProto::hasT).map(AttributeProto::getT);
  }

  GraphProto graph(String name) {
    return find(name)
        .filter(AttributeProto::hasG)
        .map(AttributeProto::getG)
        .orElseThrow(() -> new GraphException("attribute " + name + " is missing"));
  }
}
