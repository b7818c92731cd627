/** The networks that are measured, with weights made here. */
@NullMarked
package wherefore.benchmarks.nets;

import org.jspecify.annotations.NullMarked;
