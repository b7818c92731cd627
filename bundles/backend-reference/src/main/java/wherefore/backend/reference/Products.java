package wherefore.backend.reference;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import wherefore.graph.Primitive;
import wherefore.graph.TensorType;
import wherefore.tensor.Shape;

/** The matrix product over the two innermost axes. */
final class Products {
  private static final int NARROW = 16;

  private Products() {}

  static Kernel matMul(Primitive.MatMul m, TensorType out) {
    return (in, work) ->
        out.element().isFloating()
            ? floating(m, in.get(0), in.get(1), out.shape(), work)
            : integer(m, in.get(0), in.get(1), out.shape(), work);
  }

  /** A narrow result is computed as its transpose: c' = b' · a'. */
  private static Array floating(Primitive.MatMul m, Array a, Array b, Shape out, Work work) {
    int rank = out.rank();
    if (out.dim(-1) >= NARROW || out.dim(-1) >= out.dim(-2)) {
      return new Array(out, product(m, a, b, out, work));
    }
    Shape turned = out.with(rank - 2, out.dim(-1)).with(rank - 1, out.dim(-2));
    Primitive.MatMul swapped = new Primitive.MatMul(!m.transposeB(), !m.transposeA());
    double[] c = product(swapped, b, a, turned, work);
    double[] y = new double[out.size()];
    Strided.copy(c, swap(View.of(turned)), y, View.of(out), work);
    return new Array(out, y);
  }

  private static View swap(View view) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, view.dims().length).boxed().toList());
    Collections.swap(order, order.size() - 1, order.size() - 2);
    return view.transposed(order);
  }

  private static double[] product(Primitive.MatMul m, Array a, Array b, Shape out, Work work) {
    int rows = out.dim(-2);
    int columns = out.dim(-1);
    int depth = a.shape().dim(m.transposeA() ? -2 : -1);
    double[] x = a.doubles();
    double[] y = b.doubles();
    double[] c = new double[out.size()];
    int count = out.axes(0, out.rank() - 2).size();
    if (m.transposeB() && rows <= Dots.FEW) {
      new Dots(rows, depth, columns, m.transposeA()).run(count, x, y, c, work);
      return c;
    }
    Product.Batch batch =
        new Product.Batch() {
          @Override
          public Product.Left left(int index) {
            int offset = index * rows * depth;
            return m.transposeA()
                ? new Product.Left(x, offset, 1, rows)
                : new Product.Left(x, offset, depth, 1);
          }

          @Override
          public Product.Right right(int index) {
            int offset = index * depth * columns;
            return m.transposeB()
                ? (k, from, to, row) -> column(y, offset + from * depth + k, depth, to - from, row)
                : (k, from, to, row) ->
                    System.arraycopy(y, offset + k * columns + from, row, 0, to - from);
          }
        };
    new Product(rows, depth, columns).run(count, batch, c, work);
    return c;
  }

  private static void column(double[] from, int at, int step, int count, double[] to) {
    for (int j = 0; j < count; j++) {
      to[j] = from[at + j * step];
    }
  }

  private static Array integer(Primitive.MatMul m, Array a, Array b, Shape out, Work work) {
    int rows = out.dim(-2);
    int columns = out.dim(-1);
    int depth = a.shape().dim(m.transposeA() ? -2 : -1);
    long[] c = new long[out.size()];
    int aRow = m.transposeA() ? 1 : depth;
    int aStep = m.transposeA() ? rows : 1;
    int bColumn = m.transposeB() ? depth : 1;
    int bStep = m.transposeB() ? 1 : columns;
    work.tasks(
        out.axes(0, out.rank() - 1).size(),
        line -> {
          int index = line / rows;
          int from = index * rows * depth + line % rows * aRow;
          for (int j = 0; j < columns; j++) {
            int to = index * depth * columns + j * bColumn;
            for (int k = 0; k < depth; k++) {
              c[line * columns + j] += a.longs()[from + k * aStep] * b.longs()[to + k * bStep];
            }
          }
        });
    return new Array(out, c);
  }
}
