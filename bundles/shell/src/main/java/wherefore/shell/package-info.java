/** The commands of the scope why. */
@NullMarked
package wherefore.shell;

import org.jspecify.annotations.NullMarked;
