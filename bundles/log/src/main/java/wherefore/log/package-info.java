/** Hands entries of the OSGi log service to SLF4J. */
@NullMarked
package wherefore.log;

import org.jspecify.annotations.NullMarked;
