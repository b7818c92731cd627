/** How fast Wherefore is beside libtorch and ONNX Runtime, on one machine, at the same time. */
@NullMarked
package wherefore.benchmarks;

import org.jspecify.annotations.NullMarked;
