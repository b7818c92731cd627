/** Cuts texts into tokens as the libraries that models are trained with do. */
@NullMarked
package wherefore.readers.text;

import org.jspecify.annotations.NullMarked;
