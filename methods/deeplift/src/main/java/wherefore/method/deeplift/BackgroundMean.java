package wherefore.method.deeplift;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import wherefore.attribution.Attribution;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.tensor.Tensor;

/** The contributions' mean over the baselines with its standard error, by Welford's update. */
final class BackgroundMean {
  private final Subject subject;
  private final double[][] means;
  private final double[][] squares;
  private int count;
  private double output;
  private double atBaseline;

  private BackgroundMean(Subject subject) {
    this.subject = subject;
    this.means =
        subject.variables().stream()
            .map(v -> new double[v.value().size()])
            .toArray(double[][]::new);
    this.squares = Arrays.stream(means).map(double[]::clone).toArray(double[][]::new);
  }

  /** Over the variables' baselines. */
  static Attribution of(Evaluator evaluator, Choice choice) {
    BackgroundMean mean = new BackgroundMean(evaluator.subject());
    Contributions contributions = new Contributions(evaluator.subject(), choice);
    evaluator.forEach(
        contributions.program(), contributions.rows(), (number, row) -> mean.add(row));
    return mean.attribution();
  }

  private void add(Map<String, Tensor> row) {
    count++;
    output = number(row, Contributions.OUTPUT);
    atBaseline += (number(row, Subject.TARGET) - atBaseline) / count;
    for (int v = 0; v < means.length; v++) {
      Tensor values = subject.variables().get(v).in(row);
      for (int e = 0; e < means[v].length; e++) {
        double away = values.get(e) - means[v][e];
        means[v][e] += away / count;
        squares[v][e] += away * (values.get(e) - means[v][e]);
      }
    }
  }

  private static double number(Map<String, Tensor> row, String name) {
    Tensor value = row.get(name);
    if (value == null) {
      throw new IllegalStateException("no output is named " + name + " in " + row.keySet());
    }
    return value.get(0);
  }

  private Attribution attribution() {
    Attribution result = Attribution.of(tensors(means));
    result =
        result
            .fact("output", output)
            .fact("output-at-baseline", atBaseline)
            .fact("residual", result.sum() - (output - atBaseline))
            .fact("baselines", count);
    return count == 1 ? result : result.withErrors(tensors(standardErrors()));
  }

  private double[][] standardErrors() {
    double n = count;
    return Arrays.stream(squares)
        .map(s -> Arrays.stream(s).map(q -> Math.sqrt(q / (n - 1) / n)).toArray())
        .toArray(double[][]::new);
  }

  private Map<String, Tensor> tensors(double[][] values) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int v = 0; v < values.length; v++) {
      Variable variable = subject.variables().get(v);
      tensors.put(variable.name(), Tensor.of(variable.value().shape(), values[v]));
    }
    return tensors;
  }
}
