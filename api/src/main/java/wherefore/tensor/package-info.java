/**
 * Immutable dense arrays and their file format: the values that flow through everything else.
 *
 * <p>There is no arithmetic here: computing is a {@linkplain wherefore.compute backend's} business.
 */
@Export
@Version("0.1.0")
@NullMarked
package wherefore.tensor;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
