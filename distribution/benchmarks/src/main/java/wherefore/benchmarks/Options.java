package wherefore.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the command line says.
 *
 * @param cases names; all if empty
 * @param models names; all if empty
 * @param batches as the cases have them if empty
 * @param peers the usual ones if empty
 * @param rounds how often each side is measured
 * @param roundSeconds how long a round lasts at least
 * @param warmSeconds how long a side is warmed up at least
 * @param exactness of our backend, or empty for its default
 * @param threads of every side, or empty for all processors
 * @param peak true if the machine's peak is measured
 * @param json where the rows are written
 * @param profiles the folder where our plans are written with the time of each step
 * @param markdown true if they are printed as a table for a README
 * @param peerEnvironment what is set in the peers' environment beside
 */
record Options(
    List<String> cases,
    List<String> models,
    List<Integer> batches,
    List<Side> peers,
    int rounds,
    double roundSeconds,
    double warmSeconds,
    Optional<String> exactness,
    Optional<Integer> threads,
    boolean peak,
    Optional<Path> json,
    Optional<Path> profiles,
    boolean markdown,
    Map<String, String> peerEnvironment) {
  private static final List<Side> USUAL =
      List.of(Side.LIBTORCH, Side.LIBTORCH_CHANNELS_LAST, Side.ONNXRUNTIME);

  /** System properties of ours that the processes have too. */
  private static final List<String> HANDED_ON =
      List.of(
          "wherefore.cpu.disable",
          "wherefore.cpu.tuning",
          "wherefore.rewrites.disable",
          "org.bytedeco.javacpp.cachedir");

  /** System properties of the processes. */
  Map<String, String> properties() {
    Map<String, String> properties = new TreeMap<>();
    for (String name : HANDED_ON) {
      Optional.ofNullable(System.getProperty(name)).ifPresent(v -> properties.put(name, v));
    }
    exactness.ifPresent(v -> properties.put("wherefore.exactness", v));
    threads.ifPresent(v -> properties.put("wherefore.threads", v.toString()));
    return properties;
  }

  boolean wants(Load load) {
    return (models.isEmpty() || models.contains(load.model()))
        && (batches.isEmpty() || batches.contains(load.batch()));
  }

  boolean wants(Side peer) {
    return (peers.isEmpty() ? USUAL : peers).contains(peer);
  }
}
