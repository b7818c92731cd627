package wherefore.model.dl4j;

import wherefore.tensor.Shape;

/** Images or volumes arrive at a dense layer in another size than it was made for. */
final class MisfitException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final boolean depth;
  private final boolean rows;
  private final boolean columns;

  /**
   * With one example's form as expected and found.
   *
   * @param columnAxis where the columns are; the rows are before it, and before these the depth, if
   *     there is one
   */
  MisfitException(Shape expected, Shape found, int columnAxis) {
    super(
        "expects %s for each example, gets %s: has the input the size that the model was made for?"
            .formatted(expected, found));
    this.depth = fits(expected, found, columnAxis - 2);
    this.rows = fits(expected, found, columnAxis - 1);
    this.columns = fits(expected, found, columnAxis);
  }

  private static boolean fits(Shape expected, Shape found, int axis) {
    return axis >= 0 && found.rank() == expected.rank() && found.dim(axis) == expected.dim(axis);
  }

  /** True if a volume is as deep as expected. */
  boolean depthFits() {
    return depth;
  }

  /** True if there are as many rows as expected. */
  boolean rowsFit() {
    return rows;
  }

  /** True if there are as many columns as expected. */
  boolean columnsFit() {
    return columns;
  }
}
