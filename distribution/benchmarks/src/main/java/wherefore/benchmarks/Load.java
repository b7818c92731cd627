package wherefore.benchmarks;

import wherefore.benchmarks.nets.Zoo;

/**
 * What a case is measured with.
 *
 * @param model a name of {@link Zoo}
 * @param batch examples at once
 */
public record Load(String model, int batch) {}
