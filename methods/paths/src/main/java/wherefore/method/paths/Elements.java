package wherefore.method.paths;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import wherefore.attribution.Variable;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** All elements of the variables in one row, one variable behind the other. */
record Elements(List<Variable> variables) {
  /** How many there are. */
  int size() {
    return variables.stream().mapToInt(v -> v.value().size()).sum();
  }

  /** The elements of a value for each variable. */
  double[] of(Function<Variable, Tensor> values) {
    double[] all = new double[size()];
    int start = 0;
    for (Variable v : variables) {
      double[] part = values.apply(v).toDoubles();
      System.arraycopy(part, 0, all, start, part.length);
      start += part.length;
    }
    return all;
  }

  /** The elements of each variable. */
  List<double[]> parts(double[] all) {
    List<double[]> parts = new ArrayList<>();
    int start = 0;
    for (Variable v : variables) {
      double[] part = new double[v.value().size()];
      System.arraycopy(all, start, part, 0, part.length);
      parts.add(part);
      start += part.length;
    }
    return parts;
  }

  /** Points, of the variables' types, to feed a program with. */
  Map<String, Tensor> feeds(List<double[]> points) {
    List<List<double[]>> rows = points.stream().map(this::parts).toList();
    Map<String, Tensor> feeds = new HashMap<>();
    for (int i = 0; i < variables.size(); i++) {
      Shape shape = variables.get(i).value().shape();
      List<Tensor> values = new ArrayList<>();
      for (List<double[]> parts : rows) {
        values.add(Tensor.of(shape, parts.get(i)));
      }
      Tensor all = Tensor.concatRows(values).to(variables.get(i).value().type());
      feeds.put(variables.get(i).name(), all);
    }
    return feeds;
  }
}
