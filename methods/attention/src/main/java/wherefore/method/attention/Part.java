package wherefore.method.attention;

import java.util.Arrays;

/**
 * One of the parts of a score.
 *
 * @param name in facts
 * @param weight asked for, at least 0
 * @param tokens for each token a number of at least 0
 */
record Part(String name, double weight, double[] tokens) {
  /** Over all tokens. */
  double total() {
    return Arrays.stream(tokens).sum();
  }

  /** The weight, or 0 if the part is 0 everywhere. */
  double counted() {
    return total() > 0 ? weight : 0;
  }

  /** For each token its share of the total; 0 if that is 0. */
  double[] shares() {
    double total = total();
    return Arrays.stream(tokens).map(v -> total > 0 ? v / total : 0).toArray();
  }
}
