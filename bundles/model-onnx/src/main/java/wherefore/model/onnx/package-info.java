/** Loads ONNX files as graphs, and writes graphs as ONNX files. */
@NullMarked
package wherefore.model.onnx;

import org.jspecify.annotations.NullMarked;
