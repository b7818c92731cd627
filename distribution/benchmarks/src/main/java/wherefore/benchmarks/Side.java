package wherefore.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Who computes. Each side runs in a process of its own. */
public enum Side {
  /** Wherefore. */
  WHEREFORE(Map.of()),
  /** Libtorch in eager mode, as it comes. */
  LIBTORCH(Map.of()),
  /** The same, weights and images in channels-last order. */
  LIBTORCH_CHANNELS_LAST(Map.of()),
  /** The same, and an allocator that keeps freed memory, which spares fresh pages. */
  LIBTORCH_TUNED(
      Map.of(
          "MALLOC_TRIM_THRESHOLD_", "17179869184",
          "MALLOC_MMAP_THRESHOLD_", "17179869184",
          "MALLOC_TOP_PAD_", "268435456")),
  /** ONNX Runtime. */
  ONNXRUNTIME(Map.of()),
  /** OpenBLAS alone, for the machine's peak. */
  OPENBLAS(Map.of());

  private final Map<String, String> environment;

  Side(Map<String, String> environment) {
    this.environment = environment;
  }

  /** What is set in its process' environment. */
  Map<String, String> environment() {
    return environment;
  }

  /** {@code libtorch-channels-last}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** True for the sides that are libtorch. */
  public boolean isTorch() {
    return this == LIBTORCH || this == LIBTORCH_CHANNELS_LAST || this == LIBTORCH_TUNED;
  }

  /** The side of this label. */
  static Side of(String label) {
    return Arrays.stream(values())
        .filter(s -> s.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "no peer is named %s; known: %s"
                        .formatted(label, String.join(", ", labels()))));
  }

  private static List<String> labels() {
    return Arrays.stream(values()).map(Side::label).toList();
  }
}
