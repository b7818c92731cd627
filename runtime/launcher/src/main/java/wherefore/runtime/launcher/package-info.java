/** Embeds an OSGi framework, installs the distribution's bundles, runs the shell or one command. */
@NullMarked
package wherefore.runtime.launcher;

import org.jspecify.annotations.NullMarked;
