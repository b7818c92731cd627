/**
 * Where graphs run: a {@link wherefore.compute.ComputeBackend} turns a whole graph into an {@link
 * wherefore.compute.Executable}. A backend never hears of attribution.
 */
@Export
@Version("0.1.0")
@NullMarked
package wherefore.compute;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
