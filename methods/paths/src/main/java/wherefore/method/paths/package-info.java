/** Methods that integrate gradients along a path from a baseline to the input. */
@NullMarked
package wherefore.method.paths;

import org.jspecify.annotations.NullMarked;
