package wherefore.benchmarks.ours;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import wherefore.attribution.Subject;
import wherefore.attribution.Target;
import wherefore.attribution.Variable;
import wherefore.benchmarks.Trial;
import wherefore.benchmarks.nets.Zoo;
import wherefore.graph.Graph;
import wherefore.graph.Prune;
import wherefore.model.Model;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** The program that the gradient's methods run, for a batch: the gradients, and the logit. */
public final class GradientTrial {
  private GradientTrial() {}

  /** For these examples. */
  public static Trial of(Model model, Tensor x) {
    Subject subject = subject(model, x.rows(0, 1));
    Map<String, Tensor> feeds = new HashMap<>(subject.shared());
    feeds.put(Zoo.INPUT, x);
    return new GraphTrial(graph(subject, x.shape().dim(0)), feeds, Zoo.INPUT);
  }

  /** The program's graph for so many rows. */
  static Graph graph(Subject subject, int rows) {
    return new Prune().apply(subject.gradient().graph().apply(rows));
  }

  static Subject subject(Model model, Tensor example) {
    Tensor zeros = Tensor.zeros(example.type(), example.shape());
    Variable variable = new Variable(Zoo.INPUT, example, zeros);
    int classes = model.outputs().get(0).axes().get(1).extent();
    return new Subject(
        model,
        Map.of(Zoo.INPUT, example),
        List.of(variable),
        List.of(variable),
        Set.of(),
        Target.of(Zoo.TARGET),
        selection(classes));
  }

  private static Tensor selection(int classes) {
    float[] places = new float[classes];
    places[Zoo.TARGET] = 1;
    return Tensor.of(Shape.of(1, classes), places).to(ElementType.FLOAT32);
  }
}
