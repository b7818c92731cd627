/** The explanation document: JSON that holds a request, its answer and all that made it. */
@NullMarked
package wherefore.document;

import org.jspecify.annotations.NullMarked;
