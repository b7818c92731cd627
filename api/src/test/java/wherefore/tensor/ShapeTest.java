package wherefore.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ShapeTest {
  private static String refusal(Runnable asked) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, asked::run).getMessage());
  }

  @Test
  void countsElements() {
    assertEquals(24, Shape.of(2, 3, 4).size());
    assertEquals(1, Shape.SCALAR.size());
    assertEquals(0, Shape.of(5, 0, 1 << 30, 1 << 30).size());
    assertArrayEquals(new int[] {12, 4, 1}, Shape.of(2, 3, 4).strides());
    assertEquals("[2,3,4]", Shape.of(2L, 3L, 4L).toString());
  }

  @Test
  void axesCountFromTheEndToo() {
    Shape shape = Shape.of(2, 3, 4);
    assertEquals(4, shape.dim(-1));
    assertEquals(Shape.of(2, 7, 4), shape.with(-2, 7));
    assertEquals(Shape.of(3, 4), shape.axes(1, 3));
    assertEquals(Shape.of(2, 3, 4, 5), shape.concat(Shape.of(5)));
    assertEquals("axis 3 of shape [2,3,4] does not exist", refusal(() -> shape.dim(3)));
    assertEquals("axis -4 of shape [2,3,4] does not exist", refusal(() -> shape.dim(-4)));
  }

  @Test
  void refusesWhatIsNoShape() {
    assertEquals("shape [2, -1] has the negative extent -1", refusal(() -> Shape.of(2, -1)));
    assertEquals("shape [-2] has the extent -2", refusal(() -> Shape.of(-2L)));
    assertEquals(
        "shape [65536, 65536] has more than 2^31-1 elements",
        refusal(() -> Shape.of(1 << 16, 1 << 16)));
  }

  @Test
  void broadcastsAsNumPyDoes() {
    assertEquals(Shape.of(8, 7, 6, 5), Shape.broadcast(Shape.of(8, 1, 6, 1), Shape.of(7, 1, 5)));
    assertEquals(Shape.of(0, 3), Shape.broadcast(Shape.of(1, 3), Shape.of(0, 1)));
    assertTrue(Shape.of(3, 1).broadcastsTo(Shape.of(2, 3, 5)));
    assertFalse(Shape.of(2, 3, 5).broadcastsTo(Shape.of(3, 5)));
    assertEquals(
        "shapes [2,3] and [4,3] do not broadcast",
        refusal(() -> Shape.broadcast(Shape.of(2, 3), Shape.of(4, 3))));
  }
}
