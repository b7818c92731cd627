package wherefore.attribution;

import java.util.function.IntToDoubleFunction;

/**
 * Mean and central moments of each element over samples that come one by one, without a difference
 * of large numbers. Source: Welford 1962; for the higher moments Pébay 2008.
 */
public final class Moments {
  private final double[] mean;
  private final double[] second;
  private final double[] third;
  private final double[] fourth;
  private int count;

  /** Of samples with so many elements. */
  public Moments(int elements) {
    mean = new double[elements];
    second = new double[elements];
    third = new double[elements];
    fourth = new double[elements];
  }

  /** Takes a sample, from an element's number to its value. */
  public void add(IntToDoubleFunction sample) {
    count++;
    for (int i = 0; i < mean.length; i++) {
      add(i, sample.applyAsDouble(i));
    }
  }

  /** Takes a sample. */
  public void add(double[] sample) {
    add(i -> sample[i]);
  }

  private void add(int i, double value) {
    double n = count;
    double away = value - mean[i];
    double part = away / n;
    double term = away * part * (n - 1);
    mean[i] += part;
    fourth[i] +=
        term * part * part * (n * n - 3 * n + 3)
            + 6 * part * part * second[i]
            - 4 * part * third[i];
    third[i] += term * part * (n - 2) - 3 * part * second[i];
    second[i] += term;
  }

  /** Each element's mean. */
  public double[] means() {
    return mean.clone();
  }

  /** Each element's variance, unbiased. */
  public double[] variances() {
    double[] variances = new double[mean.length];
    for (int i = 0; i < mean.length; i++) {
      variances[i] = second[i] / (count - 1);
    }
    return variances;
  }

  /** √(s²/n): the standard error of each mean. */
  public double[] errorsOfMeans() {
    double[] errors = variances();
    for (int i = 0; i < errors.length; i++) {
      errors[i] = Math.sqrt(errors[i] / count);
    }
    return errors;
  }

  /** √((m₄ − (n − 3)/(n − 1) · s⁴)/n): the standard error of each variance. */
  public double[] errorsOfVariances() {
    double n = count;
    double[] errors = variances();
    for (int i = 0; i < errors.length; i++) {
      double spread = fourth[i] / n - (n - 3) / (n - 1) * errors[i] * errors[i];
      errors[i] = Math.sqrt(Math.max(spread, 0) / n);
    }
    return errors;
  }
}
