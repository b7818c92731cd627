/**
 * What is explained and what goes in: models, their cards and loaders, inputs and their readers.
 */
@Export
@Version("0.1.0")
@NullMarked
package wherefore.model;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
