/** Attribution by how much information noise can take from a layer. */
@NullMarked
package wherefore.method.bottleneck;

import org.jspecify.annotations.NullMarked;
