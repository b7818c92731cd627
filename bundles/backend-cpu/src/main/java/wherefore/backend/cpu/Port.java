package wherefore.backend.cpu;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import wherefore.tensor.ElementType;

/**
 * Moves elements between native memory, walked over by strides, and arrays: where Java kernels read
 * and write.
 */
final class Port {
  /** Runs at least this long are copied as a whole. */
  private static final int COPIED = 24;

  private final MemorySegment memory;
  private final ElementType type;
  private final long offset;
  private final long[] dims;
  private final long[] strides;

  Port(MemorySegment memory, ElementType type, long offset, long[] dims, long[] strides) {
    this.memory = memory;
    this.type = type;
    this.offset = offset;
    this.dims = dims;
    this.strides = strides;
  }

  /** The port of a tensor of a walk. */
  static Port of(Frame frame, View view, Walk walk, int tensor) {
    return new Port(
        frame.segment(view.buffer()),
        view.type(),
        view.offset(),
        walk.dims(),
        walk.strides().get(tensor));
  }

  /** An array for so many elements: float[], double[], long[] or byte[]. */
  static Object array(ElementType type, int length) {
    return switch (type) {
      case FLOAT32 -> new float[length];
      case FLOAT64 -> new double[length];
      case INT64 -> new long[length];
      case BOOL -> new byte[length];
    };
  }

  /** Reads the walk's elements from a place on. */
  void read(long start, int count, Object array) {
    pass(start, count, array, false);
  }

  /** Writes them. */
  void write(long start, int count, Object array) {
    pass(start, count, array, true);
  }

  private void pass(long start, int count, Object array, boolean writes) {
    if (count == 0) {
      return;
    }
    int inner = dims.length - 1;
    long[] at = new long[dims.length];
    long place = offset;
    long rest = start;
    for (int a = inner; a >= 0; a--) {
      at[a] = rest % dims[a];
      rest /= dims[a];
      place += at[a] * strides[a];
    }
    int done = 0;
    while (done < count) {
      int run = (int) Math.min(dims[inner] - at[inner], count - done);
      if (writes) {
        put(place, strides[inner], array, done, run);
      } else {
        get(place, strides[inner], array, done, run);
      }
      done += run;
      at[inner] += run;
      place += run * strides[inner];
      for (int a = inner; a > 0 && at[a] == dims[a]; a--) {
        place += strides[a - 1] - at[a] * strides[a];
        at[a] = 0;
        at[a - 1]++;
      }
    }
  }

  private void get(long place, long stride, Object array, int from, int run) {
    switch (type) {
      case FLOAT32 -> get(place, stride, (float[]) array, from, run);
      case FLOAT64 -> get(place, stride, (double[]) array, from, run);
      case INT64 -> get(place, stride, (long[]) array, from, run);
      case BOOL -> get(place, stride, (byte[]) array, from, run);
    }
  }

  private void get(long place, long stride, float[] array, int from, int run) {
    if (stride == 1 && run >= COPIED) {
      MemorySegment.copy(memory, JAVA_FLOAT, place * 4, array, from, run);
    } else if (stride == 0) {
      Arrays.fill(array, from, from + run, memory.getAtIndex(JAVA_FLOAT, place));
    } else {
      for (int i = 0; i < run; i++) {
        array[from + i] = memory.getAtIndex(JAVA_FLOAT, place + i * stride);
      }
    }
  }

  private void get(long place, long stride, double[] array, int from, int run) {
    for (int i = 0; i < run; i++) {
      array[from + i] = memory.getAtIndex(JAVA_DOUBLE, place + i * stride);
    }
  }

  private void get(long place, long stride, long[] array, int from, int run) {
    for (int i = 0; i < run; i++) {
      array[from + i] = memory.getAtIndex(JAVA_LONG, place + i * stride);
    }
  }

  private void get(long place, long stride, byte[] array, int from, int run) {
    for (int i = 0; i < run; i++) {
      array[from + i] = memory.get(JAVA_BYTE, place + i * stride);
    }
  }

  private void put(long place, long stride, Object array, int from, int run) {
    switch (type) {
      case FLOAT32 -> put(place, stride, (float[]) array, from, run);
      case FLOAT64 -> put(place, stride, (double[]) array, from, run);
      case INT64 -> put(place, stride, (long[]) array, from, run);
      case BOOL -> put(place, stride, (byte[]) array, from, run);
    }
  }

  private void put(long place, long stride, float[] array, int from, int run) {
    if (stride == 1 && run >= COPIED) {
      MemorySegment.copy(array, from, memory, JAVA_FLOAT, place * 4, run);
    } else {
      for (int i = 0; i < run; i++) {
        memory.setAtIndex(JAVA_FLOAT, place + i * stride, array[from + i]);
      }
    }
  }

  private void put(long place, long stride, double[] array, int from, int run) {
    for (int i = 0; i < run; i++) {
      memory.setAtIndex(JAVA_DOUBLE, place + i * stride, array[from + i]);
    }
  }

  private void put(long place, long stride, long[] array, int from, int run) {
    for (int i = 0; i < run; i++) {
      memory.setAtIndex(JAVA_LONG, place + i * stride, array[from + i]);
    }
  }

  private void put(long place, long stride, byte[] array, int from, int run) {
    for (int i = 0; i < run; i++) {
      memory.set(JAVA_BYTE, place + i * stride, array[from + i]);
    }
  }
}
