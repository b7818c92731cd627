package wherefore.method.deeplift;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import wherefore.attribution.Program;
import wherefore.attribution.Rows;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;
import wherefore.tensor.Tensor;

/**
 * The contributions m ⊙ Δx to the target's difference from references, as one program: the network
 * once for the input, once for the references, and one walk back.
 */
final class Contributions {
  /** The output with f_t at the input. */
  static final String OUTPUT = "wherefore.output";

  private static final String AT = "wherefore.at:";

  private final Subject subject;
  private final Choice choice;

  Contributions(Subject subject, Choice choice) {
    this.subject = subject;
    this.choice = choice;
  }

  /**
   * Fed with references: yields f_t there under {@link Subject#TARGET} [rows], f_t at the input
   * under {@link #OUTPUT} [rows], and the contributions under the variables' names.
   */
  Program program() {
    return new Program(this::graph);
  }

  /**
   * The baselines as references, and the input: the same for all rows, or a part of the only one,
   * which then runs in one piece.
   */
  Rows rows() {
    Map<String, Tensor> references = new HashMap<>();
    Map<String, Tensor> input = new HashMap<>();
    for (Variable v : subject.variables()) {
      references.put(v.name(), v.baseline());
      input.put(AT + v.name(), v.value());
    }
    if (subject.variables().stream().allMatch(v -> v.baselines() == 1)) {
      references.putAll(input);
      return Rows.of(references);
    }
    return Rows.of(references).with(input);
  }

  private Graph graph(int rows) {
    GraphBuilder b = new GraphBuilder();
    SequencedMap<String, Value> references = subject.inputs(b, rows);
    SequencedMap<String, Value> input = new LinkedHashMap<>();
    references.forEach(
        (name, r) -> input.put(name, b.input(AT + name, r.element(), r.shape().with(0, 1))));
    Subject.Trace one = subject.trace(b, 1, input);
    Subject.Trace many = subject.trace(b, rows, references);
    Twins twins = new Twins(b, references.values(), input.values());
    twins.pair(subject.graph(1), one.network(), subject.graph(rows), many.network());
    twins.complete(many.target());
    b.output(Subject.TARGET, many.target());
    b.output(OUTPUT, b.expand(one.target(), many.target().shape()));
    outputs(b, twins, references, many.target());
    return b.build();
  }

  private void outputs(
      GraphBuilder b, Twins twins, SequencedMap<String, Value> references, Value target) {
    List<Value> asked = List.copyOf(references.values());
    List<Value> multipliers = new Rules(b, twins, choice).multipliers(target, asked);
    List<String> names = new ArrayList<>(references.keySet());
    for (int i = 0; i < asked.size(); i++) {
      b.output(names.get(i), b.mul(multipliers.get(i), twins.delta(asked.get(i))));
    }
  }
}
