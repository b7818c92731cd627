package wherefore.method.deeplift;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Comparison;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Leaf;
import wherefore.graph.Lowering;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.propagate.Backward;
import wherefore.propagate.RuleBook;
import wherefore.propagate.Step;
import wherefore.tensor.ElementType;

/**
 * The book of DeepLIFT: what arrives and is handed on are multipliers m, such that Σ m Δx = m Δy at
 * every node. The walk is over the nodes at the reference; their {@link Twins} are those at the
 * input.
 *
 * <ul>
 *   <li>Linear nodes: m = w' m ({@link Parts}).
 *   <li>Functions of one variable, steps among them: Δy/Δx ({@link Quotients}), or in parts ({@link
 *       RevealCancel}).
 *   <li>Products, of elements and of matrices: Δ(ab) = ½(a + a')Δb + ½(b + b')Δa; quotients and
 *       choices by a condition likewise; other functions of two variables by the mean over both
 *       orders.
 *   <li>Softmax exactly ({@link Softmaxes}), maxima by the cross maximum ({@link Maxima}).
 *   <li>Truths count as 0 and 1. Indices that are computed from what is explained have no rule.
 *   <li>Other composites, normalizations among them, through their bodies.
 * </ul>
 */
final class Rules {
  private final GraphBuilder b;
  private final Twins twins;
  private final Rule rule;
  private final Parts parts;
  private final Quotients quotients;
  private final RevealCancel revealCancel;
  private final Softmaxes softmaxes;
  private final Maxima maxima;
  private final RuleBook book;

  Rules(GraphBuilder b, Twins twins, Choice choice) {
    this.b = b;
    this.twins = twins;
    this.rule = choice.rule();
    this.parts = new Parts(b, twins);
    this.quotients = new Quotients(b, twins);
    this.revealCancel = new RevealCancel(b, twins, parts, quotients);
    this.softmaxes = new Softmaxes(b, twins, quotients);
    this.maxima = new Maxima(b, twins, choice.maxima());
    this.book = RuleBook.named("deeplift").rule("deeplift", Rules::has, this::share);
  }

  /** The multipliers of these values for a target's difference, all the same at every row. */
  List<Value> multipliers(Value target, List<Value> asked) {
    Value one = b.expand(b.number(1, target), target.shape());
    List<Value> means = Backward.run(b, Map.of(target, one), asked, book);
    return IntStream.range(0, asked.size())
        .mapToObj(i -> parts.whole(asked.get(i), means.get(i)))
        .toList();
  }

  private static boolean has(Node node) {
    return !(node.op() instanceof Primitive.ArgMax || node.op() instanceof Composite.MaxPoolGrad);
  }

  private Map<Integer, Value> share(Step s) {
    if (Linearity.isLinear(s.op(), s.inputs(), s.wanted())) {
      return parts.linear(s);
    }
    return switch (s.op()) {
      case Composite c -> composite(s, c);
      case Primitive p -> primitive(whole(s), p);
      case Leaf l -> throw new AssertionError("a leaf has no operands: " + l);
    };
  }

  private Step whole(Step s) {
    Value whole = parts.whole(s.output(), s.arriving());
    return new Step(b, s.node(), s.inputs(), s.output(), whole, s.wanted());
  }

  private Map<Integer, Value> composite(Step s, Composite composite) {
    return switch (composite) {
      case Composite.Activation a -> one(activation(whole(s)));
      case Composite.Softmax p -> one(softmaxes.softmax(whole(s), p.axis()));
      case Composite.LogSoftmax p -> one(softmaxes.logSoftmax(whole(s), p.axis()));
      case Composite.MaxPool p -> one(maxima.pool(whole(s), p));
      case Composite.PRelu p -> s.wants(1) ? body(s) : one(activation(whole(s)));
      case Composite.Gemm g -> body(s);
      case Composite.BatchNormalization n -> body(s);
      case Composite.InstanceNormalization n -> body(s);
      case Composite.GroupNormalization n -> body(s);
      case Composite.LayerNormalization n -> body(s);
      case Composite.LRN n -> body(s);
      case Composite.ReduceMean m -> body(s);
      case Composite.Resize r -> body(s);
      case Composite.AveragePool p -> body(s);
      case Composite.AveragePoolGrad p -> body(s);
      case Composite.MaxPoolGrad p -> throw unruled(s);
    };
  }

  private static Map<Integer, Value> one(Value share) {
    return Map.of(0, share);
  }

  private Map<Integer, Value> body(Step s) {
    Value body = Lowering.body(b, (Composite) s.op(), s.inputs());
    parts.takeLean(s.output()).ifPresent(lean -> parts.lean(body, lean));
    return Backward.through(s, body, book);
  }

  private Value activation(Step s) {
    boolean apart =
        switch (rule) {
          case RESCALE -> false;
          case REVEAL_CANCEL -> RevealCancel.isFor(s.op());
          case RECOMMENDED ->
              RevealCancel.isFor(s.op()) && parts.source(s.input(0)) == Parts.Source.DENSE;
        };
    return apart && s.input(0).element() == s.arriving().element()
        ? revealCancel.mean(s)
        : quotients.rescale(s);
  }

  private Map<Integer, Value> primitive(Step s, Primitive primitive) {
    return switch (primitive) {
      case Primitive.Unary u ->
          u.function() == UnaryFunction.NOT ? one(b.neg(s.arriving())) : one(activation(s));
      case Primitive.Binary f -> binary(s, f.function());
      case Primitive.Compare c -> compare(s);
      case Primitive.Where w -> where(s);
      case Primitive.Cast c -> cast(s, c.to());
      case Primitive.MatMul m -> product(s);
      case Primitive.ReduceMax r -> one(maxima.reduce(s, r));
      default -> throw unruled(s);
    };
  }

