package wherefore.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class TensorTest {
  private final Tensor matrix = Tensor.of(Shape.of(3, 2), 1f, 2f, 3f, 4f, 5f, 6f);

  @Test
  void converts() {
    Tensor x = Tensor.of(Shape.of(4), -1.75, 0, 0.5, 3);
    assertEquals(Tensor.of(Shape.of(4), -1L, 0L, 0L, 3L), x.to(ElementType.INT64));
    assertEquals(Tensor.of(Shape.of(4), true, false, true, true), x.to(ElementType.BOOL));
    assertEquals(Tensor.of(Shape.of(4), -1.75f, 0f, 0.5f, 3f), x.to(ElementType.FLOAT32));
    assertSame(x, x.to(ElementType.FLOAT64));
    assertArrayEquals(new double[] {1, 0}, Tensor.of(Shape.of(2), true, false).toDoubles());
  }

  @Test
  void viewsShareAndJoin() {
    assertEquals(Tensor.of(Shape.of(2, 2), 3f, 4f, 5f, 6f), matrix.rows(1, 3));
    assertEquals(matrix, Tensor.concatRows(List.of(matrix.rows(0, 1), matrix.rows(1, 3))));
    assertEquals(Tensor.of(Shape.of(2), 5f, 6f), matrix.rows(2, 3).reshape(Shape.of(2)));
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class,
            () -> Tensor.concatRows(List.of(matrix, Tensor.of(Shape.of(1, 3), 1f, 2f, 3f))));
    assertEquals("f32[1,3] cannot be joined to f32[3,2] along the first axis", error.getMessage());
  }

  @Test
  void equalityIsByTypeShapeAndBits() {
    assertEquals(matrix, Tensor.wrap(ElementType.FLOAT32, matrix.shape(), matrix.toBytes()));
    assertEquals(
        matrix.hashCode(),
        Tensor.wrap(ElementType.FLOAT32, matrix.shape(), matrix.toBytes()).hashCode());
    assertNotEquals(matrix, matrix.to(ElementType.FLOAT64));
    assertNotEquals(matrix, matrix.reshape(Shape.of(2, 3)));
    assertNotEquals(Tensor.scalar(0.0), Tensor.scalar(-0.0));
    assertEquals(Tensor.scalar(Double.NaN), Tensor.scalar(Double.NaN));
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertEquals(
        "shape [3] has 3 elements, the data has 2",
        assertThrows(IllegalArgumentException.class, () -> Tensor.of(Shape.of(3), 1.0, 2.0))
            .getMessage());
    assertEquals(
        "f64 elements asked of a tensor f32[3,2]: convert it with to(FLOAT64)",
        assertThrows(IllegalStateException.class, matrix::doubles).getMessage());
  }

  @Test
  void wrapsLittleEndianBytes() {
    ByteBuffer bytes = ByteBuffer.wrap(new byte[] {1, 0, 0, 0, 0, 0, 0, 0});
    assertEquals(Tensor.of(Shape.SCALAR, 1L), Tensor.wrap(ElementType.INT64, Shape.SCALAR, bytes));
    assertEquals("f64[] {2.5}", Tensor.scalar(2.5).toString());
  }
}
