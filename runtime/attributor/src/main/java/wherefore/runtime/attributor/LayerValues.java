package wherefore.runtime.attributor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import wherefore.attribution.AttributionException;
import wherefore.attribution.Program;
import wherefore.attribution.Rows;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Inlined;
import wherefore.graph.Node;
import wherefore.graph.Value;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** What a layer yields for other values of inputs, or of layers in front of it. */
final class LayerValues {
  private static final String VALUE = "wherefore.value";

  private final Model model;
  private final Map<String, Tensor> inputs;
  private final Batching batches;

  /**
   * For one example.
   *
   * @param inputs the request's; those that don't vary stay as they are
   */
  LayerValues(Model model, Map<String, Tensor> inputs, Batching batches) {
    this.model = model;
    this.inputs = inputs;
    this.batches = batches;
  }

  /**
   * The layer's output, a row for each row of what varies.
   *
   * @param given the layers among what varies
   * @param varying inputs or layers, by name
   */
  Tensor at(String layer, Set<String> given, Map<String, Tensor> varying) {
    return at(graph -> graph.layer(layer), given, varying);
  }

  /** As {@link #at(String, Set, Map)}, of any node. */
  Tensor at(Function<Graph, Node> node, Set<String> given, Map<String, Tensor> varying) {
    int count = varying.values().iterator().next().shape().dim(0);
    Rows rows = new Rows(count, (from, to) -> feeds(varying, from, to), Map.of());
    List<Tensor> parts = new ArrayList<>();
    batches.run(
        program(node, given), rows, Map.of(), (from, to, outputs) -> parts.add(value(outputs)));
    return Tensor.concatRows(parts);
  }

  private static Tensor value(Map<String, Tensor> outputs) {
    return Optional.ofNullable(outputs.get(VALUE))
        .orElseThrow(() -> new AttributionException("the backend yields no output " + VALUE));
  }

  private Program program(Function<Graph, Node> node, Set<String> given) {
    return new Program(
        rows -> {
          Graph graph = graph(rows);
          SequencedMap<String, Integer> outputs = new LinkedHashMap<>();
          outputs.put(VALUE, node.apply(graph).id());
          GraphBuilder b = new GraphBuilder();
          Map<Integer, Value> bound = new HashMap<>();
          for (String name : given) {
            Node layer = graph.layer(name);
            bound.put(layer.id(), b.input(name, layer.type().element(), layer.shape()));
          }
          Inlined copies = b.inline(new Graph(graph.nodes(), outputs), bound);
          return b.output(VALUE, copies.of(node.apply(graph))).build();
        });
  }

  private Graph graph(int rows) {
    Map<String, Shape> shapes = new HashMap<>();
    inputs.forEach((name, value) -> shapes.put(name, value.shape().with(0, rows)));
    return model.graph(shapes);
  }

  private Map<String, Tensor> feeds(Map<String, Tensor> varying, int from, int to) {
    Map<String, Tensor> feeds = new HashMap<>();
    inputs.forEach(
        (name, value) -> feeds.put(name, Tensor.concatRows(Collections.nCopies(to - from, value))));
    varying.forEach((name, value) -> feeds.put(name, value.rows(from, to)));
    return feeds;
  }
}
