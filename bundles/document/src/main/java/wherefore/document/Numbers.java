package wherefore.document;

/** Doubles in JSON, which has no NaN and no infinity. */
final class Numbers {
  private Numbers() {}

  /** A number, or the name of what is none. */
  static Object tree(double value) {
    return Double.isFinite(value) ? (Object) value : Double.toString(value);
  }

  /** What {@link #tree} wrote; a {@link NumberFormatException} for all else. */
  static double number(Object tree) {
    if (tree instanceof Number number) {
      return number.doubleValue();
    }
    return switch (tree.toString()) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> throw new NumberFormatException(tree.toString());
    };
  }
}
