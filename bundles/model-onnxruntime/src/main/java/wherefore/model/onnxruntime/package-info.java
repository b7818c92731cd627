/** ONNX files in ONNX Runtime, as functions without a graph. */
@NullMarked
package wherefore.model.onnxruntime;

import org.jspecify.annotations.NullMarked;
