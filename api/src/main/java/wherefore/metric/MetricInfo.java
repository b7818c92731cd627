package wherefore.metric;

/**
 * What a metric says of itself.
 *
 * @param question the question it answers, a sentence
 * @param higherIsBetter the direction
 * @param cost in forward (F) and backward (B) passes
 * @param source the paper
 */
public record MetricInfo(String question, boolean higherIsBetter, String cost, String source) {}
