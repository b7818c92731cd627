package wherefore.backend.reference;

/**
 * The product of a few rows with a transposed matrix, b' being read once along its rows: a dense
 * layer on one example. Four sums run side by side, each in ascending order, so that the numbers
 * are those of {@link Product}.
 *
 * @param rows rows of a and of the result
 * @param depth columns of a and of b
 * @param columns rows of b, columns of the result
 * @param transposed true if a is stored as its transpose
 */
record Dots(int rows, int depth, int columns, boolean transposed) {
  /** Up to so many rows, copying strips of b would take longer than using them. */
  static final int FEW = 4;

  private static final int BURST = 64;

  /** Computes products that lie one behind the other. */
  void run(int count, double[] a, double[] b, double[] c, Work work) {
    int quads = (columns + 3) / 4;
    int total = Math.multiplyExact(count * rows, quads);
    work.tasks(
        (total + BURST - 1) / BURST,
        task -> {
          for (int q = task * BURST; q < Math.min(total, (task + 1) * BURST); q++) {
            quad(a, b, c, q / quads, q % quads * 4);
          }
        });
  }

  private void quad(double[] a, double[] b, double[] c, int line, int column) {
    int index = line / rows;
    int row = line % rows;
    int x = index * rows * depth + (transposed ? row : row * depth);
    int step = transposed ? rows : 1;
    int y = (index * columns + column) * depth;
    if (column + 4 <= columns) {
      four(a, x, step, b, y, c, line * columns + column);
      return;
    }
    for (int j = column; j < columns; j++, y += depth) {
      double sum = 0;
      for (int k = 0; k < depth; k++) {
        sum += a[x + k * step] * b[y + k];
      }
      c[line * columns + j] = sum;
    }
  }

  private void four(double[] a, int x, int step, double[] b, int y, double[] c, int at) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    for (int k = 0; k < depth; k++) {
      double left = a[x + k * step];
      sum0 += left * b[y + k];
      sum1 += left * b[y + depth + k];
      sum2 += left * b[y + 2 * depth + k];
      sum3 += left * b[y + 3 * depth + k];
    }
    c[at] = sum0;
    c[at + 1] = sum1;
    c[at + 2] = sum2;
    c[at + 3] = sum3;
  }
}
