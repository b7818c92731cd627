package wherefore.method.attention;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import wherefore.attribution.AttributionException;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Program;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.graph.Comparison;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.propagate.Vjp;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * The full gradient at the request's input: f(x) = ∇f · x + Σ over bias terms of ∂f/∂b · b for a
 * network that is piecewise linear. A bias acts at each place where it is {@linkplain Addends
 * added}, and has a derivative for each.
 *
 * <p>A term is a token's where the sum has a row for each token: along its first axis that has as
 * many places as there are tokens and is not that of the channels, which is the last one, or the
 * second one of convolutions and normalisations by channel. Source: Srinivas, Fleuret 2019.
 *
 * @param count of the bias terms
 * @param located how many of them have a row for each token
 * @param tokens for each token the sum of the terms' magnitudes
 * @param elsewhere the sum of the magnitudes of the terms that are no token's
 * @param sum of all terms, with their signs
 * @param product ∇f · x
 * @param output f(x)
 */
record BiasTerms(
    int count,
    int located,
    double[] tokens,
    double elsewhere,
    double sum,
    double product,
    double output) {
  private static final String TOKENS = "wherefore.biases";
  private static final String ELSEWHERE = "wherefore.biases.elsewhere";
  private static final String SUM = "wherefore.biases.sum";

  /** At the request's input, where attention is among so many tokens. */
  static BiasTerms of(Evaluator evaluator, int tokens) {
    Subject subject = evaluator.subject();
    Written written = Written.of(subject, tokens);
    Program program =
        new Program(
            rows -> {
              if (rows != 1) {
                throw new AttributionException("bias terms are of one row; asked of " + rows);
              }
              return written.graph();
            });
    Map<String, Tensor> out = evaluator.map(program, subject.atInput());
    double product = 0;
    for (Variable v : subject.variables()) {
      for (double share : v.in(out).zip(v.value(), (g, x) -> g * x).toDoubles()) {
        product += share;
      }
    }
    return new BiasTerms(
        written.count(),
        written.located(),
        tensor(out, TOKENS).toDoubles(),
        tensor(out, ELSEWHERE).get(0),
        tensor(out, SUM).get(0),
        product,
        Subject.target(out).get(0));
  }

  private static Tensor tensor(Map<String, Tensor> out, String name) {
    return Objects.requireNonNull(out.get(name), name);
  }

  /** What is not in the decomposition: 0 for a piecewise linear function. */
  double unexplained() {
    return output - product - sum;
  }

  private record Written(Graph graph, int count, int located) {
    static Written of(Subject subject, int tokens) {
      GraphBuilder b = new GraphBuilder();
      SequencedMap<String, Value> inputs = subject.inputs(b, 1);
      Subject.Trace trace = subject.trace(b, 1, inputs);
      Value f = trace.target();
      List<Addends.Addend> addends = Addends.of(b, inputs.values(), f);
      List<Value> asked = new ArrayList<>(inputs.values());
      addends.forEach(a -> asked.add(a.sum()));
      List<Value> slopes = trace.arriving(asked, Vjp.book());
      Sums sums = new Sums(b, tokens, f);
      int i = 0;
      for (String name : inputs.keySet()) {
        b.output(name, slopes.get(i++));
      }
      for (Addends.Addend addend : addends) {
        sums.add(addend, slopes.get(i++));
      }
      b.output(Subject.TARGET, f);
      sums.outputs().forEach(b::output);
      return new Written(b.build(), addends.size(), sums.located);
    }
  }

  /** The sums over terms, under construction. */
  private static final class Sums {
    private final GraphBuilder b;
    private final int count;
    private int located;
    private Value tokens;
    private Value elsewhere;
    private Value sum;

    Sums(GraphBuilder b, int count, Value like) {
      this.b = b;
      this.count = count;
      this.tokens = b.expand(b.number(0, like), Shape.of(1, count));
      this.elsewhere = b.expand(b.number(0, like), Shape.of(1));
      this.sum = elsewhere;
    }

    /** Where nothing arrives a term is 0, also of a mask's infinity. */
    void add(Addends.Addend addend, Value slope) {
      Value zero = b.number(0, slope);
      Value misses = b.compare(Comparison.EQUAL, slope, zero);
      Value term = b.cast(b.mul(slope, b.where(misses, zero, addend.added())), tokens.element());
      Value magnitude = b.unary(UnaryFunction.ABS, term);
      sum = b.add(sum, total(term));
      OptionalInt axis = axis(addend.sum(), count);
      if (axis.isPresent()) {
        located++;
        List<Integer> others = axes(term).stream().filter(a -> a != axis.getAsInt()).toList();
        tokens = b.add(tokens, b.reshape(b.sum(magnitude, others), Shape.of(1, count)));
      } else {
        elsewhere = b.add(elsewhere, total(magnitude));
      }
    }

    private Value total(Value x) {
      return b.reshape(b.sum(x, axes(x)), Shape.of(1));
    }

    private static List<Integer> axes(Value x) {
      return IntStream.range(0, x.shape().rank()).boxed().toList();
    }

    SequencedMap<String, Value> outputs() {
      SequencedMap<String, Value> all = new LinkedHashMap<>();
      all.put(TOKENS, tokens);
      all.put(ELSEWHERE, elsewhere);
      all.put(SUM, sum);
      return all;
    }
  }

  /** The axis of a sum's value along which tokens lie. */
  private static OptionalInt axis(Value sum, int tokens) {
    Shape shape = sum.shape();
    int channels = isByChannel(sum) ? 1 : shape.rank() - 1;
    return IntStream.range(0, shape.rank())
        .filter(a -> a != channels && shape.dim(a) == tokens)
        .findFirst();
  }

  private static boolean isByChannel(Value sum) {
    return switch (sum.node().op()) {
      case Primitive.Conv c -> true;
      case Primitive.ConvTranspose c -> true;
      case Composite.BatchNormalization n -> true;
      case Composite.InstanceNormalization n -> true;
      case Composite.GroupNormalization n -> true;
      default -> false;
    };
  }
}
