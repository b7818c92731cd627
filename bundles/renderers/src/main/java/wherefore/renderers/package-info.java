/** Draws attributions as pictures. */
@NullMarked
package wherefore.renderers;

import org.jspecify.annotations.NullMarked;
