package wherefore.backend.cpu;

import java.util.List;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Comparison;
import wherefore.graph.Composite;
import wherefore.graph.Op;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.tensor.ElementType;

/** What an element-wise operator does with arrays of its operands' elements. */
@FunctionalInterface
interface Kernel {
  /**
   * @param in arrays of the operands' elements
   * @param y the result's
   * @param n how many count
   */
  void run(Object[] in, Object y, int n);

  /** True if an operator is element-wise and has a kernel here. */
  static boolean covers(Op op) {
    return op instanceof Primitive.Unary
        || op instanceof Primitive.Binary
        || op instanceof Primitive.Compare
        || op instanceof Primitive.Where
        || op instanceof Primitive.Cast
        || op instanceof Composite.Relu;
  }

  /**
   * An operator's kernel.
   *
   * @param types the operands'
   */
  static Kernel of(Op op, List<ElementType> types) {
    ElementType type = types.get(0);
    return switch (op) {
      case Primitive.Unary u -> unary(u.function(), type);
      case Primitive.Binary b -> binary(b.function(), type);
      case Primitive.Compare c -> compare(c.relation(), type);
      case Primitive.Where w -> where(types.get(1));
      case Primitive.Cast c -> cast(type, c.to());
      case Composite.Relu r -> (in, y, n) -> Loops.relu((float[]) in[0], (float[]) y, n);
      default -> throw new AssertionError("not element-wise: " + op);
    };
  }

  private static Kernel unary(UnaryFunction function, ElementType type) {
    return switch (type) {
      case FLOAT32 -> ofFloats(function);
      case FLOAT64 -> {
        var f = Numbers.ofDoubles(function);
        yield (in, y, n) -> Loops.map(f, (double[]) in[0], (double[]) y, n);
      }
      case INT64 -> {
        var f = Numbers.ofLongs(function);
        yield (in, y, n) -> Loops.map(f, (long[]) in[0], (long[]) y, n);
      }
      case BOOL -> (in, y, n) -> Loops.not((byte[]) in[0], (byte[]) y, n);
    };
  }

  private static Kernel ofFloats(UnaryFunction function) {
    return switch (function) {
      case NEG -> (in, y, n) -> Loops.neg((float[]) in[0], (float[]) y, n);
      case ABS -> (in, y, n) -> Loops.abs((float[]) in[0], (float[]) y, n);
      case RECIPROCAL -> (in, y, n) -> Loops.reciprocal((float[]) in[0], (float[]) y, n);
      case SQRT -> (in, y, n) -> Loops.sqrt((float[]) in[0], (float[]) y, n);
      case EXP -> (in, y, n) -> SmoothLoops.exp((float[]) in[0], (float[]) y, n);
      case SIGMOID -> (in, y, n) -> SmoothLoops.sigmoid((float[]) in[0], (float[]) y, n);
      case ERF -> (in, y, n) -> SmoothLoops.erf((float[]) in[0], (float[]) y, n);
      default -> {
        var f = Numbers.ofDoubles(function);
        yield (in, y, n) -> Loops.map(f, (float[]) in[0], (float[]) y, n);
      }
    };
  }

  private static Kernel binary(BinaryFunction function, ElementType type) {
    return switch (type) {
      case FLOAT32 -> ofFloats(function);
      case FLOAT64 -> {
        var f = Numbers.ofDoubles(function);
        yield (in, y, n) -> Loops.zip(f, (double[]) in[0], (double[]) in[1], (double[]) y, n);
      }
      case INT64 -> {
        var f = Numbers.ofLongs(function);
        yield (in, y, n) -> Loops.zip(f, (long[]) in[0], (long[]) in[1], (long[]) y, n);
      }
      case BOOL -> ofBools(function);
    };
  }

  private static Kernel ofFloats(BinaryFunction function) {
    return switch (function) {
      case ADD -> (in, y, n) -> Loops.add((float[]) in[0], (float[]) in[1], (float[]) y, n);
      case SUB -> (in, y, n) -> Loops.sub((float[]) in[0], (float[]) in[1], (float[]) y, n);
      case MUL -> (in, y, n) -> Loops.mul((float[]) in[0], (float[]) in[1], (float[]) y, n);
      case DIV -> (in, y, n) -> Loops.div((float[]) in[0], (float[]) in[1], (float[]) y, n);
      case MAX -> (in, y, n) -> Loops.max((float[]) in[0], (float[]) in[1], (float[]) y, n);
      case MIN -> (in, y, n) -> Loops.min((float[]) in[0], (float[]) in[1], (float[]) y, n);
      default -> {
        var f = Numbers.ofDoubles(function);
        yield (in, y, n) -> Loops.zip(f, (float[]) in[0], (float[]) in[1], (float[]) y, n);
      }
    };
  }

  private static Kernel ofBools(BinaryFunction function) {
    return switch (function) {
      case AND -> (in, y, n) -> Loops.and((byte[]) in[0], (byte[]) in[1], (byte[]) y, n);
      case OR -> (in, y, n) -> Loops.or((byte[]) in[0], (byte[]) in[1], (byte[]) y, n);
      case XOR -> (in, y, n) -> Loops.xor((byte[]) in[0], (byte[]) in[1], (byte[]) y, n);
      default -> throw new AssertionError("not of bool: " + function);
    };
  }

  private static Kernel compare(Comparison relation, ElementType type) {
    return switch (type) {
      case FLOAT32 -> Relations.ofFloats(relation);
      case FLOAT64 -> Relations.ofDoubles(relation);
      case INT64 -> Relations.ofLongs(relation);
      case BOOL -> Relations.ofBytes(relation);
    };
  }

  private static Kernel where(ElementType type) {
    return switch (type) {
      case FLOAT32 ->
          (in, y, n) ->
              Loops.where((byte[]) in[0], (float[]) in[1], (float[]) in[2], (float[]) y, n);
      case FLOAT64 ->
          (in, y, n) ->
              Loops.where((byte[]) in[0], (double[]) in[1], (double[]) in[2], (double[]) y, n);
      case INT64 ->
          (in, y, n) -> Loops.where((byte[]) in[0], (long[]) in[1], (long[]) in[2], (long[]) y, n);
      case BOOL ->
          (in, y, n) -> Loops.where((byte[]) in[0], (byte[]) in[1], (byte[]) in[2], (byte[]) y, n);
    };
  }

  /** The elements of one type as those of another. */
  static Kernel cast(ElementType from, ElementType to) {
    if (from == to) {
      return (in, y, n) -> System.arraycopy(in[0], 0, y, 0, n);
    }
    return switch (to) {
      case FLOAT32 -> Casts.toFloats(from);
      case FLOAT64 -> Casts.toDoubles(from);
      case INT64 -> Casts.toLongs(from);
      case BOOL -> Casts.toBools(from);
    };
  }
}
