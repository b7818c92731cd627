package wherefore.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * What must be computed anew where many rows differ from one that is known, each within a box of
 * one value.
 *
 * <p>A change spreads from operator to operator ({@link Locality}). As long as it stays small, only
 * the box that it reaches is computed, for all rows at once: its operands' boxes are cut out of the
 * known values and the changes before, at places that are fed. Where an operator mixes positions,
 * or the box is nearly everything, the changes are laid into the known value, and from there on
 * whole values are computed. Every number is made by the same operations from the same numbers as
 * in a run of the whole, so it is the same, to the bit where a backend's kernels have one order of
 * summation.
 *
 * <pre>
 * %1 = conv(%x)             %1 = conv(%x of one row)                               once for all rows
 * %2 = relu(%1)       →     %2 = relu(%1)
 * %3 = … flatten(%2) …      %4 = relu(conv(gather(%x and the patches, places)))    a patch for each row
 *                           %3 = … flatten(gather(%2 and %4, places)) …            whole rows
 * </pre>
 */
public final class Incremental {
  private static final String PLACES = "wherefore.places:";

  /** An element that is cut out, joined and brought to another order, in multiplications. */
  private static final double MOVED = 4 * Work.ELEMENT;

  /** Patches must cost this much less than the whole: their kernels have more to do beside. */
  private static final double WORTH = 0.7;

  private final Graph graph;
  private final int rows;
  private final BitSet needed;
  private final BitSet varies = new BitSet();
  private final @Nullable Boxes[] boxes;
  private final @Nullable Locality[] localities;
  private final Map<Integer, List<Cut>> operands = new TreeMap<>();
  private final SequencedMap<Integer, Cut> joints = new LinkedHashMap<>();

  private Incremental(Graph graph, int source, int target, Boxes changed) {
    this.graph = graph;
    this.rows = changed.starts().isEmpty() ? 0 : changed.starts().get(0).length;
    this.boxes = new Boxes[graph.nodes().size()];
    this.localities = new Locality[boxes.length];
    this.needed = graph.needed(target);
    boxes[source] = changed;
    varies.set(source);
    graph.nodes().stream().filter(n -> n.id() > source && needed.get(n.id())).forEach(this::follow);
    join(target);
  }

  /**
   * Follows changes through a graph.
   *
   * @param graph for one row
   * @param source the node that is changed
   * @param target the node that is asked for
   * @param changed where each row differs at the source
   */
  public static Incremental of(Graph graph, int source, int target, Boxes changed) {
    return new Incremental(graph, source, target, changed);
  }

  // --- how far --------------------------------------------------------------------------------

  private void follow(Node node) {
    List<Integer> changed = node.inputs().stream().filter(varies::get).distinct().toList();
    if (changed.isEmpty()) {
      return;
    }
    varies.set(node.id());
    if (changed.stream().anyMatch(id -> boxes[id] == null)) {
      return;
    }
    Locality.of(graph, node, place -> varies.get(node.inputs().get(place)))
        .ifPresent(locality -> follow(node, locality, changed));
  }

  /** A patch pays if it costs less than laying the changes into whole values and working there. */
  private void follow(Node node, Locality locality, List<Integer> changed) {
    Boxes reached = Spread.forward(locality, changed.stream().map(this::box).toList(), node);
    List<Cut> cuts = cuts(node, locality, reached);
    double share = (double) reached.size() / Math.max(1, positions(node));
    double moved = cuts.stream().filter(Cut::isMade).mapToDouble(this::elements).sum();
    double laid = changed.stream().mapToDouble(i -> graph.node(i).shape().size()).sum();
    double whole = Work.of(graph, node);
    if (share * whole + MOVED * moved <= WORTH * (whole + MOVED * laid)) {
      boxes[node.id()] = reached;
      localities[node.id()] = locality;
      operands.put(node.id(), cuts);
    }
  }

  private int positions(Node node) {
    return Arrays.stream(Boxes.spatial(node.shape())).reduce(1, Math::multiplyExact);
  }

  private double elements(Cut cut) {
    return (double) cut.box().size() * graph.node(cut.node()).shape().dim(1);
  }

  /** What a node needs of its operands; those that are the same everywhere are not cut. */
  private List<Cut> cuts(Node node, Locality locality, Boxes reached) {
    List<Cut> cuts = new ArrayList<>();
    for (int place = 0; place < node.inputs().size(); place++) {
      int id = node.inputs().get(place);
      if (varies.get(id) || isCut(node, locality, place)) {
        String name = PLACES + node.id() + "," + place;
        double padding = locality instanceof Locality.Sliding s ? s.padding() : 0;
        Boxes need = Spread.back(locality, reached);
        cuts.add(new Cut(name, id, need, padding, Optional.ofNullable(boxes[id]), graph));
      } else {
        cuts.add(Cut.none(id, graph));
      }
    }
    return cuts;
  }

