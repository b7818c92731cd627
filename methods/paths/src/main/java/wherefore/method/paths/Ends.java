package wherefore.method.paths;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Program;
import wherefore.attribution.Rows;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.graph.GraphBuilder;
import wherefore.tensor.Tensor;

/** f_t where paths end. */
final class Ends {
  private Ends() {}

  /**
   * f_t at the input, then at each baseline.
   *
   * @param moving what moves between them: variables, or sources
   */
  static double[] of(Evaluator evaluator, List<Variable> moving, int baselines) {
    return of(evaluator, moving, baselines, Variable::baseline);
  }

  /**
   * f_t at the input, then at the start of each path.
   *
   * @param moving what moves from there to the input: variables, or sources
   * @param start from one of them and a path's number to where it starts
   */
  static double[] of(
      Evaluator evaluator,
      List<Variable> moving,
      int paths,
      BiFunction<Variable, Integer, Tensor> start) {
    Map<String, Tensor> rows = new LinkedHashMap<>();
    for (Variable v : moving) {
      List<Tensor> parts = new ArrayList<>();
      parts.add(v.value());
      for (int k = 0; k < paths; k++) {
        parts.add(start.apply(v, k).to(v.value().type()));
      }
      rows.put(v.name(), Tensor.concatRows(parts));
    }
    Program program = forward(evaluator.subject(), moving);
    return Subject.target(evaluator.map(program, Rows.of(rows))).toDoubles();
  }

  private static Program forward(Subject subject, List<Variable> moving) {
    return new Program(
        rows -> {
          GraphBuilder b = new GraphBuilder();
          Subject.Trace trace = subject.trace(b, rows, subject.inputs(b, rows, moving));
          return b.output(Subject.TARGET, trace.target()).build();
        });
  }
}
