package wherefore.method.causal;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import java.util.function.ToDoubleBiFunction;
import wherefore.attribution.Rows;
import wherefore.attribution.Variable;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** All elements of all variables as one vector, variable after variable, and back. */
final class Layout {
  private final List<Variable> variables;
  private final int size;

  Layout(List<Variable> variables) {
    this.variables = List.copyOf(variables);
    this.size = variables.stream().mapToInt(v -> v.value().size()).sum();
  }

  /** How many elements there are. */
  int size() {
    return size;
  }

  /** Whether all are float64. */
  boolean isDouble() {
    return variables.stream().allMatch(v -> v.value().type() == ElementType.FLOAT64);
  }

  /** The input. */
  double[] input() {
    return joined(variables.stream().map(Variable::value).toList());
  }

  /** One of the baselines; a variable with fewer of them begins again. */
  double[] baseline(int number) {
    return joined(variables.stream().map(v -> v.baseline(number % v.baselines())).toList());
  }

  /** The number of baselines. */
  int baselines() {
    return variables.stream().mapToInt(Variable::baselines).max().orElse(1);
  }

  /** The tensors of all variables, first extent 1, as one vector. */
  double[] joined(List<Tensor> tensors) {
    double[] all = new double[size];
    int at = 0;
    for (Tensor t : tensors) {
      double[] part = t.toDoubles();
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  /** Vectors as the rows of each variable, in its own element type. */
  SequencedMap<String, Tensor> tensors(List<double[]> rows) {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    int at = 0;
    for (Variable v : variables) {
      int each = v.value().size();
      double[] values = new double[each * rows.size()];
      for (int r = 0; r < rows.size(); r++) {
        System.arraycopy(rows.get(r), at, values, r * each, each);
      }
      Shape shape = v.value().shape().with(0, rows.size());
      tensors.put(v.name(), Tensor.of(shape, values).to(v.value().type()));
      at += each;
    }
    return tensors;
  }

  /** Vectors as rows to be fed. */
  Rows rows(List<double[]> rows) {
    return Rows.of(tensors(rows));
  }

  /** A vector as it is after it was rounded to the variables' element types. */
  double[] rounded(double[] vector) {
    return joined(List.copyOf(tensors(List.of(vector)).sequencedValues()));
  }

  /** A vector as attributions: float64, each of its variable's shape. */
  Map<String, Tensor> attributions(double[] vector) {
    Map<String, Tensor> values = new LinkedHashMap<>();
    int at = 0;
    for (Variable v : variables) {
      int end = at + v.value().size();
      values.put(v.name(), Tensor.of(v.value().shape(), Arrays.copyOfRange(vector, at, end)));
      at = end;
    }
    return values;
  }

  /** For each of some rows the elements of all variables among a program's outputs. */
  double[] row(Map<String, Tensor> outputs, int number) {
    return joined(variables.stream().map(v -> v.in(outputs).rows(number, number + 1)).toList());
  }

  /** A vector whose elements are computed variable by variable. */
  double[] mapped(double[] vector, BiFunction<Variable, double[], double[]> function) {
    double[] mapped = new double[size];
    int at = 0;
    for (Variable v : variables) {
      int end = at + v.value().size();
      double[] part = function.apply(v, Arrays.copyOfRange(vector, at, end));
      System.arraycopy(part, 0, mapped, at, part.length);
      at = end;
    }
    return mapped;
  }

  /** The sum of a number of each variable. */
  double sum(double[] vector, ToDoubleBiFunction<Variable, double[]> function) {
    double[] sum = {0};
    double[] unused =
        mapped(
            vector,
            (v, part) -> {
              sum[0] += function.applyAsDouble(v, part);
              return part;
            });
    return sum[0];
  }
}
