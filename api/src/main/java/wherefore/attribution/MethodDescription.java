package wherefore.attribution;

import java.util.List;

/**
 * A method that is there now.
 *
 * @param id its id
 * @param version of the bundle it is in
 * @param info what it says of itself
 * @param options its options
 */
public record MethodDescription(
    String id, String version, MethodInfo info, List<OptionSpec> options) {
  /** Copies the list. */
  public MethodDescription {
    options = List.copyOf(options);
  }
}
