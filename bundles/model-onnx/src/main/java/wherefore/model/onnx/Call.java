package wherefore.model.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Value;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** One node of the file on its way into the graph. */
final class Call {
  /** No table that the loader makes up itself (indices, masks) has more elements than this. */
  private static final long TABLE_LIMIT = 1 << 24;

  private final Importer importer;
  private final Scope scope;
  private final NodeProto node;
  private final int opset;
  private final String layer;
  private final Attributes attributes;
  private final List<Optional<Operand>> in;

  Call(
      Importer importer,
      Scope scope,
      NodeProto node,
      int opset,
      String layer,
      Attributes attributes,
      List<Optional<Operand>> in) {
    this.importer = importer;
    this.scope = scope;
    this.node = node;
    this.opset = opset;
    this.layer = layer;
    this.attributes = attributes;
    this.in = in;
  }

  GraphBuilder b() {
    return importer.builder();
  }

  Attributes attributes() {
    return attributes;
  }

  int opset() {
    return opset;
  }

  // --- operands -------------------------------------------------------------------------------

  int arity() {
    return in.size();
  }

  boolean has(int place) {
    return place < in.size() && in.get(place).isPresent();
  }

  Optional<Value> find(int place) {
    return place < in.size() ? in.get(place).map(Operand::value) : Optional.empty();
  }

  /** A tensor or a sequence. */
  Operand operand(int place) {
    return (place < in.size() ? in.get(place) : Optional.<Operand>empty())
        .orElseThrow(() -> new GraphException("operand " + (place + 1) + " is missing"));
  }

  Value in(int place) {
    return find(place)
        .orElseThrow(() -> new GraphException("operand " + (place + 1) + " is missing"));
  }

  Value x() {
    return in(0);
  }

  /** All operands that are given. */
  List<Value> operands() {
    return in.stream().flatMap(Optional::stream).map(Operand::value).toList();
  }

  /** The operand's value, if it does not depend on what is fed. */
  Optional<Tensor> constant(int place) {
    return importer.constants().find(in(place));
  }

  /** The value, if it does not depend on what is fed. */
  Optional<Tensor> constant(Value value) {
    return importer.constants().find(value);
  }

  /**
   * The operand's value.
   *
   * @param role what it is, for the error where it depends on what is fed
   */
  Tensor constant(int place, String role) {
    return known(in(place), role);
  }

  /** As {@link #constant(int, String)}, of any value. */
  Tensor known(Value value, String role) {
    return constant(value)
        .orElseThrow(
            () ->
                new GraphException(
                    "its "
                        + role
                        + " depends on the data that is fed; only models whose shapes follow from"
                        + " the inputs' shapes can be loaded"));
  }

  long[] longs(int place, String role) {
    return constant(place, role).toLongs();
  }

  int[] ints(int place, String role) {
    return Arrays.stream(longs(place, role)).mapToInt(Math::toIntExact).toArray();
  }

  /** A list of integers that was an attribute once and is an operand now. */
  Optional<int[]> ints(String attribute, int place) {
    if (has(place)) {
      return Optional.of(ints(place, attribute));
    }
    return attributes
        .integers(attribute)
        .map(list -> list.stream().mapToInt(Integer::intValue).toArray());
  }

  // --- results --------------------------------------------------------------------------------

  int outputs() {
    return node.getOutputCount();
  }

  boolean wants(int output) {
    return output < node.getOutputCount() && !node.getOutput(output).isEmpty();
  }

  /** True if an output has a name that somebody refers to. */
  boolean isUsed(int output) {
    return wants(output) && importer.isUsed(node.getOutput(output));
  }

  /** Refuses a node that uses more than its first output. */
  void onlyFirstOutput(String others) {
    for (int i = 1; i < outputs(); i++) {
      if (isUsed(i)) {
        throw new GraphException("its output " + (i + 1) + " (" + others + ") is not supported");
      }
    }
  }

  // --- making values --------------------------------------------------------------------------

  /** A constant that the file doesn't name. */
  Value literal(Tensor tensor) {
    String layer = b().origin();
    Value value = b().at("").constant(tensor);
    b().at(layer);
    return value;
  }

  Value indices(Shape shape, long... values) {
    return literal(Tensor.of(shape, values));
  }

  /**
   * True if a leading 1 in a constant shape stands for the batch, which the file fixes and the
   * model's ports don't.
   */
  boolean isBatchOne(long leading, Shape from) {
    int batch = importer.freedBatch();
    return batch > 1
        && leading == 1
        && from.rank() > 0
        && from.dim(0) == batch
        && constant(0).isEmpty();
  }

  int batch() {
    return importer.freedBatch();
  }

  Value perExample(Value value) {
    importer.markPerExample(value);
    return value;
  }

  /** A value repeated to a shape, which becomes a constant when the graph is done. */
  Value filled(Tensor scalar, Shape shape) {
    Value value = b().expand(literal(scalar.reshape(Shape.SCALAR)), shape);
    importer.markFilled(value);
    return value;
  }

  /** The first operand converted to the second's element type. */
  Value like(Value x, Value other) {
    return b().cast(x, other.element());
  }

  /** Checks the size of a table before it is made. */
  static int checkTable(long elements) {
    if (elements < 0 || elements > TABLE_LIMIT) {
      throw new GraphException(
          "would need a table of %d elements; at most %d are made"
              .formatted(elements, TABLE_LIMIT));
    }
    return (int) elements;
  }

  Tensor tensor(ai.onnx.proto.OnnxMl.TensorProto proto) {
    return importer.tensors().read(proto);
  }

  static ElementType element(int type) {
    return TensorReader.element(type);
  }

  /** Gives outputs from a number on what they stand for. */
  void give(int first, List<? extends Operand> outputs) {
    for (int i = 0; i < outputs.size(); i++) {
      if (wants(first + i)) {
        scope.put(node.getOutput(first + i), outputs.get(i));
      }
    }
  }

  /**
   * Builds a subgraph in place.
   *
   * @param round what tells the layers of one round from those of the others; empty for a branch
   * @param operands what its inputs stand for
   */
  List<Operand> inline(GraphProto graph, String round, List<Operand> operands) {
    return importer.inline(graph, scope, round.isEmpty() ? "" : layer + round + "/", operands);
  }
}
