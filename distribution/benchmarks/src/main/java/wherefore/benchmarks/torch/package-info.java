/** Libtorch in eager mode, as a user of PyTorch runs it. */
@NullMarked
package wherefore.benchmarks.torch;

import org.jspecify.annotations.NullMarked;