  /** An operand that is known, position by position. */
  private boolean isCut(Node node, Locality locality, int place) {
    Node operand = graph.node(node.inputs().get(place));
    return locality instanceof Locality.Pointwise
        && !(node.op() instanceof Composite)
        && !isSpaceless(operand)
        && operand.shape().rank() == node.shape().rank();
  }

  /** True if a known value is the same at all positions, and so can be repeated for a patch. */
  boolean isSpaceless(Node operand) {
    if (!(operand.op() instanceof Primitive.Expand)) {
      return false;
    }
    Shape shape = graph.operands(operand).get(0).shape();
    return shape.rank() > 2 && Arrays.stream(Boxes.spatial(shape)).allMatch(d -> d == 1);
  }

  /** The last patches on each way, as far as the target needs them. */
  private void join(int target) {
    List<List<Integer>> users = graph.users();
    for (Node node : graph.nodes()) {
      int id = node.id();
      boolean last =
          id == target
              || users.get(id).stream().anyMatch(u -> needed.get(u) && !operands.containsKey(u));
      Boxes box = boxes[id];
      if (needed.get(id) && box != null && last) {
        Boxes whole = Boxes.whole(node.shape(), rows);
        joints.put(id, new Cut(PLACES + id, id, whole, 0, Optional.of(box), graph));
      }
    }
  }

  // --- what is to be done ---------------------------------------------------------------------

  /** The share of the whole network's work that is left for a row. */
  public double share() {
    double whole = 0;
    double left = 0;
    for (Node node : graph.nodes()) {
      if (needed.get(node.id()) && varies.get(node.id())) {
        double work = Work.of(graph, node);
        Boxes box = boxes[node.id()];
        whole += work;
        left += box == null ? work : work * box.size() / Math.max(1, positions(node));
      }
    }
    return whole == 0 ? 1 : left / whole;
  }

  /** What the inputs that say where patches lie are fed with, for a range of rows. */
  public Map<String, Tensor> places(int from, int to) {
    Map<String, Tensor> places = new TreeMap<>();
    operands.values().forEach(cuts -> cuts.forEach(c -> put(places, c, from, to)));
    joints.values().forEach(c -> put(places, c, from, to));
    return places;
  }

  private static void put(Map<String, Tensor> places, Cut cut, int from, int to) {
    if (cut.isMade()) {
      places.put(cut.name(), cut.places(from, to));
    }
  }

  /**
   * Writes what is computed on patches.
   *
   * @param known where the graph's nodes for the known row are
   * @param patches the source's, for so many rows
   * @return whole values that the rest is to be computed from: node to value, with all rows
   */
  public Map<Integer, Value> write(GraphBuilder b, Inlined known, Value patches, int count) {
    PatchWriter writer = new PatchWriter(b, graph, this, known, count);
    return writer.write(patches);
  }

  /**
   * Where the nodes that are computed on patches are in the same network's graph for more rows,
   * which may have other nodes beside them; empty if they are not all there.
   *
   * @param several the graph for more rows
   * @param changed the source there
   */
  public Optional<Map<Integer, Integer>> places(Graph several, int changed) {
    Map<Integer, Integer> found = new TreeMap<>(Map.of(source(), changed));
    for (int id : operands.keySet()) {
      Optional<Node> same =
          several.nodes().stream()
              .filter(n -> !found.containsValue(n.id()) && isSame(graph.node(id), n, found))
              .findFirst();
      if (same.isEmpty()) {
        return Optional.empty();
      }
      found.put(id, same.get().id());
    }
    return Optional.of(found);
  }

  private boolean isSame(Node one, Node other, Map<Integer, Integer> found) {
    boolean same =
        one.op().getClass() == other.op().getClass()
            && one.origin().equals(other.origin())
            && one.inputs().size() == other.inputs().size()
            && one.shape().rank() == other.shape().rank()
            && one.shape().with(0, 1).equals(other.shape().with(0, 1));
    for (int place = 0; same && place < one.inputs().size(); place++) {
      Integer operand = found.get(one.inputs().get(place));
      same = operand == null || operand.equals(other.inputs().get(place));
    }
    return same;
  }

  SequencedMap<Integer, Cut> joints() {
    return joints;
  }

  Map<Integer, List<Cut>> operands() {
    return operands;
  }

  Locality locality(int id) {
    return Optional.ofNullable(localities[id]).orElseThrow();
  }

  Boxes box(int id) {
    return Optional.ofNullable(boxes[id]).orElseThrow();
  }

  int source() {
    return varies.nextSetBit(0);
  }
}
