package wherefore.backend.cpu;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives each buffer a place in one arena, such that buffers whose times overlap don't, and a step
 * writes over what it reads where that is the last use.
 */
final class Memory {
  private static final long ALIGNMENT = 64;

  private final Map<Buffer, Buffer> laidOver = new IdentityHashMap<>();

  private Memory() {}

  /**
   * @param pinnedAtStart buffers that are filled before the first step
   * @param pinnedToEnd buffers that are read after the last one
   * @return the arena's bytes
   */
  static long plan(
      List<Step> steps, List<Buffer> pinnedAtStart, List<Buffer> pinnedToEnd, boolean inPlace) {
    Set<Buffer> all = new HashSet<>();
    for (int i = 0; i < steps.size(); i++) {
      for (Buffer buffer : steps.get(i).reads()) {
        touch(all, buffer, i);
      }
      for (Buffer buffer : steps.get(i).writes()) {
        touch(all, buffer, i);
      }
    }
    pinnedAtStart.forEach(b -> touch(all, b, -1));
    pinnedToEnd.forEach(b -> touch(all, b, steps.size()));
    Memory memory = new Memory();
    if (inPlace) {
      memory.layOver(steps);
    }
    return memory.place(all);
  }

  private static void touch(Set<Buffer> all, Buffer buffer, int step) {
    if (!buffer.isConstant()) {
      all.add(buffer);
      buffer.first = Math.min(buffer.first, step);
      buffer.last = Math.max(buffer.last, step);
    }
  }

  private void layOver(List<Step> steps) {
    for (int i = 0; i < steps.size(); i++) {
      Buffer old = steps.get(i).replaces();
      if (old == null || old.isConstant()) {
        continue;
      }
      Buffer under = root(old);
      Buffer now = steps.get(i).writes().get(0);
      if (under.last == i && now.first == i && now.bytes <= under.bytes) {
        laidOver.put(now, under);
        under.last = Math.max(under.last, now.last);
      }
    }
  }

  private Buffer root(Buffer buffer) {
    Buffer under = laidOver.get(buffer);
    return under == null ? buffer : root(under);
  }

  /** First fit: the largest buffers first, each at the lowest place that is free in its time. */
  private long place(Set<Buffer> all) {
    List<Buffer> placed = new ArrayList<>();
    long end = 0;
    List<Buffer> roots =
        all.stream()
            .filter(b -> !laidOver.containsKey(b))
            .sorted(
                Comparator.comparingLong((Buffer b) -> -b.bytes)
                    .thenComparingInt(b -> b.first)
                    .thenComparingInt(b -> b.last))
            .toList();
    for (Buffer buffer : roots) {
      buffer.place = lowest(buffer, placed);
      placed.add(buffer);
      end = Math.max(end, buffer.place + buffer.bytes);
    }
    placed.sort(Comparator.comparingLong(b -> b.place));
    laidOver.keySet().forEach(b -> b.place = root(b).place);
    return end;
  }

  private static long lowest(Buffer buffer, List<Buffer> placed) {
    List<Buffer> rivals =
        placed.stream()
            .filter(b -> b.first <= buffer.last && buffer.first <= b.last)
            .sorted(Comparator.comparingLong(b -> b.place))
            .toList();
    long place = 0;
    for (Buffer rival : rivals) {
      if (place + buffer.bytes <= rival.place) {
        break;
      }
      place = Math.max(place, align(rival.place + rival.bytes));
    }
    return place;
  }

  private static long align(long place) {
    return (place + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
