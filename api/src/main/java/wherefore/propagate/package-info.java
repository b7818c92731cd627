/**
 * Backward through a graph with a book of rules.
 *
 * <p>{@link wherefore.propagate.Backward} visits the nodes in reverse and asks a {@link
 * wherefore.propagate.RuleBook} what each one hands to its operands. {@link
 * wherefore.propagate.Vjp} is the book of the gradient; relevance propagation, DeepLIFT, guided
 * backpropagation are other books over the same walk. Rules emit ordinary nodes, so a backend
 * learns nothing new.
 */
@Export
@Version("0.1.0")
@NullMarked
package wherefore.propagate;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
