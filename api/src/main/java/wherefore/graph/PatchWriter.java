package wherefore.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Writes the part of an {@link Incremental} that is computed on patches. */
final class PatchWriter {
  private final GraphBuilder b;
  private final Graph graph;
  private final Incremental plan;
  private final Inlined known;
  private final int rows;
  private final Map<Integer, Value> patches = new HashMap<>();
  private final Map<Integer, Value> cells = new HashMap<>();

  PatchWriter(GraphBuilder b, Graph graph, Incremental plan, Inlined known, int rows) {
    this.b = b;
    this.graph = graph;
    this.plan = plan;
    this.known = known;
    this.rows = rows;
  }

  /** Node to whole value. */
  Map<Integer, Value> write(Value source) {
    String outer = b.origin();
    patches.put(plan.source(), source);
    plan.operands().forEach((id, cuts) -> patches.put(id, patch(graph.node(id), cuts)));
    Map<Integer, Value> whole = new TreeMap<>();
    plan.joints().forEach((id, cut) -> whole.put(id, cut(cut)));
    b.at(outer);
    return whole;
  }

  private Value patch(Node node, List<Cut> cuts) {
    b.at(node.origin());
    Shape result = plan.box(node.id()).of(node.shape(), rows);
    List<Value> operands = new ArrayList<>();
    for (Cut cut : cuts) {
      operands.add(cut.isNone() ? asKnown(graph.node(cut.node()), node, result) : cut(cut));
    }
    b.at(node.origin());
    Op op = Locality.onPatches(node, result);
    return op instanceof Primitive.Pad p && p.before().get(1) == 0 && p.after().get(1) == 0
        ? operands.get(0)
        : b.apply(op, operands);
  }

  /** A known operand: weights as they are, what was repeated over all positions over fewer. */
  private Value asKnown(Node operand, Node user, Shape result) {
    boolean repeated = plan.locality(user.id()) instanceof Locality.Pointwise;
    if (!repeated || !plan.isSpaceless(operand)) {
      return known.of(operand);
    }
    Value small = known.of(graph.operands(operand).get(0));
    return b.expand(small, result.with(1, operand.shape().dim(1)));
  }

  // --- cutting --------------------------------------------------------------------------------

  private Value cut(Cut cut) {
    if (!cut.isMade()) {
      return patch(cut);
    }
    b.at(graph.node(cut.node()).origin());
    Value places = b.input(cut.name(), ElementType.INT64, Shape.of(rows, cut.box().size()));
    Value cells = b.apply(new Primitive.Gather(0), table(cut), places);
    Shape wide = cut.box().of(cut.shape(), rows);
    Shape last = Shape.of(rows).concat(wide.axes(2, wide.rank())).concat(wide.axes(1, 2));
    return b.transpose(b.reshape(cells, last), channelsSecond(wide.rank()));
  }

  private Value patch(Cut cut) {
    Value patch = patches.get(cut.node());
    if (patch == null) {
      throw new GraphException(graph.node(cut.node()).describe() + " has no patches");
    }
    return patch;
  }

  /** All positions that a cut may take, a row of channels each. */
  private Value table(Cut cut) {
    Value whole = known.of(graph.node(cut.node()));
    List<Value> parts = new ArrayList<>(List.of(cells(whole)));
    if (cut.isPadded()) {
      Tensor padding = Tensor.scalar(cut.padding()).to(whole.element());
      parts.add(b.expand(b.constant(padding), Shape.of(1, whole.shape().dim(1))));
    }
    Value fixed = b.concat(0, parts);
    return cut.patch().isPresent() ? b.concat(0, List.of(fixed, cells(patch(cut)))) : fixed;
  }

  /** [rows, channels, spatial…] as [rows · positions, channels]. */
  private Value cells(Value x) {
    Value known = cells.get(x.id());
    if (known == null) {
      int channels = x.shape().dim(1);
      Value last = b.transpose(x, channelsLast(x.shape().rank()));
      known = b.reshape(last, Shape.of(x.shape().size() / Math.max(1, channels), channels));
      cells.put(x.id(), known);
    }
    return known;
  }

  private static List<Integer> channelsLast(int rank) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
    order.add(order.remove(1));
    return order;
  }

  private static List<Integer> channelsSecond(int rank) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
    order.add(1, order.remove(rank - 1));
    return order;
  }
}
