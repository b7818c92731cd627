/** Methods that read a transformer's attention. */
@NullMarked
package wherefore.method.attention;

import org.jspecify.annotations.NullMarked;
