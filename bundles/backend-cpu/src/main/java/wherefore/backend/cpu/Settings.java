package wherefore.backend.cpu;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import wherefore.compute.ComputeException;

/**
 * What may be set.
 *
 * @param threads how many threads a run uses ({@code wherefore.threads}; all processors unless set)
 * @param exactness how convolutions may be computed ({@code wherefore.exactness})
 * @param tuning a file for what was measured ({@code wherefore.cpu.tuning}; beside the unpacked
 *     library unless set)
 * @param disabled plan passes that are left out ({@code wherefore.cpu.disable}, separated by
 *     commas), to find out which one is to blame
 * @param memory the most bytes outside of the heap ({@code wherefore.native.memory}; half of the
 *     machine's memory unless set)
 */
record Settings(
    int threads, Exactness exactness, Optional<Path> tuning, Set<String> disabled, long memory) {

  /** How convolutions may be computed. */
  enum Exactness {
    /** By fewer multiplications where that is faster, with somewhat more rounding. */
    FAST,
    /** By summing products, as they are defined. */
    DIRECT;

    static Exactness of(String text) {
      for (Exactness e : values()) {
        if (e.toString().equals(text.trim())) {
          return e;
        }
      }
      throw new ComputeException("wherefore.exactness is " + text + "; known: fast, direct");
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static final String FOLD_NORMALIZATION = "fold-normalization";
  static final String FOLD_BIAS = "fold-bias";
  static final String FOLD_SCALE = "fold-scale";
  static final String FOLD_CONSTANTS = "fold-constants";
  static final String MASK_FROM_OUTPUT = "mask-from-output";
  static final String FUSE_POST_OPS = "fuse-post-ops";
  static final String FUSE_ELEMENTWISE = "fuse-elementwise";
  static final String IN_PLACE = "in-place";

  private static final Set<String> PASSES =
      new TreeSet<>(
          Set.of(
              FOLD_NORMALIZATION,
              FOLD_BIAS,
              FOLD_SCALE,
              FOLD_CONSTANTS,
              MASK_FROM_OUTPUT,
              FUSE_POST_OPS,
              FUSE_ELEMENTWISE,
              IN_PLACE));

  Settings {
    disabled = new TreeSet<>(disabled);
    for (String pass : disabled) {
      if (!PASSES.contains(pass)) {
        throw new ComputeException(
            "wherefore.cpu.disable names no pass %s; known: %s"
                .formatted(pass, String.join(", ", PASSES)));
      }
    }
    if (threads < 1) {
      throw new ComputeException("wherefore.threads is " + threads + ", must be positive");
    }
    if (memory < 1) {
      throw new ComputeException("wherefore.native.memory is " + memory + ", must be positive");
    }
  }

  static Settings of(Map<String, ?> properties) {
    Object threads = properties.get("wherefore.threads");
    Object exactness = properties.get("wherefore.exactness");
    Object tuning = properties.get("wherefore.cpu.tuning");
    Object disabled = properties.get("wherefore.cpu.disable");
    Object memory = properties.get("wherefore.native.memory");
    return new Settings(
        threads == null ? Runtime.getRuntime().availableProcessors() : number(threads.toString()),
        exactness == null ? Exactness.FAST : Exactness.of(exactness.toString()),
        Optional.ofNullable(tuning).map(path -> Path.of(path.toString())),
        disabled == null ? Set.of() : names(disabled.toString()),
        memory == null ? machine() / 2 : bytes(memory.toString()));
  }

  /** The machine's memory, or the container's. */
  private static long machine() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : 2 * Runtime.getRuntime().maxMemory();
  }

  private static long bytes(String text) {
    try {
      return Long.parseLong(text.trim());
    } catch (NumberFormatException e) {
      throw new ComputeException(
          "wherefore.native.memory is " + text + ", must be a positive number of bytes", e);
    }
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text.trim());
    } catch (NumberFormatException e) {
      throw new ComputeException("wherefore.threads is " + text + ", must be a positive number", e);
    }
  }

  private static Set<String> names(String text) {
    return new TreeSet<>(
        Arrays.stream(text.split(",")).map(String::trim).filter(s -> !s.isEmpty()).toList());
  }

  boolean does(String pass) {
    return !disabled.contains(pass);
  }

  /** What of this may change a number: the passes do, by rounding. */
  Map<String, String> numeric() {
    Map<String, String> numeric =
        new TreeMap<>(Map.of("wherefore.exactness", exactness.toString()));
    if (!disabled.isEmpty()) {
      numeric.put("wherefore.cpu.disable", String.join(",", disabled));
    }
    return numeric;
  }
}
