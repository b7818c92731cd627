package wherefore.method.activationmaps;

import java.util.Arrays;
import java.util.SplittableRandom;
import wherefore.graph.Composite;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Window;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.TestModels;

/**
 * A small network in plain Java: x [2, 6, 8]; a convolution 2×2 with stride 2 to 3 channels, ReLU
 * ({@code act}: 3 × 4 places); dense to 5, tanh; dense to 3. Written without the graph, for second
 * implementations.
 */
final class Plain {
  static final int CHANNELS = 3;
  static final int ROWS = 6;
  static final int COLUMNS = 8;
  static final int PLACES = ROWS / 2 * (COLUMNS / 2);
  private static final int INPUTS = 2;
  private static final int HIDDEN = 5;
  private static final int OUTPUTS = 3;

  private final Tensor kernel;
  private final Tensor bias;
  private final Tensor hidden;
  private final Tensor out;
  private final Tensor input;

  Plain() {
    SplittableRandom random = new SplittableRandom(17);
    kernel = TestModels.normal(random, Shape.of(CHANNELS, INPUTS, 2, 2), 0.7);
    bias = TestModels.normal(random, Shape.of(CHANNELS), 0.3);
    hidden = TestModels.normal(random, Shape.of(CHANNELS * PLACES, HIDDEN), 0.3);
    out = TestModels.normal(random, Shape.of(HIDDEN, OUTPUTS), 1);
    input = TestModels.normal(random, Shape.of(1, INPUTS, ROWS, COLUMNS), 1);
  }

  Tensor input() {
    return input;
  }

  Model model() {
    return TestModels.of(
        "plain",
        Shape.of(INPUTS, ROWS, COLUMNS),
        OUTPUTS,
        (b, x) -> {
          b.at("conv");
          var conv = new Primitive.Conv(Window.of(2, 2).strides(2, 2), 1);
          var h = b.apply(conv, x, b.constant(kernel), b.constant(bias));
          h = b.at("act").apply(new Composite.Relu(), h);
          h = b.at("flat").reshape(h, Shape.of(x.shape().dim(0), CHANNELS * PLACES));
          h = b.at("hidden").matMul(h, b.constant(hidden));
          h = b.at("tanh").unary(UnaryFunction.TANH, h);
          return b.at("out").matMul(h, b.constant(out));
        });
  }

  /** The layer {@code act}. */
  double[] activations(double[] x) {
    double[] a = new double[CHANNELS * PLACES];
    for (int i = 0; i < a.length; i++) {
      a[i] = bias.get(i / PLACES);
      for (int k = 0; k < INPUTS * 4; k++) {
        a[i] += kernel.get(i / PLACES * INPUTS * 4 + k) * x[element(i, k)];
      }
      a[i] = Math.max(a[i], 0);
    }
    return a;
  }

  /** The element of x under tap k of the window at activation i. */
  private static int element(int i, int k) {
    int row = i % PLACES / (COLUMNS / 2) * 2 + k % 4 / 2;
    int column = i % PLACES % (COLUMNS / 2) * 2 + k % 2;
    return (k / 4 * ROWS + row) * COLUMNS + column;
  }

  private double[] tanh(double[] a) {
    double[] h = new double[HIDDEN];
    for (int j = 0; j < HIDDEN; j++) {
      for (int i = 0; i < a.length; i++) {
        h[j] += a[i] * hidden.get(i * HIDDEN + j);
      }
      h[j] = Math.tanh(h[j]);
    }
    return h;
  }

  /** f_t from the layer's activations. */
  double head(double[] a, int target) {
    double[] h = tanh(a);
    double f = 0;
    for (int j = 0; j < HIDDEN; j++) {
      f += h[j] * out.get(j * OUTPUTS + target);
    }
    return f;
  }

  /** ∂f_t/∂a. */
  double[] gradient(double[] a, int target) {
    double[] h = tanh(a);
    double[] g = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < HIDDEN; j++) {
        g[i] += hidden.get(i * HIDDEN + j) * (1 - h[j] * h[j]) * out.get(j * OUTPUTS + target);
      }
    }
    return g;
  }

  /** Guided backpropagation to x. */
  double[] guided(int target) {
    double[] a = activations(input.toDoubles());
    double[] g = gradient(a, target);
    double[] x = new double[input.size()];
    for (int i = 0; i < a.length; i++) {
      double v = a[i] > 0 ? Math.max(g[i], 0) : 0;
      for (int k = 0; k < INPUTS * 4; k++) {
        x[element(i, k)] += v * kernel.get(i / PLACES * INPUTS * 4 + k);
      }
    }
    return x;
  }

  /** A map of the layer at twice the extents, bilinear between the pixels' centres. */
  static double[] upsampled(double[] map) {
    double[] wide = new double[ROWS * COLUMNS];
    for (int y = 0; y < ROWS; y++) {
      for (int x = 0; x < COLUMNS; x++) {
        wide[y * COLUMNS + x] = at(map, (y + 0.5) / 2 - 0.5, (x + 0.5) / 2 - 0.5);
      }
    }
    return wide;
  }

  private static double at(double[] map, double y, double x) {
    double top = Math.max(0, Math.min(ROWS / 2 - 1, y));
    double left = Math.max(0, Math.min(COLUMNS / 2 - 1, x));
    int y0 = Math.min((int) top, ROWS / 2 - 2);
    int x0 = Math.min((int) left, COLUMNS / 2 - 2);
    double v = top - y0;
    double u = left - x0;
    return (1 - v) * ((1 - u) * cell(map, y0, x0) + u * cell(map, y0, x0 + 1))
        + v * ((1 - u) * cell(map, y0 + 1, x0) + u * cell(map, y0 + 1, x0 + 1));
  }

  private static double cell(double[] map, int y, int x) {
    return map[y * (COLUMNS / 2) + x];
  }

  /** The eigenvector of a symmetric matrix's greatest eigenvalue, by Jacobi rotations. */
  static double[] firstEigenvector(double[][] matrix) {
    int n = matrix.length;
    double[][] m = Arrays.stream(matrix).map(double[]::clone).toArray(double[][]::new);
    double[][] v = new double[n][n];
    for (int i = 0; i < n; i++) {
      v[i][i] = 1;
    }
    for (int sweep = 0; sweep < 60; sweep++) {
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          rotate(m, v, p, q);
        }
      }
    }
    int best = 0;
    for (int i = 1; i < n; i++) {
      best = m[i][i] > m[best][best] ? i : best;
    }
    int column = best;
    return Arrays.stream(v).mapToDouble(row -> row[column]).toArray();
  }

  private static void rotate(double[][] m, double[][] v, int p, int q) {
    double angle = 0.5 * Math.atan2(2 * m[p][q], m[q][q] - m[p][p]);
    double c = Math.cos(angle);
    double s = Math.sin(angle);
    for (int k = 0; k < m.length; k++) {
      double kp = m[k][p];
      double kq = m[k][q];
      m[k][p] = c * kp - s * kq;
      m[k][q] = s * kp + c * kq;
    }
    for (int k = 0; k < m.length; k++) {
      double pk = m[p][k];
      double qk = m[q][k];
      m[p][k] = c * pk - s * qk;
      m[q][k] = s * pk + c * qk;
      double kp = v[k][p];
      double kq = v[k][q];
      v[k][p] = c * kp - s * kq;
      v[k][q] = s * kp + c * kq;
    }
  }
}
