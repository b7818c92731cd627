package wherefore.attribution;

/** What a method's answer has numbers for. */
public enum Form {
  /** Each element of each {@linkplain Subject#variables variable}: tensors of their shapes. */
  ELEMENTS,
  /**
   * Each place of one layer or input, or each of its elements, by its name: [1, 1, places…], or of
   * its shape. The layer that it is made from is the request's, or the method's {@linkplain
   * AttributionMethod#layer choice}.
   */
  MAP,
  /** As {@link #ELEMENTS}, but the numbers are no attribution: a value of each variable, found. */
  VALUE
}
