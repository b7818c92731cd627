package wherefore.graph;

/**
 * Computes what is the same for all rows of a batch for one row, and repeats it where it meets the
 * rows.
 *
 * <pre>
 * %1 = expand(%0) : f32[8,3,32,32]        %1 = conv(%0, %w) : f32[1,16,32,32]
 * %2 = conv(%1, %w) : f32[8,16,32,32]  →  %2 = expand(%1) : f32[8,16,32,32]
 * %3 = add(%x, %2)                        %3 = add(%x, %2)
 * </pre>
 */
public final class ExpandLate implements Rewrite {
  private final Batch batch;

  /** For a graph of these rows. */
  public ExpandLate(Batch batch) {
    this.batch = batch;
  }

  @Override
  public Graph apply(Graph graph) {
    RowForms forms = RowForms.of(graph, batch);
    boolean any = graph.nodes().stream().anyMatch(n -> isComputed(forms, n));
    return any ? new RowWriter(graph, forms, id -> false).write() : graph;
  }

  private static boolean isComputed(RowForms forms, Node node) {
    return forms.form(node.id()) == RowForms.Form.SAME && !(node.op() instanceof Primitive.Expand);
  }
}
