package wherefore.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Tensors into native memory and out of it, each element once. */
final class Transfer {
  private Transfer() {}

  /** Writes a tensor's elements. */
  static void in(MemorySegment memory, Tensor tensor) {
    long bytes = tensor.size() * (long) tensor.type().bytes();
    ByteBuffer target = memory.asSlice(0, bytes).asByteBuffer().order(ByteOrder.nativeOrder());
    switch (tensor.type()) {
      case FLOAT32 -> target.asFloatBuffer().put(tensor.floats());
      case FLOAT64 -> target.asDoubleBuffer().put(tensor.doubles());
      case INT64 -> target.asLongBuffer().put(tensor.longs());
      case BOOL -> target.put(tensor.bools());
    }
  }

  /** Reads a tensor. */
  static Tensor out(MemorySegment memory, ElementType type, Shape shape) {
    long bytes = shape.size() * (long) type.bytes();
    ByteBuffer source = memory.asSlice(0, bytes).asByteBuffer().order(ByteOrder.nativeOrder());
    return switch (type) {
      case FLOAT32 ->
          Tensor.wrap(shape, FloatBuffer.allocate(shape.size()).put(source.asFloatBuffer()).flip());
      case FLOAT64 ->
          Tensor.wrap(
              shape, DoubleBuffer.allocate(shape.size()).put(source.asDoubleBuffer()).flip());
      case INT64 ->
          Tensor.wrap(shape, LongBuffer.allocate(shape.size()).put(source.asLongBuffer()).flip());
      case BOOL -> Tensor.wrapBool(shape, ByteBuffer.allocate(shape.size()).put(source).flip());
    };
  }
}
