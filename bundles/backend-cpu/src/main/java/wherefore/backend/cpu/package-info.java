/** The backend for processors: a compiler from graphs to plans, and the plans' steps. */
@NullMarked
package wherefore.backend.cpu;

import org.jspecify.annotations.NullMarked;
