/** How an attribution is shown. */
@Export
@Version("0.1.0")
@NullMarked
package wherefore.render;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
