/** Our side: what a user of Wherefore runs. */
@NullMarked
package wherefore.benchmarks.ours;

import org.jspecify.annotations.NullMarked;
