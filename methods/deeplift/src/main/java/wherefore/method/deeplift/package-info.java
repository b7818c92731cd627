/**
 * DeepLIFT and DeepSHAP: differences from a reference, handed back by rules that share each layer's
 * difference out exactly.
 */
@NullMarked
package wherefore.method.deeplift;

import org.jspecify.annotations.NullMarked;
