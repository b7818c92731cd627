/** Methods that answer with the gradient of the target at the input. */
@NullMarked
package wherefore.method.gradient;

import org.jspecify.annotations.NullMarked;
