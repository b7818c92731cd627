package wherefore.testkit;

import java.util.function.Consumer;
import wherefore.tensor.Shape;

/** Multi-dimensional indices in row-major order. */
final class Indices {
  private Indices() {}

  /** Hands over every index of a shape; the array is a new one each time. */
  static void each(Shape shape, Consumer<int[]> body) {
    for (int flat = 0; flat < shape.size(); flat++) {
      int[] index = new int[shape.rank()];
      int rest = flat;
      for (int a = index.length - 1; a >= 0; a--) {
        index[a] = rest % shape.dim(a);
        rest /= shape.dim(a);
      }
      body.accept(index);
    }
  }

  /** Where an index lies, row-major. */
  static int flat(Shape shape, int... index) {
    int flat = 0;
    for (int a = 0; a < index.length; a++) {
      if (index[a] < 0 || index[a] >= shape.dim(a)) {
        throw new IndexOutOfBoundsException("axis " + a + " of " + shape + " at " + index[a]);
      }
      flat = flat * shape.dim(a) + index[a];
    }
    return flat;
  }
}
