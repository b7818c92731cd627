/** Reads images, rows of tables and tensors as model inputs. */
@NullMarked
package wherefore.readers;

import org.jspecify.annotations.NullMarked;
