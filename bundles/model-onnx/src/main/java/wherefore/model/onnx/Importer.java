package wherefore.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Value;
import wherefore.model.ModelException;
import wherefore.model.Port;
import wherefore.tensor.Shape;

/** Builds one graph from a file, for inputs of given shapes. */
final class Importer {
  /** So deep may branches and functions be nested. */
  static final int DEPTH_LIMIT = 32;

  private static final int NODE_LIMIT = 1 << 18;

  private final OnnxFile file;
  private final boolean ours;
  private final GraphBuilder b = new GraphBuilder();
  private final Constants constants = new Constants(b);
  private final Set<Integer> filled = new HashSet<>();
  private final Set<String> layers = new HashSet<>();
  private final Set<String> used;
  private final Set<Integer> perExample = new HashSet<>();
  private final int freedBatch;
  private int visited;

  private Importer(OnnxFile file, Set<String> used, int freedBatch) {
    this.file = file;
    this.freedBatch = freedBatch;
    this.used = used;
    this.ours = file.model().getProducerName().equals(Naming.PRODUCER);
  }

  /**
   * The graph, with constants folded.
   *
   * @param freed true if the file fixes the batch at 1 and the ports don't: then it is checked that
   *     examples stay apart
   * @throws GraphException if the network can't take such inputs; the message names the node
   */
  static Graph graph(
      OnnxFile file, List<Port> inputs, Map<String, Shape> shapes, boolean freed, Folding folding) {
    List<NodeProto> nodes = Needed.nodes(file.model().getGraph());
    Set<String> used = Needed.names(file.model().getGraph(), nodes);
    file.functions().values().forEach(f -> used.addAll(Needed.names(f)));
    int batch = freed ? shapes.values().iterator().next().dim(0) : 1;
    Importer importer = new Importer(file, used, batch);
    Graph graph = importer.run(nodes, inputs, shapes);
    if (batch > 1 && !BatchAxis.isFree(graph, batch, importer.perExample)) {
      throw new GraphException(
          "the file is for one example; %d at once would not stay apart".formatted(batch));
    }
    return folding.apply(graph, importer.filled);
  }

  private Graph run(List<NodeProto> nodes, List<Port> inputs, Map<String, Shape> shapes) {
    GraphProto graph = file.model().getGraph();
    Scope scope = Scope.top(file.opsets());
    for (Port port : inputs) {
      Shape shape = shapes.get(port.name());
      if (shape == null || !port.accepts(shape)) {
        throw new GraphException(
            "input %s is given %s".formatted(port, shape == null ? "no shape" : shape));
      }
      scope.put(port.name(), b.input(port.name(), port.element(), shape));
    }
    graph.getInitializerList().forEach(t -> scope.put(t.getName(), t));
    nodes.forEach(n -> run(n, scope));
    for (ValueInfoProto output : graph.getOutputList()) {
      b.output(output.getName(), value(scope, output.getName()));
    }
    return b.build();
  }

  private void run(NodeProto node, Scope scope) {
    String layer = layer(node, scope);
    String outer = b.origin();
    try {
      if (++visited > NODE_LIMIT || b.nodes().size() > NODE_LIMIT) {
        throw new TooLargeException(Needed.describe(node), NODE_LIMIT);
      }
      List<Value> out = build(node, scope, b.at(layer).origin());
      for (int i = 0; i < Math.min(out.size(), node.getOutputCount()); i++) {
        scope.put(node.getOutput(i), out.get(i));
      }
    } catch (NodeException | TooLargeException e) {
      throw e;
    } catch (IllegalArgumentException
        | ArithmeticException
        | IndexOutOfBoundsException
        | NegativeArraySizeException e) {
      String message = e.getMessage() == null ? e.toString() : e.getMessage();
      boolean named = message.startsWith(layer + ": ");
      String complaint = named ? message.substring(layer.length() + 2) : message;
      throw new NodeException(Needed.describe(node) + ": " + complaint, e);
    } finally {
      b.at(outer);
    }
  }

  /** An error that names its node already. */
  private static final class NodeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    NodeException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The node's name, or its first output's where it has none or a name that is taken. */
  private String layer(NodeProto node, Scope scope) {
    if (ours) {
      return scope.prefix() + Naming.origin(node.getName());
    }
    String name = scope.prefix() + node.getName();
    if (!node.getName().isEmpty() && layers.add(name)) {
      return name;
    }
    String output = node.getOutputCount() == 0 ? "" : node.getOutput(0);
    return scope.prefix() + output;
  }

