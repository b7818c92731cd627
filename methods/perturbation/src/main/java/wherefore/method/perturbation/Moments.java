package wherefore.method.perturbation;

import java.util.Arrays;

/** Mean and standard error of samples of vectors, by Welford's update. */
final class Moments {
  private final double[] mean;
  private final double[] squares;
  private int count;

  Moments(int size) {
    this.mean = new double[size];
    this.squares = new double[size];
  }

  /** Adds a sample: a vector times a number. */
  void add(float[] vector, double factor) {
    count++;
    for (int i = 0; i < mean.length; i++) {
      add(i, vector[i] * factor);
    }
  }

  /** Adds a sample. */
  void add(double[] vector) {
    count++;
    for (int i = 0; i < mean.length; i++) {
      add(i, vector[i]);
    }
  }

  private void add(int i, double value) {
    double away = value - mean[i];
    mean[i] += away / count;
    squares[i] += away * (value - mean[i]);
  }

  double[] mean() {
    return mean.clone();
  }

  double[] standardErrors() {
    double n = count;
    return Arrays.stream(squares).map(q -> Math.sqrt(q / (n - 1) / n)).toArray();
  }
}
