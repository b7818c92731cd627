package wherefore.attribution;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Interpolation;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.graph.Value;
import wherefore.tensor.Shape;

/**
 * What a map is laid over: an input of the model, or the layer itself.
 *
 * @param name the input's or the layer's
 * @param extents of its places
 * @param channelsLast true for an input [n, extents…, channels]
 */
public record MapFrame(String name, List<Integer> extents, boolean channelsLast) {
  /** What the options ask for. */
  public static MapFrame of(AttributionRequest request, MapLayer layer, boolean upsample) {
    return upsample
        ? ofInput(request, layer)
        : new MapFrame(layer.name(), places(layer.shape(), false), false);
  }

  /**
   * The input whose places the layer's are.
   *
   * @throws AttributionException unless there is exactly one
   */
  public static MapFrame ofInput(AttributionRequest request, MapLayer layer) {
    List<Node> fitting = inputs(layer).stream().filter(n -> fits(n, layer)).toList();
    if (fitting.size() != 1) {
      throw new AttributionException(
          ("%s: layer %s yields %s; %d inputs that it depends on have as many axes, one is needed"
                  + " to lay the map over; with upsample=false the map has the layer's extents")
              .formatted(request.method(), layer.name(), layer.node().type(), fitting.size()));
    }
    Node input = fitting.get(0);
    boolean last = channelsLast(layer.graph(), input);
    return new MapFrame(((Leaf.Input) input.op()).name(), places(input.shape(), last), last);
  }

  private static boolean fits(Node input, MapLayer layer) {
    return input.type().element().isFloating() && input.shape().rank() == layer.shape().rank();
  }

  /** The inputs that the layer depends on. */
  private static List<Node> inputs(MapLayer layer) {
    Graph graph = layer.graph();
    boolean[] needed = new boolean[graph.nodes().size()];
    needed[layer.node().id()] = true;
    List<Node> inputs = new ArrayList<>();
    for (Node node : graph.nodes().reversed()) {
      if (needed[node.id()]) {
        node.inputs().forEach(in -> needed[in] = true);
        if (node.op() instanceof Leaf.Input) {
          inputs.add(node);
        }
      }
    }
    return inputs;
  }

  /** Whether all that the network does with an input is to move its last axis behind the first. */
  private static boolean channelsLast(Graph graph, Node input) {
    int rank = input.shape().rank();
    List<Integer> order =
        Stream.concat(Stream.of(0, rank - 1), IntStream.range(1, rank - 1).boxed()).toList();
    List<Integer> users = graph.users().get(input.id());
    return !users.isEmpty()
        && users.stream()
            .allMatch(
                u ->
                    graph.node(u).op() instanceof Primitive.Transpose t
                        && t.permutation().equals(order));
  }

  private static List<Integer> places(Shape shape, boolean last) {
    int from = last ? 1 : 2;
    return IntStream.range(from, from + shape.rank() - 2).mapToObj(shape::dim).toList();
  }

  /** The map as it is answered, float32 or float64 as it comes: its name, and values. */
  public Map<String, Value> finished(Value map, boolean relu) {
    GraphBuilder b = map.builder();
    return Map.of(name, spread(relu ? b.binary(BinaryFunction.MAX, map, 0) : map));
  }

  /** A map [n, 1, extents…] brought to these extents by linear interpolation, pixels' centres. */
  public Value spread(Value map) {
    List<Integer> full = new ArrayList<>(List.of(map.shape().dim(0), 1));
    full.addAll(extents);
    GraphBuilder b = map.builder();
    Shape wide = Shape.of(full.stream().mapToInt(Integer::intValue).toArray());
    Value resized =
        map.shape().equals(wide)
            ? map
            : b.apply(new Composite.Resize(full, Interpolation.LINEAR), map);
    if (channelsLast) {
      full.remove(1);
      full.add(1);
    }
    return b.reshape(resized, Shape.of(full.stream().mapToInt(Integer::intValue).toArray()));
  }
}