  private Map<Integer, Value> binary(Step s, BinaryFunction function) {
    return switch (function) {
      case MUL, AND -> product(s);
      case DIV -> s.arriving().element() == s.output().element() ? ratio(s) : ofTwo(s, false);
      case OR -> logical(s, 1);
      case XOR -> logical(s, 2);
      case POW -> power(s);
      case MAX, MIN, MOD -> ofTwo(s, false);
      case ADD, SUB -> throw new AssertionError("linear: " + s.node());
    };
  }

  private Map<Integer, Value> wanted(Step s, IntFunction<Value> share) {
    Map<Integer, Value> shares = new HashMap<>();
    s.wanted().forEach(place -> shares.put(place, share.apply(place)));
    return shares;
  }

  private Map<Integer, Value> ofTwo(Step s, boolean scaled) {
    Quotients.Smoothness smoothness =
        scaled ? Quotients.Smoothness.SCALED : Quotients.Smoothness.PIECES;
    return wanted(s, place -> quotients.ofTwo(s, place, smoothness));
  }

  private Value middle(Value v, ElementType type) {
    return twins.depends(v)
        ? b.mul(b.add(number(twins.at(v), type), number(v, type)), 0.5)
        : number(v, type);
  }

  private static Value number(Value v, ElementType type) {
    return Quotients.number(v, type);
  }

  /** The gradient's rule with both operands half-way. */
  private Map<Integer, Value> product(Step s) {
    Value m = s.arriving();
    if (s.op() instanceof Primitive.MatMul) {
      List<Value> middles = s.inputs().stream().map(twins::middle).toList();
      return Linearity.transposed(new Step(b, s.node(), middles, s.output(), m, s.wanted()));
    }
    return wanted(s, place -> b.mul(m, middle(s.input(1 - place), m.element())));
  }

  /** Δ(a/c) = ½(1/c + 1/c')Δa − ½(a + a')/(c c') Δc. */
  private Map<Integer, Value> ratio(Step s) {
    Value c = s.input(1);
    Value from = b.div(s.arriving(), c);
    Value at = b.div(s.arriving(), twins.at(c));
    return wanted(
        s,
        place ->
            place == 0
                ? b.mul(b.add(from, at), 0.5)
                : b.neg(b.mul(twins.middle(s.input(0)), b.div(from, twins.at(c)))));
  }

  /** a ∨ c = a + c − ac, a ⊻ c = a + c − 2ac. */
  private Map<Integer, Value> logical(Step s, double twice) {
    Value m = s.arriving();
    return wanted(
        s, place -> b.mul(m, b.add(b.mul(middle(s.input(1 - place), m.element()), -twice), 1)));
  }

  private Map<Integer, Value> power(Step s) {
    if (s.wants(0) && !s.wants(1)) {
      return isSquare(s.input(1))
          ? one(b.mul(s.arriving(), b.add(twins.at(s.input(0)), s.input(0))))
          : one(quotients.rescale(s));
    }
    return ofTwo(s, true);
  }

  private boolean isSquare(Value exponent) {
    Node node = exponent.node();
    while (node.op() instanceof Primitive.Expand || node.op() instanceof Primitive.Reshape) {
      node = b.value(node.inputs().get(0)).node();
    }
    return node.op() instanceof Leaf.Constant c && c.value().size() == 1 && c.value().get(0) == 2;
  }

  /** A step in a − c: m Δy / Δ(a − c) where it is taken. */
  private Map<Integer, Value> compare(Step s) {
    ElementType type = s.arriving().element();
    Value left = s.input(0);
    Value right = s.input(1);
    Value run =
        b.sub(
            b.sub(number(twins.at(left), type), number(twins.at(right), type)),
            b.sub(number(left, type), number(right, type)));
    Value rise = b.sub(number(twins.at(s.output()), type), number(s.output(), type));
    Value zero = b.number(0, rise);
    Value taken = b.mul(s.arriving(), b.div(rise, run));
    Value share = b.where(b.compare(Comparison.EQUAL, rise, zero), zero, taken);
    return wanted(s, place -> place == 0 ? share : b.neg(share));
  }

  /** y = c a + (1 − c) d, by the rule for products. */
  private Map<Integer, Value> where(Step s) {
    ElementType type = s.arriving().element();
    Value m = s.arriving();
    Value often = middle(s.input(0), type);
    Value first = b.mul(m, often);
    return wanted(
        s,
        place ->
            switch (place) {
              case 0 -> changed(s, type);
              case 1 -> first;
              default -> b.sub(m, first);
            });
  }

  /** m ½((a + a') − (d + d')) where the condition is another one. */
  private Value changed(Step s, ElementType type) {
    Value apart = b.sub(middle(s.input(1), type), middle(s.input(2), type));
    Value now = number(twins.at(s.input(0)), type);
    Value then = number(s.input(0), type);
    Value share = b.mul(s.arriving(), apart);
    return b.where(b.compare(Comparison.EQUAL, now, then), b.number(0, share), share);
  }

  private Map<Integer, Value> cast(Step s, ElementType to) {
    boolean exact = !s.input(0).element().isFloating() && to != ElementType.BOOL;
    return one(exact ? s.arriving() : quotients.rescale(s));
  }

  private static GraphException unruled(Step s) {
    Set<Integer> places = s.wanted();
    return new GraphException(
        "no rule of deeplift matches %s where %s depends on what is explained"
            .formatted(s.node().describe(), places.stream().map(s::input).toList()));
  }
}
