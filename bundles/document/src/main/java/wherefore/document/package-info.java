/** Writes attributions with their provenance as JSON, and replays them. */
@NullMarked
package wherefore.document;

import org.jspecify.annotations.NullMarked;
