/** Loads the zips that Deeplearning4j writes as graphs. */
@NullMarked
package wherefore.model.dl4j;

import org.jspecify.annotations.NullMarked;
