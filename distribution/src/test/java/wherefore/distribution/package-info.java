/** Tests of the assembled system: inside a framework, and as a process. */
@NullMarked
package wherefore.distribution;

import org.jspecify.annotations.NullMarked;
