/** Attribution by the gradient of the target: plain, and times the input. */
@NullMarked
package wherefore.method.gradient;

import org.jspecify.annotations.NullMarked;
