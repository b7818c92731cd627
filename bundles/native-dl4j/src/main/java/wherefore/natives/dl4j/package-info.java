/**
 * Deeplearning4j and ND4J with their native libraries as one bundle. ({@code native} is a keyword
 * of Java, hence the plural.)
 */
@NullMarked
package wherefore.natives.dl4j;

import org.jspecify.annotations.NullMarked;
