package wherefore.backend.cpu;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Native memory that a plan's steps read and write: a place in the arena, or a constant's. */
final class Buffer {
  final long bytes;
  final @Nullable MemorySegment constant;

  /** The first and last step that touches it, and its place in the arena; set by {@link Memory}. */
  int first = Integer.MAX_VALUE;

  int last = -1;
  long place = -1;

  private Buffer(long bytes, @Nullable MemorySegment constant) {
    this.bytes = bytes;
    this.constant = constant;
  }

  /** To be given a place in the arena. */
  static Buffer inArena(long bytes) {
    return new Buffer(Math.max(bytes, 1), null);
  }

  /** That has its memory already and is never written to. */
  static Buffer constant(MemorySegment memory) {
    return new Buffer(memory.byteSize(), memory);
  }

  boolean isConstant() {
    return constant != null;
  }
}
