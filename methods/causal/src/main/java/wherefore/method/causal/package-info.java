/** Methods that set what they ask about, and see what becomes of the target. */
@NullMarked
package wherefore.method.causal;

import org.jspecify.annotations.NullMarked;
