package wherefore.graph;

import static wherefore.tensor.Shape.SCALAR;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;

/**
 * Moves a weighted sum over the rows in front of the linear operators that yield them, as far as
 * that saves work: they run on the sum, once, whatever the number of rows.
 *
 * <pre>
 * %5 = convTranspose(%4, %w) : f32[8,3,…]              %5 = cast(%4) : f64[8,64,…]
 * %6 = cast(%5) : f64[8,3,…]                           %6 = mul(%5, expand(%weights))
 * %7 = mul(%6, expand(%weights))                    →  %7 = reduceSum(%6) {axes=[0]} : f64[1,64,…]
 * %8 = reduceSum(%7) {axes=[0]} : f64[1,3,…]           %8 = convTranspose(cast(%7), %w) : f32[1,3,…]
 *                                                      %9 = cast(%8) : f64[1,3,…]
 * </pre>
 *
 * <p>Exact but for rounding. Sums are float64, before and after.
 */
public final class SumEarly implements Rewrite {
  /** The weights' input: float64, one a row. */
  public static final String WEIGHTS = "wherefore.weights";

  private final Batch batch;

  /** For a graph of these rows. */
  public SumEarly(Batch batch) {
    this.batch = batch;
  }

  /** Writes the sum over the rows of a value with {@linkplain #WEIGHTS weights}. */
  public static Value sum(GraphBuilder b, Value value) {
    int rows = value.shape().dim(0);
    int[] column = new int[value.shape().rank()];
    Arrays.fill(column, 1);
    column[0] = rows;
    Value wide = b.cast(value, ElementType.FLOAT64);
    Value weighted = b.mul(wide, b.reshape(weights(b, rows), Shape.of(column)));
    return b.apply(new Primitive.ReduceSum(List.of(0)), weighted);
  }

  /** The weights of so many rows. */
  static Value weights(GraphBuilder b, int rows) {
    String outer = b.origin();
    Value weights = b.at("").input(WEIGHTS, ElementType.FLOAT64, Shape.of(rows));
    b.at(outer);
    return weights;
  }

  /** The value whose rows a node sums with the weights, if it does: what {@link #sum} wrote. */
  static Optional<Node> summed(Graph graph, Node node) {
    if (!(node.op() instanceof Primitive.ReduceSum r) || !r.axes().equals(List.of(0))) {
      return Optional.empty();
    }
    Node product = graph.operands(node).get(0);
    boolean weighted =
        product.op() instanceof Primitive.Binary f
            && f.function() == BinaryFunction.MUL
            && isWeights(graph, graph.operands(product).get(1));
    return weighted ? Optional.of(graph.operands(product).get(0)) : Optional.empty();
  }

  private static boolean isWeights(Graph graph, Node node) {
    return switch (node.op()) {
      case Leaf.Input input -> input.name().equals(WEIGHTS);
      case Primitive.Expand e -> isWeights(graph, graph.operands(node).get(0));
      case Primitive.Reshape r -> isWeights(graph, graph.operands(node).get(0));
      default -> false;
    };
  }

  @Override
  public Graph apply(Graph graph) {
    RowForms forms = RowForms.of(graph, batch);
    SumPlaces places = new SumPlaces(graph, forms);
    boolean moves =
        graph.nodes().stream()
            .flatMap(n -> summed(graph, n).stream())
            .anyMatch(x -> places.isCrossed(x.id()));
    return moves ? new Sums(graph, forms, places).write() : graph;
  }

  /** The graph anew, with the sums where they are best made. */
  private static final class Sums {
    private final Graph graph;
    private final RowForms forms;
    private final SumPlaces places;
    private final RowWriter writer;
    private final GraphBuilder b;
    private final int rows;

    Sums(Graph graph, RowForms forms, SumPlaces places) {
      this.graph = graph;
      this.forms = forms;
      this.places = places;
      this.writer = new RowWriter(graph, forms, id -> false);
      this.b = writer.builder();
      this.rows = forms.batch().rows();
    }

    Graph write() {
      for (Node node : graph.nodes()) {
        summed(graph, node)
            .filter(x -> places.isCrossed(x.id()))
            .ifPresentOrElse(
                x -> writer.set(node, b.cast(sum(x), ElementType.FLOAT64)),
                () -> writer.write(node));
      }
      return writer.finish();
    }

    /** The sum of a value's rows, of its element type and with a row's shape. */
    private Value sum(Node node) {
      if (!forms.varies(node.id())) {
        Value total = b.cast(total(), node.type().element());
        return b.mul(writer.one(node.id()), total);
      }
      return places.isCrossed(node.id()) ? ofSums(node) : ofRows(node);
    }

    /** The sum of the weights. */
    private Value total() {
      Value weights = SumEarly.weights(b, rows);
      return b.reshape(SumEarly.sum(b, b.expand(b.number(1, weights), weights.shape())), SCALAR);
    }

    private Value ofSums(Node node) {
      Set<Integer> affine = forms.affineIn(node);
      List<Value> operands = new ArrayList<>(writer.operands(node, writer::one));
      for (int place : affine) {
        operands.set(place, sum(graph.operands(node).get(place)));
      }
      return RowWise.apply(b.at(node.origin()), RowWise.ofOne(node, rows), operands);
    }

    private Value ofRows(Node node) {
      Shape row = RowWise.ofOne(node.shape(), rows);
      Value cut = b.reshape(writer.whole(node.id()), RowWise.cut(node.shape(), rows));
      return b.reshape(b.cast(SumEarly.sum(b, cut), node.type().element()), row);
    }
  }
}
