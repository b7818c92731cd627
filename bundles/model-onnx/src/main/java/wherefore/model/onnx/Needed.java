package wherefore.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which nodes of a file the outputs depend on, and which of them the table lacks. */
final class Needed {
  private Needed() {}

  /** The nodes that the outputs depend on, in the file's order. */
  static List<NodeProto> nodes(GraphProto graph) {
    Map<String, NodeProto> producers = new HashMap<>();
    graph.getNodeList().forEach(n -> n.getOutputList().forEach(o -> producers.put(o, n)));
    Set<String> seen = new HashSet<>();
    Deque<String> open = new ArrayDeque<>();
    graph.getOutputList().forEach(o -> open.add(o.getName()));
    Set<NodeProto> needed = Collections.newSetFromMap(new IdentityHashMap<>());
    while (!open.isEmpty()) {
      String name = open.pop();
      NodeProto node = seen.add(name) ? producers.get(name) : null;
      if (node != null && needed.add(node)) {
        open.addAll(inputs(node));
      }
    }
    return graph.getNodeList().stream().filter(needed::contains).toList();
  }

  /** What a node refers to, its branches' outer names among it. */
  private static Set<String> inputs(NodeProto node) {
    Set<String> names = new LinkedHashSet<>(node.getInputList());
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attribute.hasG()) {
        attribute.getG().getNodeList().forEach(n -> names.addAll(inputs(n)));
        attribute.getG().getOutputList().forEach(o -> names.add(o.getName()));
      }
    }
    return names;
  }

  /** All names that the nodes or the outputs refer to. */
  static Set<String> names(GraphProto graph, List<NodeProto> nodes) {
    Set<String> names = new HashSet<>();
    nodes.forEach(n -> names.addAll(inputs(n)));
    graph.getOutputList().forEach(o -> names.add(o.getName()));
    return names;
  }

  /** All names that a function's nodes or outputs refer to. */
  static Set<String> names(FunctionProto function) {
    Set<String> names = new HashSet<>(function.getOutputList());
    function.getNodeList().forEach(n -> names.addAll(inputs(n)));
    return names;
  }

  /** {@code NonZero (node "x", opset 13)} for each node that the table lacks. */
  static List<String> gaps(
      Collection<NodeProto> nodes,
      Map<String, FunctionProto> functions,
      Map<String, Integer> opsets) {
    List<String> gaps = new ArrayList<>();
    collect(nodes, functions, opsets, gaps, new HashSet<>(), Importer.DEPTH_LIMIT);
    return gaps;
  }

  private static void collect(
      Collection<NodeProto> nodes,
      Map<String, FunctionProto> functions,
      Map<String, Integer> opsets,
      List<String> gaps,
      Set<String> entered,
      int depth) {
    for (NodeProto node : nodes) {
      String domain = OnnxFile.domain(node.getDomain());
      String key = OnnxFile.function(node);
      int opset = opsets.getOrDefault(domain, 1);
      FunctionProto function = functions.get(key);
      if (function != null) {
        if (depth > 0 && entered.add(key)) {
          Map<String, Integer> own = new HashMap<>(opsets);
          function
              .getOpsetImportList()
              .forEach(s -> own.put(OnnxFile.domain(s.getDomain()), (int) s.getVersion()));
          collect(function.getNodeList(), functions, own, gaps, entered, depth - 1);
        }
      } else if (Operators.standard().find(domain, node.getOpType(), opset).isEmpty()) {
        gaps.add(gap(node, domain, opset));
      } else if (domain.isEmpty() && !node.getOpType().equals("If")) {
        for (AttributeProto attribute : node.getAttributeList()) {
          if (attribute.hasG()) {
            collect(nodes(attribute.getG()), functions, opsets, gaps, entered, depth);
          }
        }
      }
    }
  }

  private static String gap(NodeProto node, String domain, int opset) {
    String where = domain.isEmpty() ? "" : "domain " + domain + ", ";
    return "%s (node \"%s\", %sopset %d)".formatted(node.getOpType(), name(node), where, opset);
  }

  /** {@code Conv "layer1.conv1"}: how errors name a node. */
  static String describe(NodeProto node) {
    return node.getOpType() + " \"" + name(node) + "\"";
  }

  private static String name(NodeProto node) {
    return !node.getName().isEmpty() || node.getOutputCount() == 0
        ? node.getName()
        : node.getOutput(0);
  }
}
