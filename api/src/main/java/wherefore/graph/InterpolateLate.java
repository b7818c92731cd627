package wherefore.graph;

import java.util.BitSet;

/**
 * Moves an interpolation with one number a row behind the linear operators that follow it, as far
 * as that saves work: they run on its base and, without their constant part, on its slope, whatever
 * the number of rows.
 *
 * <pre>
 * %3 = mul(expand(%alpha), expand(%delta))         %3 = conv(%from, %w, %b) : f32[1,64,…]
 * %4 = add(expand(%from), %3) : f32[8,3,…]      →  %4 = conv(%delta, %w) : f32[1,64,…]
 * %5 = conv(%4, %w, %b) : f32[8,64,…]              %5 = mul(expand(%alpha), expand(%4))
 * %6 = relu(%5)                                    %6 = add(expand(%3), %5) : f32[8,64,…]
 *                                                  %7 = relu(%6)
 * </pre>
 *
 * <p>Exact but for rounding. A value that something nonlinear asks for is interpolated itself if
 * that costs less than applying its operator to its operands' rows; base and slope count as two
 * more rows of the call.
 */
public final class InterpolateLate implements Rewrite {
  private final Batch batch;

  /** For a graph of these rows. */
  public InterpolateLate(Batch batch) {
    this.batch = batch;
  }

  @Override
  public Graph apply(Graph graph) {
    RowForms forms = RowForms.of(graph, batch);
    BitSet interpolated = interpolated(graph, forms);
    return !interpolated.isEmpty() ? new RowWriter(graph, forms, interpolated::get).write() : graph;
  }

  private BitSet interpolated(Graph graph, RowForms forms) {
    BitSet asked = asked(graph, forms);
    double[] least = new double[graph.nodes().size()];
    BitSet interpolated = new BitSet();
    for (Node node : graph.nodes()) {
      if (forms.form(node.id()) == RowForms.Form.AFFINE) {
        double own = Work.INTERPOLATED * node.shape().size() / batch.rows();
        double applied = applied(graph, node, asked, least);
        boolean moved = !begins(graph, forms, node) && isLess(own, applied);
        interpolated.set(node.id(), moved);
        least[node.id()] = begins(graph, forms, node) || moved ? own : applied;
      }
    }
    return interpolated;
  }

  /** The affine values whose rows something needs that is not affine. */
  private static BitSet asked(Graph graph, RowForms forms) {
    BitSet asked = new BitSet();
    for (Node node : graph.nodes()) {
      if (forms.form(node.id()) != RowForms.Form.AFFINE) {
        node.inputs().forEach(asked::set);
      }
    }
    graph.outputs().values().forEach(asked::set);
    return asked;
  }

  /** What its operator costs a row, and the rows that it is applied to. */
  private double applied(Graph graph, Node node, BitSet asked, double[] least) {
    double cost = Work.of(graph, node) / batch.rows();
    for (int in : node.inputs()) {
      cost += asked.get(in) ? 0 : least[in];
    }
    return cost;
  }

  /** True if interpolating all rows costs less than applying the operator to all and two more. */
  private boolean isLess(double own, double applied) {
    return own * batch.total() + Work.EXTRA < applied * (batch.total() - 2);
  }

  /** True for base + number · slope itself. */
  private static boolean begins(Graph graph, RowForms forms, Node node) {
    boolean sum =
        node.op() instanceof Primitive.Binary f
            && f.function() == BinaryFunction.ADD
            && graph.operands(node).stream().anyMatch(forms::isScaled);
    return sum || forms.isScaled(node);
  }
}
