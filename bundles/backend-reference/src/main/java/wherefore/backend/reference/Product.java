package wherefore.backend.reference;

/**
 * Matrix products c += a · b, the core of {@link Products} and {@link Convolution}.
 *
 * <p>A task takes a strip of up to {@value #WIDTH} columns of b and some rows of a. It copies
 * {@value #DEPTH} rows of the strip after another into arrays of their own, small enough for the
 * cache, and adds their multiples to each row of the result. Every sum runs over the depth in
 * ascending order, each product rounded and added as a plain loop would do, so that the numbers
 * don't depend on how the work is divided.
 *
 * @param rows rows of a and of the result
 * @param depth columns of a, rows of b
 * @param columns columns of b and of the result
 */
record Product(int rows, int depth, int columns) {
  private static final int WIDTH = 256;
  private static final int DEPTH = 64;
  private static final int LEAST_ROWS = 16;

  /**
   * The left factor: element (i, k) lies at offset + i · rowStep + k · step.
   *
   * @param data the elements
   */
  record Left(double[] data, int offset, int rowStep, int step) {
    double at(int row, int k) {
      return data[offset + row * rowStep + k * step];
    }
  }

  /** The right factor. */
  @FunctionalInterface
  interface Right {
    /** Copies row k's columns from {@code from} (included) to {@code to} (excluded). */
    void copy(int k, int from, int to, double[] row);
  }

  /** One of a number of products of the same size. */
  interface Batch {
    Left left(int index);

    Right right(int index);
  }

  /** Adds the products to c, where they lie one behind the other. */
  void run(int count, Batch batch, double[] c, Work work) {
    int strips = (columns + WIDTH - 1) / WIDTH;
    int height = height((long) count * strips);
    int bands = (rows + height - 1) / height;
    work.tasks(
        Math.multiplyExact(count, strips * bands),
        task -> {
          int index = task / (strips * bands);
          int first = task % strips * WIDTH;
          int top = task / strips % bands * height;
          Strip strip =
              new Strip(batch.left(index), batch.right(index), c, index * rows * columns, work);
          strip.run(top, Math.min(rows, top + height), first, Math.min(columns, first + WIDTH));
        });
  }

  /** Fewer rows a task where there are few tasks else. */
  private int height(long others) {
    long wanted = 4L * Runtime.getRuntime().availableProcessors();
    long bands = Math.max(1, wanted / Math.max(1, others));
    return (int) Math.max(1, Math.max(Math.min(rows, LEAST_ROWS), (rows + bands - 1) / bands));
  }

  private final class Strip {
    private final Left a;
    private final Right b;
    private final double[] c;
    private final int start;
    private final Work work;

    Strip(Left a, Right b, double[] c, int start, Work work) {
      this.a = a;
      this.b = b;
      this.c = c;
      this.start = start;
      this.work = work;
    }

    void run(int top, int bottom, int first, int end) {
      int width = end - first;
      double[][] panel = new double[Math.min(depth, DEPTH)][width];
      double[] sum = new double[width];
      for (int k = 0; k < depth; k += DEPTH) {
        work.check();
        int count = Math.min(DEPTH, depth - k);
        for (int i = 0; i < count; i++) {
          b.copy(k + i, first, end, panel[i]);
        }
        for (int row = top; row < bottom; row++) {
          int at = start + row * columns + first;
          System.arraycopy(c, at, sum, 0, width);
          accumulate(row, k, count, panel, sum);
          System.arraycopy(sum, 0, c, at, width);
        }
      }
    }

    private void accumulate(int row, int k, int count, double[][] panel, double[] sum) {
      int i = 0;
      for (; i + 3 < count; i += 4) {
        add(
            sum,
            a.at(row, k + i),
            panel[i],
            a.at(row, k + i + 1),
            panel[i + 1],
            a.at(row, k + i + 2),
            panel[i + 2],
            a.at(row, k + i + 3),
            panel[i + 3]);
      }
      for (; i < count; i++) {
        add(sum, a.at(row, k + i), panel[i]);
      }
    }
  }

  /** y += a0·x0 + a1·x1 + a2·x2 + a3·x3, from left to right. */
  private static void add(
      double[] y,
      double a0,
      double[] x0,
      double a1,
      double[] x1,
      double a2,
      double[] x2,
      double a3,
      double[] x3) {
    for (int j = 0; j < y.length; j++) {
      y[j] = y[j] + a0 * x0[j] + a1 * x1[j] + a2 * x2[j] + a3 * x3[j];
    }
  }

  private static void add(double[] y, double a, double[] x) {
    for (int j = 0; j < y.length; j++) {
      y[j] += a * x[j];
    }
  }
}
