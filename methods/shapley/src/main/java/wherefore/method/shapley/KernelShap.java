package wherefore.method.shapley;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.DecompositionSolver;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import wherefore.attribution.Moments;

/**
 * Weighted least squares: φ minimises Σ over S of w(S) (v(∅) + Σ_{i∈S} φ_i − v(S))², w(S) = (d − 1)
 * / (C(d, |S|) |S| (d − |S|)), under Σ φ = v(N) − v(∅), which holds exactly.
 *
 * <p>Coalitions come with their complements. Sizes are taken whole, from both ends, as far as the
 * budget goes; of each of the others as many as its weight deserves are drawn without repetition.
 * Exact if the budget covers all. The standard errors are those of a sample stratified by size: the
 * delta method with finite-population correction. No feature is left out. Source: Lundberg, Lee
 * 2017; pairs and errors: Covert, Lee 2021.
 */
final class KernelShap {
  private final Worths worths;
  private final Strata strata;
  private final int d;

  KernelShap(Worths worths, SplittableRandom random) {
    this.worths = worths;
    this.d = worths.players();
    this.strata = new Strata(d, random);
  }

  /**
   * @param samples evaluations that may be spent; two pairs of each size are drawn at least
   */
  Solution solve(int samples) {
    worths.ask(List.of(worths.none(), worths.all()));
    double all = worths.of(worths.all()) - worths.of(worths.none());
    if (d == 1) {
      return Solution.exact(new double[] {all}, worths.size());
    }
    List<Strata.Stratum> drawn = strata.draw(samples - 2);
    List<BitSet> asked = new ArrayList<>();
    drawn.forEach(s -> s.pairs().forEach(asked::addAll));
    worths.ask(asked);
    RealMatrix a = new Array2DRowRealMatrix(d - 1, d - 1);
    RealVector b = new ArrayRealVector(d - 1);
    for (Strata.Stratum s : drawn) {
      for (List<BitSet> pair : s.pairs()) {
        pair.forEach(c -> add(a, b, c, s.weight(), all));
      }
    }
    DecompositionSolver solver = new CholeskyDecomposition(a, 1e-10, 0).getSolver();
    double[] values = whole(solver.solve(b).toArray(), all);
    boolean exact = drawn.stream().allMatch(Strata.Stratum::isWhole);
    return exact
        ? Solution.exact(values, worths.size())
        : new Solution(values, errors(solver, drawn, values), worths.size());
  }

  /** The last player gets what the others leave. */
  private double[] whole(double[] others, double all) {
    double[] values = new double[d];
    values[d - 1] = all;
    for (int i = 0; i < d - 1; i++) {
      values[i] = others[i];
      values[d - 1] -= others[i];
    }
    return values;
  }

  /** The row of a coalition, with the last player eliminated. */
  private double[] row(BitSet coalition) {
    int last = coalition.get(d - 1) ? 1 : 0;
    double[] row = new double[d - 1];
    for (int i = 0; i < d - 1; i++) {
      row[i] = (coalition.get(i) ? 1 : 0) - last;
    }
    return row;
  }

  private void add(RealMatrix a, RealVector b, BitSet coalition, double weight, double all) {
    double[] z = row(coalition);
    double y = worths.of(coalition) - worths.of(worths.none()) - (coalition.get(d - 1) ? all : 0);
    for (int i = 0; i < z.length; i++) {
      if (z[i] != 0) {
        b.addToEntry(i, weight * z[i] * y);
        for (int j = 0; j < z.length; j++) {
          if (z[j] != 0) {
            a.addToEntry(i, j, weight * z[i] * z[j]);
          }
        }
      }
    }
  }

  // --- errors ---------------------------------------------------------------------------------

  private double[] errors(DecompositionSolver solver, List<Strata.Stratum> drawn, double[] values) {
    double[] variances = new double[d];
    for (Strata.Stratum s : drawn) {
      if (!s.isWhole()) {
        Moments moments = new Moments(d);
        s.pairs().forEach(pair -> moments.add(influence(solver, pair, s.weight(), values)));
        double[] errors = moments.errorsOfMeans();
        double n = s.pairs().size();
        double rest = 1 - n / s.population();
        for (int i = 0; i < d; i++) {
          variances[i] += rest * n * n * errors[i] * errors[i];
        }
      }
    }
    double[] errors = new double[d];
    for (int i = 0; i < d; i++) {
      errors[i] = Math.sqrt(variances[i]);
    }
    return errors;
  }

  /** How much a pair moves the solution: A⁻¹ Σ w z r, and what that leaves to the last player. */
  private double[] influence(
      DecompositionSolver solver, List<BitSet> pair, double weight, double[] values) {
    RealVector sum = new ArrayRealVector(d - 1);
    for (BitSet coalition : pair) {
      double residual = worths.of(coalition) - worths.of(worths.none());
      for (int i = coalition.nextSetBit(0); i >= 0; i = coalition.nextSetBit(i + 1)) {
        residual -= values[i];
      }
      double[] z = row(coalition);
      for (int i = 0; i < z.length; i++) {
        sum.addToEntry(i, weight * z[i] * residual);
      }
    }
    return whole(solver.solve(sum).toArray(), 0);
  }
}
