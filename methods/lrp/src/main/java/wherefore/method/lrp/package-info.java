/**
 * Layer-wise relevance propagation: rules for linear layers, and a base map for everything else.
 */
@NullMarked
package wherefore.method.lrp;

import org.jspecify.annotations.NullMarked;