  private List<Value> build(NodeProto node, Scope scope, String layer) {
    String domain = OnnxFile.domain(node.getDomain());
    List<Optional<Operand>> in = new ArrayList<>();
    for (String name : node.getInputList()) {
      in.add(name.isEmpty() ? Optional.empty() : Optional.of(operand(scope, name)));
    }
    Attributes attributes = new Attributes(node, scope.attributes());
    FunctionProto function = file.functions().get(OnnxFile.function(node));
    if (function != null) {
      call(function, node, scope, layer, attributes, in);
      return List.of();
    }
    int opset = scope.opsets().getOrDefault(domain, 1);
    return Operators.standard()
        .find(domain, node.getOpType(), opset)
        .orElseThrow(() -> new GraphException("is not supported"))
        .build(new Call(this, scope, node, opset, relative(layer, scope), attributes, in));
  }

  private static String relative(String layer, Scope scope) {
    return layer.startsWith(scope.prefix()) ? layer.substring(scope.prefix().length()) : layer;
  }

  private Value value(Scope scope, String name) {
    return operand(scope, name).value();
  }

  private Operand operand(Scope scope, String name) {
    Optional<Operand> known = scope.operand(name);
    if (known.isPresent()) {
      return known.get();
    }
    TensorProto weight =
        scope
            .weight(name)
            .orElseThrow(
                () -> new GraphException("\"" + name + "\" is yielded by no earlier node"));
    String layer = b.origin();
    Value value = b.at("").constant(file.tensors().read(weight));
    b.at(layer);
    return new Operand.Single(value);
  }

  private void call(
      FunctionProto function,
      NodeProto node,
      Scope caller,
      String layer,
      Attributes attributes,
      List<Optional<Operand>> in) {
    checkDepth(caller);
    Map<String, AttributeProto> arguments = new HashMap<>();
    function.getAttributeProtoList().forEach(a -> arguments.put(a.getName(), a));
    arguments.putAll(attributes.byName());
    Scope scope = caller.function(layer, opsets(function), arguments);
    for (int i = 0; i < Math.min(in.size(), function.getInputCount()); i++) {
      String parameter = function.getInput(i);
      in.get(i).ifPresent(v -> scope.put(parameter, v));
    }
    function.getNodeList().forEach(n -> run(n, scope));
    for (int i = 0; i < Math.min(node.getOutputCount(), function.getOutputCount()); i++) {
      caller.put(node.getOutput(i), operand(scope, function.getOutput(i)));
    }
  }

  private Map<String, Integer> opsets(FunctionProto function) {
    try {
      return function.getOpsetImportList().stream().noneMatch(s -> s.getDomain().isEmpty())
          ? file.opsets()
          : OnnxFile.opsets(function.getName(), function.getOpsetImportList());
    } catch (ModelException e) {
      throw new GraphException(e.getMessage() == null ? e.toString() : e.getMessage(), e);
    }
  }

  private static void checkDepth(Scope scope) {
    if (scope.depth() >= DEPTH_LIMIT) {
      throw new GraphException("branches and functions are nested deeper than " + DEPTH_LIMIT);
    }
  }

  /**
   * Builds a branch or a loop's round in place; it sees what is around it.
   *
   * @param prefix what its layers' names begin with
   * @param operands what its inputs stand for
   */
  List<Operand> inline(GraphProto graph, Scope around, String prefix, List<Operand> operands) {
    checkDepth(around);
    Scope scope = around.branch(prefix);
    graph.getInitializerList().forEach(t -> scope.put(t.getName(), t));
    for (int i = 0; i < Math.min(operands.size(), graph.getInputCount()); i++) {
      scope.put(graph.getInput(i).getName(), operands.get(i));
    }
    List<NodeProto> nodes = Needed.nodes(graph);
    List<String> gaps = Needed.gaps(nodes, file.functions(), scope.opsets());
    if (!gaps.isEmpty()) {
      throw new GraphException(
          "a branch has operators that are not supported: "
              + gaps.stream().collect(Collectors.joining(", ")));
    }
    nodes.forEach(n -> run(n, scope));
    return graph.getOutputList().stream().map(o -> operand(scope, o.getName())).toList();
  }

  GraphBuilder builder() {
    return b;
  }

  Constants constants() {
    return constants;
  }

  TensorReader tensors() {
    return file.tensors();
  }

  boolean isUsed(String name) {
    return used.contains(name);
  }

  /** The number of examples where the file says 1; 1 where the file itself leaves it open. */
  int freedBatch() {
    return freedBatch;
  }

  /** Notes a node that is only right if the batch stands first in it. */
  void markPerExample(Value value) {
    perExample.add(value.id());
  }

  void markFilled(Value value) {
    filled.add(value.id());
  }
}
