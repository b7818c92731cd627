package wherefore.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Node;
import wherefore.graph.Value;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Something within a model that is set from outside, instead of being computed: do(h = v).
 *
 * <p>The model {@link #settable} makes takes a value for each, one number an example, and all that
 * is computed from there follows; so whatever takes a model takes an intervention.
 *
 * @param layer a layer's or an input's name
 * @param place which of its elements behind the batch axis: the outermost axes' numbers; all
 *     elements that begin so, and all there are if it is empty
 */
public record Intervention(String layer, List<Integer> place) {
  /** Copies the list. */
  public Intervention {
    place = List.copyOf(place);
  }

  /** The name of the input that takes an intervention's values, by its place in the list. */
  public static String port(int number) {
    return "wherefore.set/" + number;
  }

  /**
   * A model with one more input for each intervention: {@link #port}, float64 [examples].
   *
   * @throws IllegalArgumentException if the model is a function without a graph; asking for its
   *     graph throws {@link GraphException} if it has no such layer or place
   */
  public static Model settable(Model model, List<Intervention> interventions) {
    if (!(model.network() instanceof Network.White white)) {
      throw new IllegalArgumentException(
          "model %s is a function without a graph: nothing within it can be set"
              .formatted(model.name()));
    }
    Port.Axis examples = model.isBatched() ? Port.Axis.free("batch") : Port.Axis.fixed(1);
    List<Port> inputs = new ArrayList<>(model.inputs());
    for (int i = 0; i < interventions.size(); i++) {
      inputs.add(new Port(port(i), ElementType.FLOAT64, List.of(examples)));
    }
    List<Intervention> all = List.copyOf(interventions);
    Network.White network = shapes -> rewritten(white, shapes, all);
    return new Model(
        model.name(),
        model.format(),
        model.digest(),
        model.source(),
        model.card(),
        inputs,
        model.outputs(),
        network);
  }

  private static Graph rewritten(
      Network.White white, Map<String, Shape> shapes, List<Intervention> interventions) {
    Map<String, Shape> own = new HashMap<>(shapes);
    IntStream.range(0, interventions.size()).forEach(i -> own.remove(port(i)));
    Graph graph = white.graph(own);
    Map<Integer, List<Integer>> at =
        IntStream.range(0, interventions.size())
            .boxed()
            .collect(Collectors.groupingBy(i -> interventions.get(i).node(graph).id()));
    GraphBuilder b = new GraphBuilder();
    List<Value> values = new ArrayList<>();
    for (Node node : graph.nodes()) {
      b.at(node.origin());
      Value value = b.apply(node.op(), node.inputs().stream().map(values::get).toList());
      for (int i : at.getOrDefault(node.id(), List.of())) {
        value = interventions.get(i).set(b, value, port(i));
      }
      values.add(value);
    }
    b.at("");
    graph.outputs().forEach((name, id) -> b.output(name, values.get(id)));
    return b.build();
  }

  /** The node that it sets: a layer's output, or an input. */
  public Node node(Graph graph) {
    Node node = graph.input(layer).orElseGet(() -> graph.layer(layer));
    check(node);
    return node;
  }

  private void check(Node node) {
    Shape shape = node.shape();
    if (!node.type().element().isFloating() || shape.rank() < 1) {
      throw new GraphException(
          "layer %s is %s; only floating-point values with a row an example are set"
              .formatted(layer, node.type()));
    }
    boolean fits =
        place.size() < shape.rank()
            && IntStream.range(0, place.size())
                .allMatch(a -> place.get(a) >= 0 && place.get(a) < shape.dim(a + 1));
    if (!fits) {
      throw new GraphException(
          "layer %s has no place %s: it is %s an example"
              .formatted(layer, place, shape.axes(1, shape.rank())));
    }
  }

  private Value set(GraphBuilder b, Value value, String port) {
    Shape shape = value.shape();
    int rows = shape.dim(0);
    Value given = b.cast(b.input(port, ElementType.FLOAT64, Shape.of(rows)), value.element());
    int[] wide = new int[shape.rank()];
    Arrays.fill(wide, 1);
    wide[0] = rows;
    Value spread = b.expand(b.reshape(given, Shape.of(wide)), shape);
    return place.isEmpty() ? spread : b.where(b.constant(mask(shape)), spread, value);
  }

  private Tensor mask(Shape shape) {
    Shape row = shape.with(0, 1);
    boolean[] mask = new boolean[row.size()];
    for (int element : elements(row)) {
      mask[element] = true;
    }
    return Tensor.of(row, mask);
  }

  /** The elements of an example that it sets, by their place in row-major order. */
  public int[] elements(Shape shape) {
    int[] strides = shape.strides();
    return IntStream.range(0, shape.with(0, 1).size())
        .filter(
            i ->
                IntStream.range(0, place.size())
                    .allMatch(a -> i / strides[a + 1] % shape.dim(a + 1) == place.get(a)))
        .toArray();
  }

  /** {@code conv1[3,4]}. */
  @Override
  public String toString() {
    return place.isEmpty()
        ? layer
        : layer + place.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
  }
}
