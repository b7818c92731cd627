package wherefore.method.deeplift;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Lowering;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.propagate.Step;

/**
 * The linear rule, with what raises a value and what lowers it kept apart.
 *
 * <p>Formulas, for y = Σ w x: Δy⁺ = Σ over w Δx &gt; 0 of w Δx, Δy⁻ likewise; x receives w m⁺ where
 * w Δx &gt; 0, w m⁻ where w Δx &lt; 0, and their mean where Δx = 0 (section 3.5.1 of Shrikumar
 * 2017). Written with the mean m = ½(m⁺ + m⁻) and the lean h = ½(m⁺ − m⁻) of what arrives, and the
 * spread A = Δy⁺ − Δy⁻: A = |w| |Δx|, and x receives w' m + sign(Δx) ⊙ |w|' h. So nothing but the
 * lean is more than the gradient's walk, and without RevealCancel there is none.
 *
 * <p>Between a sum and its activation, what adds constants, scales, moves or adds up elements keeps
 * the parts as they are: A ↦ |w| A, h ↦ |w| h.
 */
final class Parts {
  private final GraphBuilder b;
  private final Twins twins;
  private final Map<Integer, Value> leans = new HashMap<>();
  private final Map<Integer, Value> spreads = new HashMap<>();
  private final Map<Integer, Source> sources = new HashMap<>();

  /** What sums a value comes from, with nothing but linear nodes between. */
  enum Source {
    /** None. */
    NONE,
    /** Dense layers alone. */
    DENSE,
    /** A convolution among them. */
    CONVOLUTION
  }

  Parts(GraphBuilder b, Twins twins) {
    this.b = b;
    this.twins = twins;
  }

  /** What arrives at a value besides the mean. */
  void lean(Value value, Value lean) {
    leans.merge(value.id(), lean, b::add);
  }

  /** What has arrived at a value besides the mean; it is asked for once. */
  Optional<Value> takeLean(Value value) {
    return Optional.ofNullable(leans.remove(value.id()));
  }

  /** What arrives at a value whose parts are its difference's sign: m + sign(Δ) ⊙ h. */
  Value whole(Value value, Value mean) {
    return takeLean(value).map(h -> whole(value, mean, h)).orElse(mean);
  }

  private Value whole(Value value, Value mean, Value lean) {
    return b.add(mean, b.mul(b.unary(UnaryFunction.SIGN, twins.delta(value)), lean));
  }

  /** Hands on through a linear node. */
  Map<Integer, Value> linear(Step s) {
    Map<Integer, Value> means = Linearity.transposed(s);
    Optional<Value> lean = takeLean(s.output());
    if (lean.isEmpty()) {
      return means;
    }
    Map<Integer, Value> shares = new HashMap<>(means);
    Map<Integer, Value> others = Linearity.transposedAbsolute(s, lean.get());
    for (int place : s.wanted()) {
      Value mean = means.get(place);
      Value other = others.get(place);
      if (mean == null || other == null) {
        continue;
      }
      if (Linearity.isSum(s.op())) {
        shares.put(place, whole(s.input(place), mean, other));
      } else {
        lean(s.input(place), other);
      }
    }
    return shares;
  }

  /** A = Δ⁺ − Δ⁻ of a value. */
  Value spread(Value value) {
    Value spread = spreads.get(value.id());
    if (spread == null) {
      spread = computeSpread(value);
      spreads.put(value.id(), spread);
    }
    return spread;
  }

  private Value computeSpread(Value value) {
    Node node = value.node();
    if (isBody(node)) {
      return spread(body(node));
    }
    List<Value> operands = operands(node);
    Set<Integer> places = Linearity.places(operands, twins::depends);
    if (places.isEmpty() || !Linearity.isLinear(node.op(), operands, places)) {
      return b.unary(UnaryFunction.ABS, twins.delta(value));
    }
    boolean sum = Linearity.isSum(node.op());
    List<Value> spreads =
        IntStream.range(0, operands.size())
            .mapToObj(i -> places.contains(i) ? flow(operands.get(i), sum) : operands.get(i))
            .toList();
    return Linearity.absolute(b, node, spreads, places);
  }

  private Value flow(Value operand, boolean sum) {
    return sum ? b.unary(UnaryFunction.ABS, twins.delta(operand)) : spread(operand);
  }

  /** What sums a value comes from. */
  Source source(Value value) {
    Source source = sources.get(value.id());
    if (source == null) {
      source = findSource(value.node());
      sources.put(value.id(), source);
    }
    return source;
  }

  private Source findSource(Node node) {
    if (isBody(node)) {
      return source(body(node));
    }
    List<Value> operands = operands(node);
    Set<Integer> places = Linearity.places(operands, twins::depends);
    if (!Linearity.isLinear(node.op(), operands, places)) {
      return Source.NONE;
    }
    return switch (node.op()) {
      case Primitive.Conv c -> Source.CONVOLUTION;
      case Primitive.ConvTranspose c -> Source.CONVOLUTION;
      case Primitive.MatMul m -> Source.DENSE;
      default ->
          places.stream()
              .map(i -> source(operands.get(i)))
              .max(Source::compareTo)
              .orElse(Source.NONE);
    };
  }

  /** True for composites that are linear and that have no rule of their own. */
  static boolean isBody(Node node) {
    return node.op() instanceof Composite.Gemm
        || node.op() instanceof Composite.BatchNormalization
        || node.op() instanceof Composite.ReduceMean
        || node.op() instanceof Composite.Resize
        || node.op() instanceof Composite.AveragePoolGrad;
  }

  private Value body(Node node) {
    String origin = b.origin();
    Value body = Lowering.body(b.at(node.origin()), (Composite) node.op(), operands(node));
    b.at(origin);
    return body;
  }

  private List<Value> operands(Node node) {
    return node.inputs().stream().map(b::value).toList();
  }
}
