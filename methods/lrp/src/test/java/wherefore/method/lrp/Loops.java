package wherefore.method.lrp;

import java.util.SplittableRandom;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.TestModels;

/**
 * A dense layer z = x w + b and its rules, written down from the formulas as loops.
 *
 * @param w [inputs][outputs]
 */
record Loops(double[][] w, double[] b) {
  static final double EPSILON = 1e-6;

  static Loops random(long seed, int inputs, int outputs, double bias) {
    SplittableRandom random = new SplittableRandom(seed);
    Tensor w = TestModels.normal(random, Shape.of(inputs, outputs), 0.7);
    Tensor b = TestModels.normal(random, Shape.of(outputs), bias);
    double[][] rows = new double[inputs][outputs];
    for (int i = 0; i < inputs; i++) {
      for (int o = 0; o < outputs; o++) {
        rows[i][o] = w.get(i * outputs + o);
      }
    }
    return new Loops(rows, b.toDoubles());
  }

  Tensor weights() {
    double[] all = new double[w.length * b.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = w[i / b.length][i % b.length];
    }
    return Tensor.of(Shape.of(w.length, b.length), all);
  }

  Tensor biases() {
    return Tensor.of(Shape.of(b.length), b);
  }

  double[] z(double[] x) {
    double[] z = b.clone();
    for (int o = 0; o < z.length; o++) {
      for (int i = 0; i < x.length; i++) {
        z[o] += x[i] * w[i][o];
      }
    }
    return z;
  }

  /** The relevance of x. */
  double[] back(Rule rule, double[] x, double[] r) {
    double[] shares = new double[x.length];
    for (int o = 0; o < r.length; o++) {
      for (int i = 0; i < x.length; i++) {
        shares[i] += share(rule, x, i, o, r[o]);
      }
    }
    return shares;
  }

  /** What the bias gets by epsilon. */
  double toBias(double[] x, double[] r) {
    double[] z = z(x);
    double sum = 0;
    for (int o = 0; o < r.length; o++) {
      sum += b[o] * r[o] / stable(z[o]);
    }
    return sum;
  }

  private double share(Rule rule, double[] x, int i, int o, double r) {
    double z = z(x)[o];
    return switch (rule) {
      case EPSILON -> x[i] * w[i][o] * r / stable(z);
      case Z_PLUS -> excited(x, i, o) * r / stable(excitement(x, o));
      case ALPHA_BETA ->
          2 * excited(x, i, o) * r / stable(excitement(x, o))
              - inhibited(x, i, o) * r / stable(inhibition(x, o));
      case GAMMA -> z == 0 ? 0 : gamma(x, i, o, z > 0) * r / stable(gammas(x, o, z > 0));
      case W_SQUARE -> {
        double d = b[o] * b[o];
        for (double[] row : w) {
          d += row[o] * row[o];
        }
        yield w[i][o] * w[i][o] * r / stable(d);
      }
      case FLAT -> r / stable(x.length);
      case Z_BOX -> {
        double least = least(x);
        double most = most(x);
        double d = 0;
        for (int k = 0; k < x.length; k++) {
          d += x[k] * w[k][o] - least * Math.max(w[k][o], 0) - most * Math.min(w[k][o], 0);
        }
        double part = x[i] * w[i][o] - least * Math.max(w[i][o], 0) - most * Math.min(w[i][o], 0);
        yield part * r / stable(d);
      }
      case NONE -> throw new AssertionError();
    };
  }

  private double excited(double[] x, int i, int o) {
    return Math.max(x[i], 0) * Math.max(w[i][o], 0) + Math.min(x[i], 0) * Math.min(w[i][o], 0);
  }

  private double excitement(double[] x, int o) {
    double d = Math.max(b[o], 0);
    for (int i = 0; i < x.length; i++) {
      d += excited(x, i, o);
    }
    return d;
  }

  private double inhibited(double[] x, int i, int o) {
    return Math.max(x[i], 0) * Math.min(w[i][o], 0) + Math.min(x[i], 0) * Math.max(w[i][o], 0);
  }

  private double inhibition(double[] x, int o) {
    double d = Math.min(b[o], 0);
    for (int i = 0; i < x.length; i++) {
      d += inhibited(x, i, o);
    }
    return d;
  }

  /** With γ = ¼: contributions of z's own sign count 1 + γ times. */
  private double gamma(double[] x, int i, int o, boolean isUp) {
    double up = w[i][o] + 0.25 * Math.max(w[i][o], 0);
    double down = w[i][o] + 0.25 * Math.min(w[i][o], 0);
    double own = x[i] >= 0 == isUp ? up : down;
    return x[i] * own;
  }

  private double gammas(double[] x, int o, boolean isUp) {
    double d = b[o] + 0.25 * (isUp ? Math.max(b[o], 0) : Math.min(b[o], 0));
    for (int i = 0; i < x.length; i++) {
      d += gamma(x, i, o, isUp);
    }
    return d;
  }

  private static double least(double[] x) {
    double least = x[0];
    for (double v : x) {
      least = Math.min(least, v);
    }
    return least;
  }

  private static double most(double[] x) {
    double most = x[0];
    for (double v : x) {
      most = Math.max(most, v);
    }
    return most;
  }

  static double stable(double z) {
    return z < 0 ? z - EPSILON : z + EPSILON;
  }
}
