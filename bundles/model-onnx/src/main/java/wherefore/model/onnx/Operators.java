package wherefore.model.onnx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import wherefore.graph.Value;

/**
 * The table from (domain, operator, operator set) to what builds it. An entry holds from its
 * version on, until a later one of the same operator.
 */
final class Operators {
  /** What builds a node: its operands and attributes in, a value for each output out. */
  @FunctionalInterface
  interface Operator {
    List<Value> build(Call call);
  }

  private static final Operators STANDARD = new Operators();

  static {
    Elementwise.register(STANDARD);
    Activations.register(STANDARD);
    Products.register(STANDARD);
    Pooling.register(STANDARD);
    Normalizations.register(STANDARD);
    Reductions.register(STANDARD);
    Shapes.register(STANDARD);
    Slicing.register(STANDARD);
    Padding.register(STANDARD);
    Indexing.register(STANDARD);
    Scattering.register(STANDARD);
    Ordering.register(STANDARD);
    Attending.register(STANDARD);
    Sampling.register(STANDARD);
    Literals.register(STANDARD);
    Resizing.register(STANDARD);
    Recurrent.register(STANDARD);
    Control.register(STANDARD);
    Sequences.register(STANDARD);
    Quantized.register(STANDARD);
    Bits.register(STANDARD);
  }

  private final Map<String, NavigableMap<Integer, Operator>> table = new HashMap<>();

  private Operators() {}

  /** Everything that this loader knows. */
  static Operators standard() {
    return STANDARD;
  }

  /** An operator of the standard domain with one output. */
  void add(String type, int since, Function<Call, Value> build) {
    addAll(type, since, call -> List.of(build.apply(call)));
  }

  /** An operator of the standard domain. */
  void addAll(String type, int since, Operator build) {
    table.computeIfAbsent(":" + type, k -> new TreeMap<>()).put(since, build);
  }

  /** An operator of another domain with one output. */
  void add(String domain, String type, int since, Function<Call, Value> build) {
    table
        .computeIfAbsent(domain + ":" + type, k -> new TreeMap<>())
        .put(since, call -> List.of(build.apply(call)));
  }

  Optional<Operator> find(String domain, String type, int opset) {
    return Optional.ofNullable(table.get(domain + ":" + type))
        .map(versions -> versions.floorEntry(opset))
        .map(Map.Entry::getValue);
  }

  /** The names of all operators of the standard domain, for lists of what is supported. */
  List<String> names() {
    return table.keySet().stream()
        .filter(k -> k.startsWith(":"))
        .map(k -> k.substring(1))
        .sorted()
        .toList();
  }
}
