package wherefore.benchmarks;

/**
 * What a case is measured with.
 *
 * @param model a name of {@link wherefore.benchmarks.nets.Zoo}
 * @param batch examples at once
 */
public record Load(String model, int batch) {}
