package wherefore.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Writes a graph anew: what is the same for all rows for one row, what is affine in a number a row
 * as base and slope. A value with all of its rows is written where something asks for it.
 */
final class RowWriter {
  private final Graph graph;
  private final RowForms forms;
  private final int rows;
  private final IntPredicate interpolates;
  private final GraphBuilder b = new GraphBuilder();
  private final @Nullable Value[] whole;
  private final @Nullable Value[] one;
  private final @Nullable Value[] slope;

  /**
   * @param interpolates whether an affine value's rows are base + number · slope, rather than what
   *     its operator makes of its operands' rows
   */
  RowWriter(Graph graph, RowForms forms, IntPredicate interpolates) {
    this.graph = graph;
    this.forms = forms;
    this.rows = forms.batch().rows();
    this.interpolates = interpolates;
    this.whole = new Value[graph.nodes().size()];
    this.one = new Value[whole.length];
    this.slope = new Value[whole.length];
  }

  GraphBuilder builder() {
    return b;
  }

  /** The whole graph. */
  Graph write() {
    graph.nodes().forEach(this::write);
    return finish();
  }

  /** The graph of what has been written. */
  Graph finish() {
    graph.outputs().forEach((name, id) -> b.output(name, whole(id)));
    return new Prune().apply(b.build());
  }

  void write(Node node) {
    b.at(node.origin());
    switch (forms.form(node.id())) {
      case SAME -> one[node.id()] = ofOne(node, this::one);
      case AFFINE -> affine(node);
      case FIXED, NUMBER, ANY -> whole(node.id());
    }
  }

  /** A node's value has been written. */
  void set(Node node, Value value) {
    whole[node.id()] = value;
  }

  /** A value with all of its rows. */
  Value whole(int id) {
    Value value = whole[id];
    if (value == null) {
      Node node = graph.node(id);
      String outer = b.origin();
      b.at(node.origin());
      value = written(node);
      whole[id] = value;
      b.at(outer);
    }
    return value;
  }

  private Value written(Node node) {
    return switch (forms.form(node.id())) {
      case SAME -> repeated(one(node.id()), node.shape());
      case AFFINE -> interpolates.test(node.id()) ? interpolated(node) : applied(node);
      case FIXED, NUMBER, ANY -> applied(node);
    };
  }

  private Value applied(Node node) {
    return RowWise.apply(b, node.op(), node.inputs().stream().map(this::whole).toList());
  }

  /** One row of what is the same for all. */
  Value one(int id) {
    Value value = one[id];
    return value != null ? value : whole(id);
  }

  /**
   * What an operator makes of one row.
   *
   * @param carried from the operands that carry rows to one of theirs
   */
  Value ofOne(Node node, IntFunction<Value> carried) {
    return RowWise.apply(b, RowWise.ofOne(node, rows), operands(node, carried));
  }

  /** A node's operands: one row of those that carry rows, the others as they are. */
  List<Value> operands(Node node, IntFunction<Value> carried) {
    Set<Integer> carriers = forms.carriers(node.id()).orElse(Set.of());
    List<Value> operands = new ArrayList<>();
    for (int place = 0; place < node.inputs().size(); place++) {
      int id = node.inputs().get(place);
      operands.add(carriers.contains(place) ? carried.apply(id) : whole(id));
    }
    return operands;
  }

  // --- base and slope -------------------------------------------------------------------------

  private void affine(Node node) {
    int id = node.id();
    if (forms.isScaled(node)) {
      boolean first = forms.varies(node.inputs().get(0));
      slope[id] = one(node.inputs().get(first ? 1 : 0));
      return;
    }
    Set<Integer> places = forms.affineIn(node);
    one[id] = part(node, places, false);
    slope[id] = Optional.ofNullable(part(node, places, true)).orElseThrow();
  }

  /** The base of an affine value, or its slope; null for zeros. */
  private @Nullable Value part(Node node, Set<Integer> places, boolean sloping) {
    List<@Nullable Value> parts = new ArrayList<>();
    for (int place : places.stream().sorted().toList()) {
      int id = node.inputs().get(place);
      parts.add(sloping ? slope[id] : forms.varies(id) ? one[id] : one(id));
    }
    boolean constant = !sloping && Linearity.hasConstant(node);
    if (parts.stream().allMatch(p -> p == null) && !constant) {
      return null;
    }
    return sum(node, parts).orElseGet(() -> applied(node, places, sloping));
  }

  /** A sum where one of the parts is zeros. */
  private Optional<Value> sum(Node node, List<@Nullable Value> parts) {
    if (!(node.op() instanceof Primitive.Binary f) || parts.size() != 2) {
      return Optional.empty();
    }
    Value left = parts.get(0);
    Value right = parts.get(1);
    if (left != null && right == null) {
      return Optional.of(left);
    }
    return left == null && right != null
        ? Optional.of(f.function() == BinaryFunction.SUB ? b.neg(right) : right)
        : Optional.empty();
  }

  private Value applied(Node node, Set<Integer> places, boolean sloping) {
    List<Value> in = new ArrayList<>(operands(node, this::oneOrZeros));
    if (!sloping) {
      return RowWise.apply(b, RowWise.ofOne(node, rows), in);
    }
    for (int place : places) {
      int id = node.inputs().get(place);
      Value part = slope[id];
      in.set(place, part != null ? part : zeros(id));
    }
    return Linearity.homogeneous(b, RowWise.ofOne(node, rows), in);
  }

  private Value oneOrZeros(int id) {
    return forms.varies(id) && one[id] == null ? zeros(id) : one(id);
  }

  private Value zeros(int id) {
    Node node = graph.node(id);
    Shape shape = RowWise.ofOne(node.shape(), rows);
    return b.expand(b.constant(Tensor.scalar(0).to(node.type().element())), shape);
  }

  // --- all rows -------------------------------------------------------------------------------

  private Value repeated(Value row, Shape shape) {
    boolean stretched = row.node().op() instanceof Primitive.Expand && row.shape().dim(0) == 1;
    Value source = stretched ? b.value(row.node().inputs().get(0)) : led(row, shape);
    return b.reshape(b.expand(source, RowWise.cut(shape, rows)), shape);
  }

  private Value interpolated(Node node) {
    Shape shape = node.shape();
    Shape wide = RowWise.cut(shape, rows);
    Value number = whole(forms.number(node.id()));
    int[] column = new int[wide.rank()];
    Arrays.fill(column, 1);
    column[0] = rows;
    Value steep = led(Optional.ofNullable(slope[node.id()]).orElseThrow(), shape);
    Value rise = b.mul(b.reshape(number, Shape.of(column)), steep);
    Value base = one[node.id()];
    return b.reshape(base == null ? rise : b.add(led(base, shape), rise), shape);
  }

  private Value led(Value row, Shape shape) {
    return b.reshape(row, RowWise.cut(shape, rows).with(0, 1));
  }
}
