package wherefore.graph;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The text form of nodes: log, golden file and cache key. */
final class GraphText {
  private GraphText() {}

  static String line(Node node) {
    String operands =
        node.inputs().stream().map(i -> "%" + i).collect(Collectors.joining(", ", "(", ")"));
    String origin = node.origin().isEmpty() ? "" : "  # " + node.origin();
    return "%%%d = %s%s%s : %s%s"
        .formatted(
            node.id(), operator(node.op()), operands, attributes(node.op()), node.type(), origin);
  }

  /** The operator's name; an input's own name() is what it is called. */
  static String operator(Op op) {
    return op instanceof Leaf.Input ? "input" : op.name();
  }

  private static String attributes(Op op) {
    return switch (op) {
      case Leaf.Input input -> " {name=" + input.name() + "}";
      case Leaf.Constant constant -> " {sha256=" + constant.value().digest() + "}";
      case Primitive.Unary u -> "";
      case Primitive.Binary b -> "";
      case Primitive.Compare c -> "";
      default -> components(op);
    };
  }

  private static String components(Record record) {
    List<String> parts = new ArrayList<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Object value = get(component, record);
      if (value instanceof Window window) {
        parts.add(window(window));
      } else {
        parts.add(component.getName() + "=" + text(value));
      }
    }
    return parts.isEmpty() ? "" : " {" + String.join(", ", parts) + "}";
  }

  private static String components(Op op) {
    return components((Record) op);
  }

  private static String window(Window w) {
    return "kernel=%s, strides=%s, dilations=%s, pads=%s"
        .formatted(
            text(w.kernel()),
            text(w.strides()),
            text(w.dilations()),
            text(List.of(w.padBegin(), w.padEnd())));
  }

  private static String text(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(GraphText::text).collect(Collectors.joining(",", "[", "]"));
    }
    return value instanceof Record record ? components(record).strip() : value.toString();
  }

  private static Object get(RecordComponent component, Record record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("records of this package are public", e);
    }
  }
}
