/** Reads images, tables, tensors and text as model inputs. */
@NullMarked
package wherefore.readers;

import org.jspecify.annotations.NullMarked;
