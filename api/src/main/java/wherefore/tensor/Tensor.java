package wherefore.tensor;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An immutable, dense, row-major array. Its elements lie in a typed buffer, on the heap, outside of
 * it or in a mapped file; views ({@link #reshape}, {@link #rows}) share them.
 *
 * <p>Tensors are values: equality is by type, shape and bits.
 */
public final class Tensor {
  private final ElementType type;
  private final Shape shape;
  private final Buffer data;
  private volatile @Nullable String digest;

  private Tensor(ElementType type, Shape shape, Buffer data) {
    if (data.remaining() != shape.size()) {
      throw new IllegalArgumentException(
          "shape %s has %d elements, the data has %d"
              .formatted(shape, shape.size(), data.remaining()));
    }
    this.type = type;
    this.shape = shape;
    this.data = data;
  }

  /** A float32 tensor holding a copy of {@code values}. */
  public static Tensor of(Shape shape, float... values) {
    return wrap(shape, FloatBuffer.wrap(values.clone()));
  }

  /** A float64 tensor holding a copy of {@code values}. */
  public static Tensor of(Shape shape, double... values) {
    return wrap(shape, DoubleBuffer.wrap(values.clone()));
  }

  /** An int64 tensor holding a copy of {@code values}. */
  public static Tensor of(Shape shape, long... values) {
    return wrap(shape, LongBuffer.wrap(values.clone()));
  }

  /** A bool tensor holding a copy of {@code values}. */
  public static Tensor of(Shape shape, boolean... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) (values[i] ? 1 : 0);
    }
    return wrapBool(shape, ByteBuffer.wrap(bytes));
  }

  /** A tensor over the buffer's remaining elements, not copied: nobody may write to them again. */
  public static Tensor wrap(Shape shape, FloatBuffer data) {
    return new Tensor(ElementType.FLOAT32, shape, data.asReadOnlyBuffer().slice());
  }

  /** As {@link #wrap(Shape, FloatBuffer)}. */
  public static Tensor wrap(Shape shape, DoubleBuffer data) {
    return new Tensor(ElementType.FLOAT64, shape, data.asReadOnlyBuffer().slice());
  }

  /** As {@link #wrap(Shape, FloatBuffer)}. */
  public static Tensor wrap(Shape shape, LongBuffer data) {
    return new Tensor(ElementType.INT64, shape, data.asReadOnlyBuffer().slice());
  }

  /** As {@link #wrap(Shape, FloatBuffer)}, for bytes that are 0 or 1. */
  public static Tensor wrapBool(Shape shape, ByteBuffer data) {
    return new Tensor(ElementType.BOOL, shape, data.asReadOnlyBuffer().slice());
  }

  /**
   * A tensor over little-endian bytes, as files have them, not copied.
   *
   * @param bytes exactly as many as type and shape take
   */
  public static Tensor wrap(ElementType type, Shape shape, ByteBuffer bytes) {
    ByteBuffer little = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    return switch (type) {
      case FLOAT32 -> wrap(shape, little.asFloatBuffer());
      case FLOAT64 -> wrap(shape, little.asDoubleBuffer());
      case INT64 -> wrap(shape, little.asLongBuffer());
      case BOOL -> wrapBool(shape, little);
    };
  }

  /** A tensor of rank 0. */
  public static Tensor scalar(double value) {
    return of(Shape.SCALAR, value);
  }

  /** A tensor whose elements are all {@code value}, converted to {@code type}. */
  public static Tensor full(ElementType type, Shape shape, double value) {
    double[] values = new double[shape.size()];
    Arrays.fill(values, value);
    return wrap(shape, DoubleBuffer.wrap(values)).to(type);
  }

  /** A tensor of zeros (of {@code false} for bool). */
  public static Tensor zeros(ElementType type, Shape shape) {
    return full(type, shape, 0);
  }

  /** What the elements are. */
  public ElementType type() {
    return type;
  }

  /** The extents. */
  public Shape shape() {
    return shape;
  }

  /** The number of elements. */
  public int size() {
    return shape.size();
  }

  /** The elements of a float32 tensor, read-only, from position 0. */
  public FloatBuffer floats() {
    return (FloatBuffer) require(ElementType.FLOAT32);
  }

  /** The elements of a float64 tensor, read-only, from position 0. */
  public DoubleBuffer doubles() {
    return (DoubleBuffer) require(ElementType.FLOAT64);
  }

  /** The elements of an int64 tensor, read-only, from position 0. */
  public LongBuffer longs() {
    return (LongBuffer) require(ElementType.INT64);
  }

  /** The elements of a bool tensor as bytes 0 and 1, read-only, from position 0. */
  public ByteBuffer bools() {
    return (ByteBuffer) require(ElementType.BOOL);
  }

  private Buffer require(ElementType asked) {
    if (asked != type) {
      throw new IllegalStateException(
          "%s elements asked of a tensor %s%s: convert it with to(%s)"
              .formatted(asked.symbol(), type.symbol(), shape, asked));
    }
    return data.duplicate();
  }

  /** One element, row-major, as a double (int64 beyond 2⁵³ rounds; bool is 0 or 1). */
  public double get(int index) {
    return switch (data) {
      case FloatBuffer f -> f.get(index);
      case DoubleBuffer d -> d.get(index);
      case LongBuffer l -> l.get(index);
      case ByteBuffer b -> b.get(index);
      default -> throw new AssertionError(data.getClass());
    };
  }

  /** All elements as doubles, a copy. */
  public double[] toDoubles() {
    double[] out = new double[size()];
    if (data instanceof DoubleBuffer d) {
      d.get(0, out);
      return out;
    }
    for (int i = 0; i < out.length; i++) {
      out[i] = get(i);
    }
    return out;
  }

  /** All elements as floats, rounded to nearest, a copy. */
  public float[] toFloats() {
    float[] out = new float[size()];
    if (data instanceof FloatBuffer f) {
      f.get(0, out);
      return out;
    }
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) get(i);
    }
    return out;
  }

  /** All elements as longs, rounded towards zero, a copy. */
  public long[] toLongs() {
    long[] out = new long[size()];
    if (data instanceof LongBuffer l) {
      l.get(0, out);
      return out;
    }
    for (int i = 0; i < out.length; i++) {
      out[i] = (long) get(i);
    }
    return out;
  }

  /** This tensor with its elements converted; itself where the type is already that. */
  public Tensor to(ElementType target) {
    if (target == type) {
      return this;
    }
    return switch (target) {
      case FLOAT32 -> wrap(shape, FloatBuffer.wrap(toFloats()));
      case FLOAT64 -> wrap(shape, DoubleBuffer.wrap(toDoubles()));
      case INT64 -> wrap(shape, LongBuffer.wrap(toLongs()));
      case BOOL -> {
        boolean[] out = new boolean[size()];
        for (int i = 0; i < out.length; i++) {
          out[i] = get(i) != 0;
        }
        yield of(shape, out);
      }
    };
  }

  /**
   * A function of this tensor's elements and another's, in float64.
   *
   * @param other of the same shape
   */
  public Tensor zip(Tensor other, DoubleBinaryOperator function) {
    if (!other.shape.equals(shape)) {
      throw new IllegalArgumentException("shapes " + shape + " and " + other.shape + " differ");
    }
    double[] out = new double[size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = function.applyAsDouble(get(i), other.get(i));
    }
    return wrap(shape, DoubleBuffer.wrap(out));
  }

  /** The same elements under another shape of the same size; a view. */
  public Tensor reshape(Shape target) {
    return new Tensor(type, target, data);
  }

  /** The part from {@code from} (included) to {@code to} (excluded) of the first axis; a view. */
  public Tensor rows(int from, int to) {
    int row = shape.size() == 0 ? 0 : shape.size() / shape.dim(0);
    return new Tensor(type, shape.with(0, to - from), slice(from * row, (to - from) * row));
  }

  private Buffer slice(int start, int length) {
    return data.slice(start, length);
  }

  /** Tensors of one type, alike but for the first axis, one behind the other along it. */
  public static Tensor concatRows(List<Tensor> parts) {
    Tensor first = parts.get(0);
    if (parts.size() == 1) {
      return first;
    }
    int rows = parts.stream().mapToInt(t -> t.shape().dim(0)).sum();
    Shape whole = first.shape().with(0, rows);
    int total = 0;
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(whole.size(), first.type.bytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (Tensor part : parts) {
      if (part.type != first.type || !part.shape.with(0, 0).equals(first.shape.with(0, 0))) {
        throw new IllegalArgumentException(
            "%s%s cannot be joined to %s%s along the first axis"
                .formatted(part.type.symbol(), part.shape, first.type.symbol(), first.shape));
      }
      part.copyTo(bytes, total);
      total += part.size() * first.type.bytes();
    }
    return wrap(first.type, whole, bytes);
  }

  private void copyTo(ByteBuffer little, int position) {
    ByteBuffer target =
        little
            .slice(position, Math.multiplyExact(size(), type.bytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
    switch (data.duplicate()) {
      case FloatBuffer f -> target.asFloatBuffer().put(f);
      case DoubleBuffer d -> target.asDoubleBuffer().put(d);
      case LongBuffer l -> target.asLongBuffer().put(l);
      case ByteBuffer b -> target.put(b);
      default -> throw new AssertionError(data.getClass());
    }
  }

  /** The elements as little-endian bytes, a copy. */
  public ByteBuffer toBytes() {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(size(), type.bytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
    copyTo(bytes, 0);
    return bytes;
  }

  /** SHA-256 of type, shape and little-endian elements, in hexadecimal; computed once. */
  public String digest() {
    String known = digest;
    if (known == null) {
      known = computeDigest();
      digest = known;
    }
    return known;
  }

  private String computeDigest() {
    MessageDigest sha = sha256();
    sha.update((type.symbol() + shape).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    int chunk = 1 << 16;
    for (int from = 0; from < size(); from += chunk) {
      int length = Math.min(chunk, size() - from);
      sha.update(new Tensor(type, Shape.of(length), slice(from, length)).toBytes());
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor t
        && type == t.type
        && shape.equals(t.shape)
        && (data == t.data || digest().equals(t.digest()));
  }

  @Override
  public int hashCode() {
    int code = 31 * type.hashCode() + shape.hashCode();
    for (int i = 0; i < Math.min(size(), 8); i++) {
      code = 31 * code + Double.hashCode(get(i));
    }
    return code;
  }

  /** Type and shape, and the elements if there are at most eight: {@code f32[2] {1.0, 2.0}}. */
  @Override
  public String toString() {
    String head = type.symbol() + shape;
    if (size() > 8) {
      return head;
    }
    return head
        + IntStream.range(0, size())
            .mapToObj(i -> Double.toString(get(i)))
            .collect(Collectors.joining(", ", " {", "}"));
  }
}
