/**
 * The question (a request), the service that answers it, the methods it asks, and the answer.
 *
 * <p>A client uses {@link wherefore.attribution.Attributor}. A method implements {@link
 * wherefore.attribution.AttributionMethod}: straight-line code that builds graphs over a {@link
 * wherefore.attribution.Subject} and hands them to an {@link wherefore.attribution.Evaluator}.
 */
@Export
@Version("0.1.0")
@NullMarked
package wherefore.attribution;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
