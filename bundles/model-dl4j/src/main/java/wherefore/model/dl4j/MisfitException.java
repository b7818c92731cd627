package wherefore.model.dl4j;

import wherefore.tensor.Shape;

/** Images arrive at a dense layer in another size than it was made for. */
final class MisfitException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final boolean rows;
  private final boolean columns;

  /**
   * With one example's form as expected and found.
   *
   * @param rowAxis where the rows are; the columns are behind it
   */
  MisfitException(Shape expected, Shape found, int rowAxis) {
    super(
        "expects %s for each example, gets %s: has the input the size that the model was made for?"
            .formatted(expected, found));
    this.rows = fits(expected, found, rowAxis);
    this.columns = fits(expected, found, rowAxis + 1);
  }

  private static boolean fits(Shape expected, Shape found, int axis) {
    return found.rank() == expected.rank() && found.dim(axis) == expected.dim(axis);
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
