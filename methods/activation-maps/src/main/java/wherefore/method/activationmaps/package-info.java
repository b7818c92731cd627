/** Methods that weigh a layer's channels, and show where they are active. */
@NullMarked
package wherefore.method.activationmaps;

import org.jspecify.annotations.NullMarked;
