package wherefore.method.bottleneck;

import java.util.List;
import java.util.stream.IntStream;
import wherefore.attribution.AttributionException;
import wherefore.attribution.Subject;
import wherefore.attribution.Target;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.tensor.Shape;

/**
 * −ln p_t, the loss of a class t: where the model ends in a sigmoid, p_t = sigmoid(f_t); else p =
 * softmax(f), over the axis of the model's own softmax or the one behind the examples. It is taken
 * from the logits, whether logit or probability is asked for.
 */
final class CrossEntropy {
  private CrossEntropy() {}

  /**
   * Refuses targets that are no classes.
   *
   * @throws AttributionException if the target is a neuron, or the only number of an output that no
   *     sigmoid makes a probability
   */
  static void check(String method, Subject subject) {
    Target target = subject.target();
    if (target.layer().isPresent()) {
      throw new AttributionException(
          ("%s: target %s is a neuron; the loss is the cross entropy of a class, so that it must be"
                  + " one of the model's outputs")
              .formatted(method, target));
    }
    Node output = output(subject.graph(1));
    Shape shape = output.shape();
    if (!isSigmoid(output) && (shape.rank() < 2 || shape.dim(axis(output)) < 2)) {
      throw new AttributionException(
          ("%s: model %s ends in %s, which yields %s; the loss is the cross entropy of a class, so"
                  + " that it must yield a number for each of two or more classes, or end in a"
                  + " sigmoid")
              .formatted(method, subject.model().name(), output.describe(), output.type()));
    }
  }

  /**
   * The loss of each row, [rows].
   *
   * @param graph the subject's for so many rows
   * @param trace the function in the builder
   */
  static Value of(Graph graph, Subject.Trace trace) {
    Node output = output(graph);
    Node scored = Subject.scored(graph, Target.PREDICTED);
    Value logits = trace.network().of(scored);
    GraphBuilder b = logits.builder();
    Value losses =
        isSigmoid(output)
            ? b.apply(new Composite.Softplus(), b.neg(logits))
            : b.neg(b.apply(new Composite.LogSoftmax(axis(output)), logits));
    List<Integer> inner = IntStream.range(1, losses.shape().rank()).boxed().toList();
    Value picked = b.sum(b.mul(losses, trace.selection()), inner);
    return b.reshape(picked, Shape.of(losses.shape().dim(0)));
  }

  private static Node output(Graph graph) {
    return graph.node(graph.outputs().firstEntry().getValue());
  }

  private static boolean isSigmoid(Node output) {
    return output.op() instanceof Primitive.Unary u && u.function() == UnaryFunction.SIGMOID;
  }

  /** Over which the probabilities sum to 1. */
  private static int axis(Node output) {
    return switch (output.op()) {
      case Composite.Softmax s -> output.shape().axis(s.axis());
      case Composite.LogSoftmax s -> output.shape().axis(s.axis());
      default -> 1;
    };
  }
}
