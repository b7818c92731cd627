package wherefore.method.lrp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.graph.Value;
import wherefore.propagate.Backward;
import wherefore.propagate.RuleBook;
import wherefore.propagate.Step;
import wherefore.propagate.Vjp;

/**
 * What relevance does where no layer has weights: the table over the operators.
 *
 * <ul>
 *   <li>Activations and normalisations by the input's own statistics hand it on as it is.
 *   <li>Sums and averages share it out by contribution: x ⊙ J'(R / s(z)) (the norm rule).
 *   <li>Maxima hand it to the winner; what only moves elements moves it back.
 *   <li>Of a product of a gate and a signal the signal gets all (Arras 2017); other products, and
 *       matrix products of two activations, share half and half (Achtibat 2024).
 *   <li>Softmax: x ⊙ (R − y Σ R), the first-order Taylor expansion (Achtibat 2024).
 * </ul>
 */
final class BaseMap {
  private final Layers layers;
  private final BiFunction<Node, Linear, LinearRule> rules;

  private BaseMap(Layers layers, BiFunction<Node, Linear, LinearRule> rules) {
    this.layers = layers;
    this.rules = rules;
  }

  /**
   * The book.
   *
   * @param rules which rule a linear layer has
   */
  static RuleBook book(Layers layers, BiFunction<Node, Linear, LinearRule> rules) {
    return RuleBook.named("lrp").rule("lrp", n -> true, new BaseMap(layers, rules)::relevance);
  }

  private Map<Integer, Value> relevance(Step s) {
    Value r = s.arriving();
    if (layers.passes(s.node())) {
      return passed(s);
    }
    var linear = layers.linear(s.node());
    if (linear.isPresent()) {
      int data = s.wanted().iterator().next();
      return Map.of(data, rules.apply(s.node(), linear.get()).shares(linear.get(), r).input());
    }
    return switch (s.op()) {
      case Composite c -> composite(s, c);
      case Primitive p -> primitive(s, p);
      default -> Map.of();
    };
  }

  private static Map<Integer, Value> passed(Step s) {
    Map<Integer, Value> shares = new HashMap<>();
    s.wanted().forEach(place -> shares.put(place, s.arriving()));
    return shares;
  }

  private static Map<Integer, Value> composite(Step s, Composite composite) {
    return switch (composite) {
      case Composite.Activation a -> passed(s);
      case Composite.PRelu p -> Map.of(0, s.arriving());
      case Composite.InstanceNormalization n -> Map.of(0, s.arriving());
      case Composite.GroupNormalization n -> Map.of(0, s.arriving());
      case Composite.LayerNormalization n -> Map.of(0, s.arriving());
      case Composite.LRN n -> Map.of(0, s.arriving());
      case Composite.Softmax p -> softmax(s, p.axis());
      case Composite.MaxPool p -> gradient(s, s.arriving());
      case Composite.AveragePool p -> norm(s);
      case Composite.ReduceMean m -> norm(s);
      case Composite.Resize m -> norm(s);
      case Composite.LogSoftmax p -> throw unruled(s);
      case Composite.Gemm g -> throw unruled(s);
      case Composite.BatchNormalization n -> throw unruled(s);
      case Composite.MaxPoolGrad p -> throw unruled(s);
      case Composite.AveragePoolGrad p -> norm(s);
    };
  }

