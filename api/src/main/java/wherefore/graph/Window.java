package wherefore.graph;

import java.util.Collections;
import java.util.List;

/**
 * How a kernel slides over the spatial axes, as ONNX's {@code kernel_shape}, {@code strides},
 * {@code dilations} and {@code pads} say; one entry a spatial axis in each list.
 *
 * @param kernel taps along each axis
 * @param strides distance of neighbouring windows
 * @param dilations distance of neighbouring taps
 * @param padBegin elements added in front
 * @param padEnd elements added behind
 */
public record Window(
    List<Integer> kernel,
    List<Integer> strides,
    List<Integer> dilations,
    List<Integer> padBegin,
    List<Integer> padEnd) {
  /** Checks that all lists have one length, extents are positive and paddings not negative. */
  public Window {
    kernel = List.copyOf(kernel);
    strides = List.copyOf(strides);
    dilations = List.copyOf(dilations);
    padBegin = List.copyOf(padBegin);
    padEnd = List.copyOf(padEnd);
    int rank = kernel.size();
    for (List<Integer> list : List.of(strides, dilations, padBegin, padEnd)) {
      if (list.size() != rank) {
        throw new IllegalArgumentException(
            "a window over %d axes has an attribute of length %d".formatted(rank, list.size()));
      }
    }
    for (List<Integer> list : List.of(kernel, strides, dilations)) {
      if (list.stream().anyMatch(v -> v < 1)) {
        throw new IllegalArgumentException(
            "kernel %s, strides %s and dilations %s must be positive"
                .formatted(kernel, strides, dilations));
      }
    }
    for (List<Integer> list : List.of(padBegin, padEnd)) {
      if (list.stream().anyMatch(v -> v < 0)) {
        throw new IllegalArgumentException(
            "pads %s and %s must not be negative".formatted(padBegin, padEnd));
      }
    }
  }

  /** A window without stride, dilation or padding. */
  public static Window of(Integer... kernel) {
    List<Integer> ones = Collections.nCopies(kernel.length, 1);
    List<Integer> zeros = Collections.nCopies(kernel.length, 0);
    return new Window(List.of(kernel), ones, ones, zeros, zeros);
  }

  /** This window with other strides. */
  public Window strides(Integer... values) {
    return new Window(kernel, List.of(values), dilations, padBegin, padEnd);
  }

  /** This window with other dilations. */
  public Window dilations(Integer... values) {
    return new Window(kernel, strides, List.of(values), padBegin, padEnd);
  }

  /** This window with the same padding in front and behind. */
  public Window pads(Integer... values) {
    return new Window(kernel, strides, dilations, List.of(values), List.of(values));
  }

  /** This window without padding. */
  public Window unpadded() {
    List<Integer> zeros = Collections.nCopies(rank(), 0);
    return new Window(kernel, strides, dilations, zeros, zeros);
  }

  /** The number of spatial axes. */
  public int rank() {
    return kernel.size();
  }

  /** True if there is any padding. */
  public boolean isPadded() {
    return padBegin.stream().anyMatch(p -> p > 0) || padEnd.stream().anyMatch(p -> p > 0);
  }

  /** The extent that a kernel covers along a spatial axis: (kernel − 1) · dilation + 1. */
  public int reach(int axis) {
    return (kernel.get(axis) - 1) * dilations.get(axis) + 1;
  }

  /**
   * The number of windows along a spatial axis of the given extent: ⌊(extent + pads − reach) /
   * stride⌋ + 1.
   *
   * @throws IllegalArgumentException if not a single one fits
   */
  public int outputs(int axis, int extent) {
    int room = extent + padBegin.get(axis) + padEnd.get(axis) - reach(axis);
    if (room < 0) {
      throw new IllegalArgumentException(
          "a window reaching over %d elements does not fit into %d padded by %d and %d"
              .formatted(reach(axis), extent, padBegin.get(axis), padEnd.get(axis)));
    }
    return room / strides.get(axis) + 1;
  }
}
