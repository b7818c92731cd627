package wherefore.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import wherefore.tensor.Shape;

/** What is known of how a graph's values change from row to row. */
final class RowForms {
  /** How a value changes from row to row. */
  enum Form {
    /** It does not depend on the rows, and nothing is known of its axes. */
    FIXED,
    /** All of its rows are the same. */
    SAME,
    /** One number a row, all along the row if it is longer. */
    NUMBER,
    /** base + number · slope, where base and slope are the same for all rows. */
    AFFINE,
    /** In any way. */
    ANY
  }

  private static final int NOBODY = -1;

  private final Graph graph;
  private final Batch batch;
  private final Form[] forms;
  private final int[] numbers;
  private final List<Optional<Set<Integer>>> carriers = new ArrayList<>();

  private RowForms(Graph graph, Batch batch) {
    this.graph = graph;
    this.batch = batch;
    this.forms = new Form[graph.nodes().size()];
    this.numbers = new int[forms.length];
    Arrays.fill(numbers, NOBODY);
    for (Node node : graph.nodes()) {
      carriers.add(RowWise.carriers(graph, node, batch.rows()).filter(p -> othersFixed(node, p)));
      forms[node.id()] = form(node);
    }
  }

  static RowForms of(Graph graph, Batch batch) {
    return new RowForms(graph, batch);
  }

  Batch batch() {
    return batch;
  }

  Form form(int id) {
    return forms[id];
  }

  /** The node that yields the number a row that an affine value, or a number, changes with. */
  int number(int id) {
    return numbers[id];
  }

  /**
   * The operands that carry rows, if the node treats each row by itself and the others are fixed.
   */
  Optional<Set<Integer>> carriers(int id) {
    return carriers.get(id);
  }

  /** True if a value depends on the rows. */
  boolean varies(int id) {
    return forms[id] != Form.FIXED && forms[id] != Form.SAME;
  }

  /** The operands in which a node is affine together, as {@link Linearity} has it. */
  Set<Integer> affineIn(Node node) {
    IntPredicate varies = place -> varies(node.inputs().get(place));
    Set<Integer> places = Linearity.places(graph, node, varies);
    boolean rest =
        carriers(node.id()).isPresent()
            && places(node).allMatch(p -> places.contains(p) || !varies.test(p));
    return rest ? places : Set.of();
  }

  private static Stream<Integer> places(Node node) {
    return IntStream.range(0, node.inputs().size()).boxed();
  }

  private boolean othersFixed(Node node, Set<Integer> places) {
    return places(node)
        .allMatch(
            p -> places.contains(p) ? isRows(node, p) : form(node.inputs().get(p)) == Form.FIXED);
  }

  /** One row alone is a block like any other. */
  private boolean isRows(Node node, int place) {
    return batch.rows() == 1 || form(node.inputs().get(place)) != Form.FIXED;
  }

  private Form form(Node node) {
    if (batch.feeds(node.op())) {
      return any(node);
    }
    if (node.inputs().stream().anyMatch(this::varies)) {
      return dependent(node);
    }
    boolean same =
        carriers(node.id()).isPresent()
            && node.inputs().stream().anyMatch(i -> form(i) == Form.SAME);
    return same || isRepeated(node) ? Form.SAME : Form.FIXED;
  }

  /** The first of what is repeated for each row. */
  private boolean isRepeated(Node node) {
    if (!(node.op() instanceof Primitive.Expand) || batch.rows() == 1) {
      return false;
    }
    Node operand = graph.operands(node).get(0);
    return form(operand.id()) == Form.FIXED
        && operand.shape().dim(0) == 1
        && node.shape().dim(0) == batch.rows();
  }

  private Form any(Node node) {
    boolean number = isNumber(node.shape());
    numbers[node.id()] = number ? node.id() : NOBODY;
    return number ? Form.NUMBER : Form.ANY;
  }

  private boolean isNumber(Shape shape) {
    return shape.rank() > 0 && shape.dim(0) == batch.rows() && shape.size() == batch.rows();
  }

  private Form dependent(Node node) {
    if (carriers(node.id()).isEmpty()) {
      return any(node);
    }
    if (spreads(node)) {
      numbers[node.id()] = numbers[node.inputs().get(0)];
      return Form.NUMBER;
    }
    int number = isScaled(node) ? scaling(node) : common(node);
    numbers[node.id()] = number;
    return number == NOBODY ? any(node) : Form.AFFINE;
  }

  private boolean spreads(Node node) {
    return form(node.inputs().get(0)) == Form.NUMBER
        && switch (node.op()) {
          case Primitive.Expand e -> true;
          case Primitive.Reshape r -> isNumber(node.shape());
          default -> false;
        };
  }

  /** A number a row times what is the same for all rows: where affine values begin. */
  boolean isScaled(Node node) {
    return node.op() instanceof Primitive.Binary f
        && f.function() == BinaryFunction.MUL
        && node.type().element().isFloating()
        && scaling(node) != NOBODY;
  }

  private int scaling(Node node) {
    for (int place : List.of(0, 1)) {
      int id = node.inputs().get(place);
      if (form(id) == Form.NUMBER && !varies(node.inputs().get(1 - place))) {
        return numbers[id];
      }
    }
    return NOBODY;
  }

  /** The number that all varying operands are affine in, if the node is affine in them. */
  private int common(Node node) {
    Set<Integer> places = affineIn(node);
    int common = NOBODY;
    for (int place : places) {
      int id = node.inputs().get(place);
      if (varies(id)) {
        if (form(id) != Form.AFFINE || (common != NOBODY && common != numbers[id])) {
          return NOBODY;
        }
        common = numbers[id];
      }
    }
    return common;
  }
}
