package wherefore.attribution;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;
import wherefore.tensor.ElementType;
import wherefore.tensor.Tensor;

/**
 * A method whose answer at a point is what one graph yields there. So the pass that finds the
 * target yields the answer as well, and whoever looks for its mean or variance can ask it about
 * many points at once, which run in batches ({@link Evaluator#program}).
 */
@ConsumerType
public interface PointwiseMethod<O extends Record> extends AttributionMethod<O> {
  /**
   * Writes the attributions into a graph.
   *
   * @param options checked
   * @param trace the function, at rows of points
   * @param variables at the request's input, for what depends on it alone, such as a box of inputs,
   *     and stays as it is there; empty where the points themselves are the request's input
   * @return for each of the trace's points, under its name, the attribution at each row, of its
   *     shape; whatever else is there is no attribution, and tells of the first row
   */
  Map<String, Value> attributions(O options, Subject.Trace trace, List<Variable> variables);

  /** Fed with rows of the variables, yields {@link #attributions}. */
  default Program program(Subject subject, O options) {
    return new Program(
        rows -> {
          GraphBuilder b = new GraphBuilder();
          Subject.Trace trace = subject.trace(b, rows, subject.inputs(b, rows));
          attributions(options, trace, subject.variables()).forEach(b::output);
          return b.build();
        });
  }

  @Override
  default Map<String, Value> firstPass(AttributionRequest request, O options, Subject.Trace trace) {
    return attributions(options, trace, List.of());
  }

  /** What {@link #firstPass} found; where there was none, what the program yields. */
  @Override
  default Attribution attribute(AttributionRequest request, O options, Evaluator evaluator) {
    Subject subject = evaluator.subject();
    Map<String, Tensor> outputs =
        evaluator.firstPass().isEmpty()
            ? evaluator.map(program(subject, options), subject.atInput())
            : evaluator.firstPass();
    Map<String, Tensor> values = new LinkedHashMap<>();
    for (Variable v : subject.variables()) {
      values.put(v.name(), v.in(outputs).to(ElementType.FLOAT64));
    }
    return Attribution.of(values);
  }
}
