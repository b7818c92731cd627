package wherefore.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import wherefore.compute.ComputeException;

/**
 * Memory by the C library's {@code calloc}: an {@link java.lang.foreign.Arena} would count it
 * against {@code -XX:MaxDirectMemorySize}, the size of the Java heap unless set.
 */
final class HeapOfC {
  /** A cache line. */
  private static final long ALIGNMENT = 64;

  private static final MethodHandle CALLOC =
      function("calloc", FunctionDescriptor.of(ADDRESS, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle FREE = function("free", FunctionDescriptor.ofVoid(ADDRESS));

  private HeapOfC() {}

  /**
   * What was allocated.
   *
   * @param address where it begins
   * @param segment what of it is used
   */
  record Piece(MemorySegment address, MemorySegment segment) {
    void free() {
      try {
        FREE.invokeExact(address);
      } catch (Throwable e) {
        throw new IllegalStateException("free", e);
      }
    }
  }

  private static MethodHandle function(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), type);
  }

  /** So many bytes, all 0. */
  static Piece allocate(long bytes) {
    MemorySegment address;
    try {
      address = (MemorySegment) CALLOC.invokeExact(1L, bytes + ALIGNMENT);
    } catch (Throwable e) {
      throw new IllegalStateException("calloc", e);
    }
    if (address.equals(MemorySegment.NULL)) {
      throw ComputeException.tooLarge(
          "backend cpu: the system has no %,d bytes of memory left; ask for fewer rows at a time (setting wherefore.rows) or lower the setting wherefore.native.memory"
              .formatted(bytes));
    }
    long gap = (ALIGNMENT - address.address() % ALIGNMENT) % ALIGNMENT;
    return new Piece(address, address.reinterpret(bytes + ALIGNMENT).asSlice(gap, bytes));
  }
}
