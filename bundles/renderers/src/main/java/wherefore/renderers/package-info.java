/** Draws attributions: heat maps over pictures, bars for features. */
@NullMarked
package wherefore.renderers;

import org.jspecify.annotations.NullMarked;
