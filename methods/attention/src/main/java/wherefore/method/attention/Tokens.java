package wherefore.method.attention;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import wherefore.attribution.AttributionException;
import wherefore.attribution.Variable;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** From a number a token to attributions of the variables' shapes. */
final class Tokens {
  private Tokens() {}

  /**
   * Each token's number, shared equally by the elements of the variable that stand for the token:
   * those at its place along the first axis behind the batch that has as many places as there are
   * tokens. A variable without such an axis gets zeros.
   *
   * @throws AttributionException if no variable has such an axis
   */
  static Map<String, Tensor> spread(double[] scores, List<Variable> variables, String method) {
    check(scores.length, variables, method);
    Map<String, Tensor> values = new LinkedHashMap<>();
    variables.forEach(v -> values.put(v.name(), spread(scores, v)));
    return values;
  }

  private static void check(int tokens, List<Variable> variables, String method) {
    if (variables.stream().noneMatch(v -> axis(v, tokens).isPresent())) {
      throw new AttributionException(
          ("%s: the attention is over %d tokens, and no axis of %s has as many places; explain a"
                  + " layer with a row for each token (to)")
              .formatted(
                  method,
                  tokens,
                  variables.stream().map(v -> v.name() + v.value().shape()).toList()));
    }
  }

  /**
   * The other way: for each token the sum over the elements that stand for it.
   *
   * @param values for each variable its elements' numbers
   * @throws AttributionException if no variable has an axis of tokens
   */
  static double[] sums(int tokens, List<Variable> variables, List<double[]> values, String method) {
    check(tokens, variables, method);
    double[] sums = new double[tokens];
    for (int k = 0; k < variables.size(); k++) {
      OptionalInt axis = axis(variables.get(k), tokens);
      int stride =
          axis.isPresent() ? variables.get(k).value().shape().strides()[axis.getAsInt()] : 0;
      for (int i = 0; stride > 0 && i < values.get(k).length; i++) {
        sums[i / stride % tokens] += values.get(k)[i];
      }
    }
    return sums;
  }

  private static OptionalInt axis(Variable v, int tokens) {
    Shape shape = v.value().shape();
    return IntStream.range(1, shape.rank()).filter(a -> shape.dim(a) == tokens).findFirst();
  }

  private static Tensor spread(double[] scores, Variable v) {
    Shape shape = v.value().shape();
    double[] values = new double[shape.size()];
    OptionalInt axis = axis(v, scores.length);
    if (axis.isPresent()) {
      int stride = shape.strides()[axis.getAsInt()];
      int each = shape.size() / scores.length;
      for (int i = 0; i < values.length; i++) {
        values[i] = scores[i / stride % scores.length] / each;
      }
    }
    return Tensor.of(shape, values);
  }

  /**
   * A row of a matrix of queries by keys: a query's, or the mean over all.
   *
   * @param query {@code mean}, or a number; from the end if it is negative
   */
  static double[] row(double[] matrix, int queries, int keys, String query, String method) {
    double[] row = new double[keys];
    if (query.equals("mean")) {
      for (int i = 0; i < matrix.length; i++) {
        row[i % keys] += matrix[i] / queries;
      }
      return row;
    }
    int number = query.matches("-?\\d{1,9}") ? Integer.parseInt(query) : Integer.MAX_VALUE;
    int place = number < 0 ? number + queries : number;
    if (place < 0 || place >= queries) {
      throw new AttributionException(
          "%s: option query is %s; it must be mean, or a token from %d to %d"
              .formatted(method, query, -queries, queries - 1));
    }
    System.arraycopy(matrix, place * keys, row, 0, keys);
    return row;
  }

  /** a · b of square matrices. */
  static double[] product(double[] a, double[] b, int n) {
    double[] c = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        for (int j = 0; j < n; j++) {
          c[i * n + j] += a[i * n + k] * b[k * n + j];
        }
      }
    }
    return c;
  }

  static double[] identity(int n) {
    double[] identity = new double[n * n];
    for (int i = 0; i < n; i++) {
      identity[i * n + i] = 1;
    }
    return identity;
  }

  /** That all layers attend among the same tokens, so that one follows from another. */
  static int count(List<Heads> layers, String method) {
    int tokens = layers.get(0).keys();
    for (Heads layer : layers) {
      if (layer.queries() != tokens || layer.keys() != tokens) {
        throw new AttributionException(
            ("%s: attention %s is %d queries by %d keys; from layer to layer only attention of %d"
                    + " tokens among themselves is followed; method attention takes any")
                .formatted(method, layer.layer(), layer.queries(), layer.keys(), tokens));
      }
    }
    return tokens;
  }
}
