/**
 * oneDNN's native library in a bundle of its own, so that swapping our code never touches it.
 * ({@code native} is a keyword of Java, hence the plural.)
 */
@NullMarked
package wherefore.natives.onednn;

import org.jspecify.annotations.NullMarked;
