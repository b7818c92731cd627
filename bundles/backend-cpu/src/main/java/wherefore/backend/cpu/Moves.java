package wherefore.backend.cpu;

import java.util.Arrays;
import java.util.List;

/** Copies between tensors in native memory, whatever their strides. */
final class Moves {
  private static final int BLOCK = 2048;

  private Moves() {}

  /** Copies a tensor to another place of the same shape and type. */
  static void copy(Planner planner, View from, View to) {
    if (to.size() == 0) {
      return;
    }
    Walk walk = Walk.of(List.of(to, from));
    planner.emit(
        "copy",
        List.of(from.buffer()),
        List.of(to.buffer()),
        null,
        frame -> {
          Port source = Port.of(frame, from, walk, 1);
          Port target = Port.of(frame, to, walk, 0);
          long blocks = (walk.size() + BLOCK - 1) / BLOCK;
          Object[] arrays = new Object[frame.team().threads()];
          return () ->
              frame
                  .team()
                  .each(
                      blocks,
                      BLOCK,
                      (slot, first, last) -> {
                        Object array = arrays[slot];
                        if (array == null) {
                          array = Port.array(from.type(), BLOCK);
                          arrays[slot] = array;
                        }
                        for (long b = first; b < last; b++) {
                          int count = (int) Math.min(BLOCK, walk.size() - b * BLOCK);
                          source.read(b * BLOCK, count, array);
                          target.write(b * BLOCK, count, array);
                        }
                      });
        });
  }

  /** Writes one value everywhere. */
  static void fill(Planner planner, View to, double value) {
    if (to.size() == 0) {
      return;
    }
    Walk walk = Walk.of(List.of(to));
    planner.emit(
        "fill",
        List.of(),
        List.of(to.buffer()),
        null,
        frame -> {
          Port target = Port.of(frame, to, walk, 0);
          Object array = Port.array(to.type(), BLOCK);
          set(array, value);
          return () -> {
            for (long from = 0; from < walk.size(); from += BLOCK) {
              target.write(from, (int) Math.min(BLOCK, walk.size() - from), array);
            }
          };
        });
  }

  private static void set(Object array, double value) {
    switch (array) {
      case float[] a -> Arrays.fill(a, (float) value);
      case double[] a -> Arrays.fill(a, value);
      case long[] a -> Arrays.fill(a, (long) value);
      case byte[] a -> Arrays.fill(a, (byte) (value != 0 ? 1 : 0));
      default -> throw new AssertionError(array.getClass());
    }
  }
}
