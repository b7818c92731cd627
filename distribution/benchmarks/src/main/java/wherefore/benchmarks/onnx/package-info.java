/** ONNX Runtime, and the graphs that it is given. */
@NullMarked
package wherefore.benchmarks.onnx;

import org.jspecify.annotations.NullMarked;
