/** How good an attribution is. */
@Export
@Version("0.1.0")
@NullMarked
package wherefore.metric;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
