package wherefore.model.dl4j;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import wherefore.model.ModelException;

/**
 * Checks arrays in ND4J's binary form before ND4J reads them: it allocates what the header asks for
 * and trusts the shape, outside of Java's memory.
 *
 * <p>The form is a buffer of longs that describes the shape (rank, extents, strides, three more)
 * and a buffer of elements. A buffer is: how it was allocated (text), its length (long), the type
 * of its elements (text), the elements.
 */
final class SerializedArray {
  private static final int MAX_RANK = 32;

  private SerializedArray() {}

  /**
   * Reads one array.
   *
   * @param where file and entry, for errors
   * @return empty if it has no elements
   */
  static Optional<INDArray> read(byte[] bytes, String where) throws ModelException {
    if (check(bytes, 0, 1, where) == 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(Nd4j.read(new ByteArrayInputStream(bytes)));
    } catch (RuntimeException e) {
      throw new ModelException(where + " is not an array that ND4J wrote: " + e.getMessage(), e);
    }
  }

  /**
   * Checks arrays that lie one behind the other.
   *
   * @param offset where the first one begins
   * @param count how many there must be
   * @return the number of elements of the last
   */
  static long check(byte[] bytes, int offset, int count, String where) throws ModelException {
    DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(bytes, offset, bytes.length - offset));
    try {
      long elements = 0;
      for (int i = 0; i < count; i++) {
        elements = checkOne(in, where);
      }
      return elements;
    } catch (ModelException e) {
      throw e;
    } catch (EOFException e) {
      throw new ModelException(where + " ends within an array: was the file cut off?", e);
    } catch (IOException | ArithmeticException e) {
      throw new ModelException(where + " is not an array that ND4J wrote: " + e.getMessage(), e);
    }
  }

  private static long checkOne(DataInputStream in, String where) throws IOException {
    long[] shape = shape(in, where);
    in.readUTF();
    long length = in.readLong();
    String type = in.readUTF();
    int rank = (int) shape[0];
    long elements = 1;
    long reach = 0;
    for (int axis = 0; axis < rank; axis++) {
      long extent = shape[1 + axis];
      long stride = shape[1 + rank + axis];
      require(extent >= 0 && extent <= Integer.MAX_VALUE && stride >= 0, where, "has a bad shape");
      elements = Math.multiplyExact(elements, extent);
      reach = Math.addExact(reach, Math.multiplyExact(Math.max(extent - 1, 0), stride));
    }
    require(
        elements == length,
        where,
        "has a shape of %,d elements, %,d are there".formatted(elements, length));
    require(reach < Math.max(length, 1), where, "has strides that lead beyond its elements");
    long size = Math.multiplyExact(length, bytes(type, where));
    if (in.available() < size) {
      throw new EOFException(
          "%,d bytes of %s elements announced, %,d there".formatted(size, type, in.available()));
    }
    in.skipNBytes(size);
    return length;
  }

  private static long[] shape(DataInputStream in, String where) throws IOException {
    in.readUTF();
    long length = in.readLong();
    String type = in.readUTF();
    require(
        type.equals("LONG") && length >= 4 && length <= 2 * MAX_RANK + 4,
        where,
        "begins with %,d elements of type %s in place of a shape".formatted(length, type));
    long[] shape = new long[(int) length];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = in.readLong();
    }
    require(
        shape[0] >= 0 && shape[0] <= MAX_RANK && 2 * shape[0] + 4 == length,
        where,
        "has rank " + shape[0] + " in a shape of length " + length);
    return shape;
  }

  private static int bytes(String type, String where) throws ModelException {
    return switch (type) {
      case "DOUBLE" -> 8;
      case "FLOAT" -> 4;
      case "HALF", "BFLOAT16" -> 2;
      default ->
          throw new ModelException(
              "%s has elements of type %s; known: DOUBLE, FLOAT, HALF, BFLOAT16"
                  .formatted(where, type));
    };
  }

  private static void require(boolean condition, String where, String finding)
      throws ModelException {
    if (!condition) {
      throw new ModelException(where + " " + finding);
    }
  }
}
