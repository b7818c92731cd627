/** All foreign calls of this backend: oneDNN's C interface through the foreign-function API. */
@NullMarked
package wherefore.backend.cpu.onednn;

import org.jspecify.annotations.NullMarked;
