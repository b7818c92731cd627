package wherefore.backend.cpu.onednn;

import java.lang.foreign.MemorySegment;

/** What a primitive does with its result before it writes it. */
public sealed interface PostOp {
  /** A function of each element. */
  record Eltwise(wherefore.backend.cpu.onednn.Eltwise function) implements PostOp {}

  /** A sum or product with another tensor; an axis of extent 1 is stretched. */
  record Binary(boolean multiply, MemorySegment operand) implements PostOp {}
}
