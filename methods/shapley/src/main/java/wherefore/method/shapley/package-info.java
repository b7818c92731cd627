/** Shapley values and their relatives: what each player adds, averaged over coalitions. */
@NullMarked
package wherefore.method.shapley;

import org.jspecify.annotations.NullMarked;
