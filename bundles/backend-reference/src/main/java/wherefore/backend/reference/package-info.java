/** Every operator in plain Java and float64: the living definition. */
@NullMarked
package wherefore.backend.reference;

import org.jspecify.annotations.NullMarked;
