package wherefore.method.shapley;

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

  void add(double[] sample) {
    count++;
    for (int i = 0; i < mean.length; i++) {
      double away = sample[i] - mean[i];
      mean[i] += away / count;
      squares[i] += away * (sample[i] - mean[i]);
    }
  }

  double[] mean() {
    return mean.clone();
  }

  double[] standardErrors() {
    double n = count;
    return Arrays.stream(squares).map(q -> Math.sqrt(q / (n - 1) / n)).toArray();
  }
}
