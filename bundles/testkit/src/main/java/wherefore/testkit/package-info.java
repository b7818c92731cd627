/** Contract tests, one class for each extension point, and what they work on. */
@Export
@Version("0.1.0")
@NullMarked
package wherefore.testkit;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
