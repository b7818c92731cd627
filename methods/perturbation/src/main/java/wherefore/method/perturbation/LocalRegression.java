package wherefore.method.perturbation;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.linear.RealMatrix;

/** Weighted least squares with a penalty; the intercept is free of it. */
final class LocalRegression {
  private static final int SWEEPS = 10_000;
  private static final double TOLERANCE = 1e-12;

  private final List<BitSet> samples;
  private final int d;
  private final double[] pi;
  private final double[] y;
  private final double[] mean;
  private final double meanY;
  private final RealMatrix gram;
  private final double[] moment;

  /**
   * @param weights of the samples; scaled to sum to their number
   */
  LocalRegression(List<BitSet> samples, double[] values, double[] weights, int d) {
    double total = Arrays.stream(weights).sum();
    this.samples = samples;
    this.d = d;
    this.y = values;
    this.pi = Arrays.stream(weights).map(w -> w * weights.length / total).toArray();
    this.mean = new double[d];
    double sum = 0;
    for (int k = 0; k < y.length; k++) {
      double share = pi[k] / y.length;
      samples.get(k).stream().forEach(i -> mean[i] += share);
      sum += share * y[k];
    }
    this.meanY = sum;
    this.gram = new Array2DRowRealMatrix(d, d);
    this.moment = new double[d];
    for (int k = 0; k < y.length; k++) {
      double[] row = row(k);
      for (int i = 0; i < d; i++) {
        moment[i] += pi[k] * row[i] * (y[k] - meanY);
        for (int j = 0; j <= i; j++) {
          gram.addToEntry(i, j, pi[k] * row[i] * row[j]);
        }
      }
    }
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < i; j++) {
        gram.setEntry(j, i, gram.getEntry(i, j));
      }
    }
  }

  /** A sample's presences less their means. */
  private double[] row(int k) {
    double[] row = new double[d];
    for (int i = 0; i < d; i++) {
      row[i] = (samples.get(k).get(i) ? 1 : 0) - mean[i];
    }
    return row;
  }

  Fit ridge(double alpha) {
    int[] all = IntStream.range(0, d).toArray();
    RealMatrix inverse = inverse(all, alpha);
    return fit(inverse.operate(new ArrayRealVector(moment)).toArray(), all, inverse);
  }

  /** By coordinate descent: each weight in turn is set to its best value given the others. */
  Fit lasso(double alpha) {
    double[] w = new double[d];
    double scale = Math.max(1e-300, Arrays.stream(moment).map(Math::abs).max().orElse(0));
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      double most = 0;
      for (int i = 0; i < d; i++) {
        double before = w[i];
        double g = gram.getEntry(i, i);
        double rest = moment[i] - dot(i, w) + g * before;
        w[i] = g == 0 ? 0 : Math.signum(rest) * Math.max(0, Math.abs(rest) - alpha / 2) / g;
        most = Math.max(most, g * Math.abs(w[i] - before));
      }
      if (most <= TOLERANCE * scale) {
        break;
      }
    }
    int[] chosen = IntStream.range(0, d).filter(i -> w[i] != 0).toArray();
    return fit(w, chosen, inverse(chosen, 0));
  }

  private double dot(int row, double[] w) {
    double sum = 0;
    for (int j = 0; j < d; j++) {
      sum += gram.getEntry(row, j) * w[j];
    }
    return sum;
  }

  private RealMatrix inverse(int[] chosen, double alpha) {
    if (chosen.length == 0) {
      return new Array2DRowRealMatrix();
    }
    RealMatrix a = gram.getSubMatrix(chosen, chosen).copy();
    for (int i = 0; i < chosen.length; i++) {
      a.addToEntry(i, i, alpha);
    }
    return new LUDecomposition(a).getSolver().getInverse();
  }

  private Fit fit(double[] w, int[] chosen, RealMatrix inverse) {
    double intercept = meanY;
    for (int i = 0; i < d; i++) {
      intercept -= w[i] * mean[i];
    }
    double[] variances = new double[d];
    double left = 0;
    double whole = 0;
    for (int k = 0; k < y.length; k++) {
      double[] row = row(k);
      double residual = y[k] - meanY - IntStream.range(0, d).mapToDouble(i -> w[i] * row[i]).sum();
      left += pi[k] * residual * residual;
      whole += pi[k] * (y[k] - meanY) * (y[k] - meanY);
      addInfluence(variances, chosen, inverse, row, pi[k] * residual);
    }
    double[] errors = Arrays.stream(variances).map(Math::sqrt).toArray();
    return new Fit(w, errors, intercept, whole == 0 ? 1 : 1 - left / whole);
  }

  /** The square of what one sample moves the weights by: A⁻¹ x π r. */
  private static void addInfluence(
      double[] variances, int[] chosen, RealMatrix inverse, double[] row, double factor) {
    for (int i = 0; i < chosen.length; i++) {
      double moved = 0;
      for (int j = 0; j < chosen.length; j++) {
        moved += inverse.getEntry(i, j) * row[chosen[j]] * factor;
      }
      variances[chosen[i]] += moved * moved;
    }
  }
}
