/** Methods that read a transformer's attention, or narrow what passes. */
@NullMarked
package wherefore.method.attention;

import org.jspecify.annotations.NullMarked;
