/** Attribution by integrating gradients along a path from a baseline. */
@NullMarked
package wherefore.method.paths;

import org.jspecify.annotations.NullMarked;