  private static Map<Integer, Value> primitive(Step s, Primitive primitive) {
    return switch (primitive) {
      case Primitive.Unary u -> u.function().isStep() ? Map.of() : passed(s);
      case Primitive.Binary f -> binary(s, f.function());
      case Primitive.MatMul m -> product(s);
      case Primitive.ReduceSum r -> norm(s);
      case Primitive.ScatterAdd a -> norm(s);
      case Primitive.OverlapAdd o -> norm(s);
      case Primitive.Compare c -> Map.of();
      case Primitive.ArgMax a -> Map.of();
      case Primitive.Conv c -> throw unruled(s);
      case Primitive.ConvTranspose c -> throw unruled(s);
      case Primitive.Where w -> gradient(s, s.arriving());
      case Primitive.Cast c -> gradient(s, s.arriving());
      case Primitive.Concat c -> gradient(s, s.arriving());
      case Primitive.Reshape r -> gradient(s, s.arriving());
      case Primitive.Transpose t -> gradient(s, s.arriving());
      case Primitive.Reverse r -> gradient(s, s.arriving());
      case Primitive.Slice p -> gradient(s, s.arriving());
      case Primitive.Pad p -> gradient(s, s.arriving());
      case Primitive.Expand e -> gradient(s, s.arriving());
      case Primitive.ReduceMax r -> gradient(s, s.arriving());
      case Primitive.Gather g -> gradient(s, s.arriving());
      case Primitive.Windows w -> gradient(s, s.arriving());
    };
  }

  private static Map<Integer, Value> binary(Step s, BinaryFunction function) {
    return switch (function) {
      case ADD, SUB -> norm(s);
      case MUL -> product(s);
      case DIV -> s.wants(0) ? Map.of(0, s.arriving()) : passed(s);
      case POW -> s.wants(0) ? Map.of(0, s.arriving()) : passed(s);
      case MAX, MIN -> gradient(s, s.arriving());
      case AND, OR, XOR -> Map.of();
      case MOD -> throw unruled(s);
    };
  }

  /** x ⊙ J'(R / s(z)) for each operand. */
  private static Map<Integer, Value> norm(Step s) {
    GraphBuilder b = s.builder();
    Value share = Stable.div(b, s.arriving(), s.output(), LinearRule.STABILISER);
    Map<Integer, Value> shares = new HashMap<>();
    gradient(s, share).forEach((place, g) -> shares.put(place, b.mul(s.input(place), g)));
    return shares;
  }

  /** One factor takes all; of two the signal does, or they share. */
  private static Map<Integer, Value> product(Step s) {
    boolean matrices = s.op() instanceof Primitive.MatMul;
    if (s.wanted().size() == 1) {
      return matrices ? norm(s) : passed(s);
    }
    boolean first = !matrices && Gates.isGate(s.input(0));
    boolean second = !matrices && Gates.isGate(s.input(1));
    if (first != second) {
      return Map.of(first ? 1 : 0, s.arriving());
    }
    Map<Integer, Value> halves = new HashMap<>();
    norm(s).forEach((place, r) -> halves.put(place, s.builder().mul(r, 0.5)));
    return halves;
  }

  private static Map<Integer, Value> softmax(Step s, int axis) {
    GraphBuilder b = s.builder();
    Value all = b.sum(s.arriving(), List.of(axis));
    return Map.of(0, b.mul(s.input(0), b.sub(s.arriving(), b.mul(s.output(), all))));
  }

  /** J'(v) for each operand that is wanted. */
  private static Map<Integer, Value> gradient(Step s, Value v) {
    Step other = new Step(s.builder(), s.node(), s.inputs(), s.output(), v, s.wanted());
    var entry = Vjp.book().find(s.node());
    if (entry.isPresent()) {
      return entry.get().rule().propagate(other);
    }
    List<Integer> places = new ArrayList<>(s.wanted());
    List<Value> asked = places.stream().map(s::input).toList();
    List<Value> shares = Backward.run(s.builder(), Map.of(s.output(), v), asked, Vjp.book());
    Map<Integer, Value> byPlace = new HashMap<>();
    for (int i = 0; i < places.size(); i++) {
      byPlace.put(places.get(i), shares.get(i));
    }
    return byPlace;
  }

  private static GraphException unruled(Step s) {
    return new GraphException(
        "%s: relevance has no rule for it where %s depends on what is explained; gradient and"
                .formatted(
                    s.node().describe(),
                    s.wanted().stream().map(s::input).map(Value::toString).toList())
            + " integrated-gradients explain such a model");
  }
}
