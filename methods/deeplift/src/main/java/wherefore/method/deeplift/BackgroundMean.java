package wherefore.method.deeplift;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import wherefore.attribution.Attribution;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Moments;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.tensor.Tensor;

/** The contributions' mean over the baselines with its standard error. */
final class BackgroundMean {
  private final Subject subject;
  private final List<Moments> moments;
  private int count;
  private double output;
  private double atBaseline;

  private BackgroundMean(Subject subject) {
    this.subject = subject;
    this.moments = subject.variables().stream().map(v -> new Moments(v.value().size())).toList();
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
    for (int v = 0; v < moments.size(); v++) {
      moments.get(v).add(subject.variables().get(v).in(row)::get);
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
    Attribution result = Attribution.of(tensors(Moments::means));
    result =
        result
            .fact("output", output)
            .fact("output-at-baseline", atBaseline)
            .fact("residual", result.sum() - (output - atBaseline))
            .fact("baselines", count);
    return count == 1 ? result : result.withErrors(tensors(Moments::errorsOfMeans));
  }

  private Map<String, Tensor> tensors(Function<Moments, double[]> statistic) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int v = 0; v < moments.size(); v++) {
      Variable variable = subject.variables().get(v);
      double[] values = statistic.apply(moments.get(v));
      tensors.put(variable.name(), Tensor.of(variable.value().shape(), values));
    }
    return tensors;
  }
}
