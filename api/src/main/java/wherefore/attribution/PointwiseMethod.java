package wherefore.attribution;

import java.util.LinkedHashMap;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;
import wherefore.tensor.ElementType;
import wherefore.tensor.Tensor;

/**
 * A method whose answer at a point is what one program yields there. So it can be asked about many
 * points at once, which run in batches, by whoever looks for its mean or variance ({@link
 * Evaluator#program}).
 */
@ConsumerType
public interface PointwiseMethod<O extends Record> extends AttributionMethod<O> {
  /**
   * The program. What depends on the variables' values at the request's input alone, such as a box
   * of inputs, stays as it is there.
   *
   * @param options checked
   * @return fed with rows of the variables, yields for each, under its name, the attribution at
   *     each row, of its shape
   */
  Program program(Subject subject, O options);

  /** What the program yields at the request's input. */
  @Override
  default Attribution attribute(AttributionRequest request, O options, Evaluator evaluator) {
    Subject subject = evaluator.subject();
    Map<String, Tensor> outputs = evaluator.map(program(subject, options), subject.atInput());
    Map<String, Tensor> values = new LinkedHashMap<>();
    for (Variable v : subject.variables()) {
      values.put(v.name(), v.in(outputs).to(ElementType.FLOAT64));
    }
    return Attribution.of(values);
  }
}
