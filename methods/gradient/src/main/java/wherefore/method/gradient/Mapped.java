package wherefore.method.gradient;

import java.util.Map;
import wherefore.attribution.Program;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Inlined;
import wherefore.graph.Value;

/** A program whose attributions are handed through a function. */
final class Mapped {
  /** From a variable's attribution to another one of its shape. */
  @FunctionalInterface
  interface Function {
    Value apply(GraphBuilder b, String variable, Value attribution);
  }

  private Mapped() {}

  static Program of(Program program, Subject subject, Function function) {
    return new Program(
        rows -> {
          Graph graph = program.graph().apply(rows);
          GraphBuilder b = new GraphBuilder();
          Inlined copies = b.inline(graph, Map.of());
          for (Variable v : subject.variables()) {
            Value attribution = copies.of(graph.output(v.name()));
            b.output(v.name(), function.apply(b, v.name(), attribution));
          }
          return b.build();
        });
  }
}
