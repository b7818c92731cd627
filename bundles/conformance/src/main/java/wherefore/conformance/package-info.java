/** Runs golden cases and ONNX test folders against whatever is installed. */
@NullMarked
package wherefore.conformance;

import org.jspecify.annotations.NullMarked;
