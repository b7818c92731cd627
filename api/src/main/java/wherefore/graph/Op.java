package wherefore.graph;

import java.util.Locale;

/**
 * An operator with its attributes: what a {@link Node} does to its inputs. The set is closed, so a
 * table over it is an exhaustive {@code switch}.
 */
public sealed interface Op permits Leaf, Primitive, Composite {
  /** The name in a graph's text form: the operator's name with a small first letter. */
  default String name() {
    String simple = getClass().getSimpleName();
    return simple.substring(0, 1).toLowerCase(Locale.ROOT) + simple.substring(1);
  }
}
