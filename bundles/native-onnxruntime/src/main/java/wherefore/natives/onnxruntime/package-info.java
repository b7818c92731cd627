/** ONNX Runtime in a bundle of its own, so that swapping our code never loads its library again. */
@NullMarked
package wherefore.natives.onnxruntime;

import org.jspecify.annotations.NullMarked;
