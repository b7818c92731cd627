package wherefore.tensor;

/** What the elements of a {@link Tensor} are. */
public enum ElementType {
  /** IEEE 754 single precision. */
  FLOAT32("f32", 4),
  /** IEEE 754 double precision. */
  FLOAT64("f64", 8),
  /** Two's complement, 64 bits: indices, tokens, shapes. */
  INT64("i64", 8),
  /** One byte an element, 0 or 1. */
  BOOL("bool", 1);

  private final String symbol;
  private final int bytes;

  ElementType(String symbol, int bytes) {
    this.symbol = symbol;
    this.bytes = bytes;
  }

  /**
   * The short name that a graph's text form uses: {@code f32}, {@code f64}, {@code i64}, {@code
   * bool}.
   */
  public String symbol() {
    return symbol;
  }

  /** Bytes an element takes. */
  public int bytes() {
    return bytes;
  }

  /** True for the two types that a derivative can be taken with respect to. */
  public boolean isFloating() {
    return this == FLOAT32 || this == FLOAT64;
  }
}
