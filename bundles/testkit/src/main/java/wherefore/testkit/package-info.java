/**
 * Contract tests, one abstract class for each extension point, and what they are made of: golden
 * values, random graphs, definitions by brute force, finite differences. A new implementation is
 * tested by a class of a few lines that extends the contract.
 */
@Export
@Version("0.1.0")
@NullMarked
package wherefore.testkit;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
