package wherefore.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.UnsafeByteOperations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import wherefore.graph.Graph;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.model.Model;
import wherefore.model.ModelException;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * A file under construction: names, weights, and extents that depend on the batch.
 *
 * <p>Where the batch is to be free, the graph that is written is the one for two examples, and the
 * one for three stands beside it. They must agree node by node; where extents differ, the batch is
 * what made them differ.
 */
final class GraphWriter {
  private final Model model;
  private final Graph graph;
  private final Optional<Graph> larger;
  private final Broadcasts broadcasts;
  private final Extents extents;
  private final GraphProto.Builder proto = GraphProto.newBuilder();
  private final List<NodeProto.Builder> nodes = new ArrayList<>();
  private final List<String> origins = new ArrayList<>();
  private final Map<Integer, String> names = new HashMap<>();
  private final Map<Tensor, String> literals = new HashMap<>();
  private final Set<String> taken = new HashSet<>();
  private String origin = "";

  private long bytes;

  GraphWriter(Model model, Graph graph, Optional<Graph> larger) {
    this.model = model;
    this.graph = graph;
    this.larger = larger;
    this.broadcasts = new Broadcasts(graph);
    this.extents = new Extents(this, model.inputs(), graph, larger);
    model.inputs().forEach(p -> taken.add(p.name()));
    taken.addAll(graph.outputs().keySet());
  }

  ModelProto write() throws ModelException {
    larger.ifPresent(this::checkAlike);
    nameOutputs();
    OperatorWriter writer = new OperatorWriter(this);
    for (Node node : graph.nodes()) {
      origin = node.origin();
      switch (node.op()) {
        case Leaf.Input input -> names.put(node.id(), input.name());
        case Leaf.Constant constant -> constant(node, constant.value());
        default -> {
          if (broadcasts.isWritten(node)) {
            writer.write(node);
          }
        }
      }
    }
    identities();
    if (bytes > Integer.MAX_VALUE - (1 << 24)) {
      throw new ModelException(
          "model %s has %d MiB of weights; an ONNX file holds at most 2 GiB"
              .formatted(model.name(), bytes >> 20));
    }
    return message();
  }

  private void checkAlike(Graph other) {
    boolean alike = graph.nodes().size() == other.nodes().size();
    for (int i = 0; alike && i < graph.nodes().size(); i++) {
      Node a = graph.node(i);
      Node b = other.node(i);
      alike = a.op().getClass() == b.op().getClass() && a.inputs().equals(b.inputs());
    }
    if (!alike) {
      throw new FixedBatchException("its graphs for two and for three examples differ in form");
    }
  }

  // --- names ----------------------------------------------------------------------------------

  /** A node that is an output yields a tensor of the output's name. */
  private void nameOutputs() {
    graph
        .outputs()
        .forEach(
            (name, id) -> {
              if (!(graph.node(id).op() instanceof Leaf)) {
                names.putIfAbsent(id, name);
              }
            });
  }

  /** Outputs that are inputs, constants, or another output. */
  private void identities() {
    origin = "";
    graph
        .outputs()
        .forEach(
            (name, id) -> {
              if (!name(id).equals(name)) {
                emit("Identity", List.of(name(id)), name);
              }
            });
  }

  private String name(int id) {
    return names.computeIfAbsent(id, i -> fresh("v" + i));
  }

  private String fresh(String wanted) {
    String name = wanted;
    while (!taken.add(name)) {
      name = name + "_";
    }
    return name;
  }

  /** What a node's operand is called; a mere broadcast is left to the operator. */
  String operand(Node node, int place) {
    return name(broadcasts.source(node, place));
  }

  /** What a node yields is called. */
  String result(Node node) {
    return name(node.id());
  }

  Extents extents() {
    return extents;
  }

  /** A name for what comes between. */
  String between() {
    return fresh("t" + nodes.size());
  }

  // --- nodes ----------------------------------------------------------------------------------

  /** Appends a node of the current layer. */
  void emit(String type, List<String> operands, String result, AttributeProto... attributes) {
    nodes.add(
        NodeProto.newBuilder()
            .setOpType(type)
            .addAllInput(operands)
            .addOutput(result)
            .addAllAttribute(Arrays.asList(attributes)));
    origins.add(origin);
  }

  /** Runs what appends nodes of no layer. */
  void aside(Runnable work) {
    String layer = origin;
    origin = "";
    work.run();
    origin = layer;
  }

  /** The last node of a layer bears its name. */
  private void nameNodes() {
    Map<String, Integer> last = new HashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      last.put(origins.get(i), i);
    }
    for (int i = 0; i < nodes.size(); i++) {
      String layer = origins.get(i);
      boolean bears = !layer.isEmpty() && last.getOrDefault(layer, -1) == i;
      nodes
          .get(i)
          .setName(bears && Naming.origin(layer).equals(layer) ? layer : Naming.helper(layer, i));
    }
  }

  // --- tensors --------------------------------------------------------------------------------

  private void constant(Node node, Tensor value) {
    Tensor other = larger.map(g -> ((Leaf.Constant) g.node(node.id()).op()).value()).orElse(value);
    if (other.shape().equals(value.shape())) {
      if (!other.equals(value)) {
        throw new FixedBatchException("the constant " + value + " depends on it");
      }
      names.put(node.id(), literal(value));
      return;
    }
    names.put(node.id(), extents.repeated(value, other));
  }

  /** A weight, or a number that an operator takes as an operand. */
  String literal(Tensor value) {
    return literals.computeIfAbsent(value, this::weight);
  }

  private String weight(Tensor value) {
    String name = fresh("c" + literals.size());
    bytes += (long) value.size() * value.type().bytes();
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type(value.type()))
            .setRawData(UnsafeByteOperations.unsafeWrap(value.toBytes()));
    Arrays.stream(value.shape().dims()).forEach(tensor::addDims);
    proto.addInitializer(tensor);
    return name;
  }

  String integers(List<Integer> values) {
    long[] longs = values.stream().mapToLong(Integer::longValue).toArray();
    return literal(Tensor.of(Shape.of(longs.length), longs));
  }

  static int type(ElementType element) {
    return switch (element) {
      case FLOAT32 -> 1;
      case FLOAT64 -> 11;
      case INT64 -> 7;
      case BOOL -> 9;
    };
  }

  // --- the whole ------------------------------------------------------------------------------

  private ModelProto message() {
    nameNodes();
    nodes.forEach(proto::addNode);
    proto.setName(model.name());
    Head head = new Head(model, graph, larger.isPresent());
    proto.addAllInput(head.inputs()).addAllOutput(head.outputs());
    return head.message(proto.build());
  }
}
