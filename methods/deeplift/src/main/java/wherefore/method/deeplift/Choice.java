package wherefore.method.deeplift;

/**
 * What the options leave open.
 *
 * @param rule of activations
 * @param maxima of pooling and reductions
 */
record Choice(Rule rule, Maximum maxima) {}
