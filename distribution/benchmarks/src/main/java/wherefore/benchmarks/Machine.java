package wherefore.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import wherefore.benchmarks.ours.GraphTrial;

/**
 * What was measured on.
 *
 * @param peakGflops of the best product of matrices; NaN if not measured
 * @param exactness the setting that our backend has
 */
record Machine(String processor, int threads, double peakGflops, String exactness) {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");

  static Machine here(Options options, double peakGflops) throws IOException {
    return new Machine(
        model(),
        options.threads().orElseGet(() -> Runtime.getRuntime().availableProcessors()),
        peakGflops,
        options.exactness().orElseGet(Machine::exactnessUnlessSaid));
  }

  private static String exactnessUnlessSaid() {
    return GraphTrial.backend().info().settings().getOrDefault("wherefore.exactness", "");
  }

  private static String model() throws IOException {
    if (!Files.isReadable(CPUINFO)) {
      return System.getProperty("os.arch");
    }
    return Files.readAllLines(CPUINFO).stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(System.getProperty("os.arch"));
  }
}
