/** Methods that change parts of the input and watch the target: they need forward passes alone. */
@NullMarked
package wherefore.method.perturbation;

import org.jspecify.annotations.NullMarked;
