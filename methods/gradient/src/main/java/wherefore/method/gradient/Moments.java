package wherefore.method.gradient;

import wherefore.tensor.Tensor;

/**
 * Mean and central moments of each element over rows that come one by one, without a difference of
 * large numbers. Source: Welford 1962; for the higher moments Pébay 2008.
 */
final class Moments {
  private final double[] mean;
  private final double[] second;
  private final double[] third;
  private final double[] fourth;
  private int count;

  Moments(int elements) {
    mean = new double[elements];
    second = new double[elements];
    third = new double[elements];
    fourth = new double[elements];
  }

  /** Takes a row; each value, or its square. */
  void add(Tensor row, boolean squared) {
    count++;
    for (int i = 0; i < mean.length; i++) {
      double value = row.get(i);
      add(i, squared ? value * value : value);
    }
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
  double[] means() {
    return mean.clone();
  }

  /** Each element's variance, unbiased. */
  double[] variances() {
    double[] variances = new double[mean.length];
    for (int i = 0; i < mean.length; i++) {
      variances[i] = second[i] / (count - 1);
    }
    return variances;
  }

  /** √(s²/n): the standard error of each mean. */
  double[] errorsOfMeans() {
    double[] errors = variances();
    for (int i = 0; i < errors.length; i++) {
      errors[i] = Math.sqrt(errors[i] / count);
    }
    return errors;
  }

  /** √((m₄ − (n − 3)/(n − 1) · s⁴)/n): the standard error of each variance. */
  double[] errorsOfVariances() {
    double n = count;
    double[] errors = variances();
    for (int i = 0; i < errors.length; i++) {
      double spread = fourth[i] / n - (n - 3) / (n - 1) * errors[i] * errors[i];
      errors[i] = Math.sqrt(Math.max(spread, 0) / n);
    }
    return errors;
  }
}
