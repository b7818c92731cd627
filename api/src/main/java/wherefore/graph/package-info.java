/**
 * The computation that everything is expressed in: a {@link wherefore.graph.Graph} is an immutable
 * list of nodes over a closed vocabulary of operators.
 *
 * <p>{@link wherefore.graph.Op} is sealed: {@linkplain wherefore.graph.Leaf leaves}, about twenty
 * {@linkplain wherefore.graph.Primitive primitives} closed under differentiation, and {@linkplain
 * wherefore.graph.Composite composites}, each of which has a body in primitives ({@link
 * wherefore.graph.Lowering}). Names and semantics are ONNX's where ONNX has the operator. Shapes
 * are static. A meaning is a table over the operators: {@link wherefore.graph.Inference} of types,
 * {@link wherefore.graph.Lowering}, {@code wherefore.propagate.Vjp}, a backend's kernels.
 */
@Export
@Version("0.1.0")
@NullMarked
package wherefore.graph;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
