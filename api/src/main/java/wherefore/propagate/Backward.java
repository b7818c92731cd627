package wherefore.propagate;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Lowering;
import wherefore.graph.Node;
import wherefore.graph.Value;

/**
 * The walk from results back to what they were computed from.
 *
 * <p>The nodes of a builder are visited from the last to the first. Each that something has arrived
 * at, and that leads to something asked for, is given to the first rule of the book that matches;
 * what the rule hands to the operands is added to what they have received. So a layer that is used
 * twice, a residual sum, or several inputs are no special cases. A composite that no rule matches
 * is walked through its body; a primitive that no rule matches is an error that names it.
 *
 * <p>Cost: with {@link Vjp}, the emitted nodes take about twice the forward pass' arithmetic at
 * most, and for convolutions and dense layers about once, since nothing flows to weights.
 */
public final class Backward {
  private final GraphBuilder b;
  private final RuleBook book;
  private final Map<Integer, Value> arrived = new HashMap<>();

  private Backward(GraphBuilder b, RuleBook book) {
    this.b = b;
    this.book = book;
  }

  /**
   * Walks back.
   *
   * @param b the graph so far; the rules' nodes are appended to it
   * @param seeds what arrives at the results: value to value of the same shape
   * @param asked the values to be reached
   * @param book the rules
   * @return for each value asked for what arrives there, in order; zeros where nothing does
   * @throws GraphException if no rule matches a node on the way
   */
  public static List<Value> run(
      GraphBuilder b, Map<Value, Value> seeds, List<Value> asked, RuleBook book) {
    String origin = b.origin();
    Backward walk = new Backward(b, book);
    walk.walk(seeds, Set.copyOf(asked), false);
    b.at(origin);
    return asked.stream().map(walk::received).toList();
  }

  private Value received(Value value) {
    Value sum = arrived.get(value.id());
    return sum != null ? sum : b.expand(b.number(0, value), value.shape());
  }

  /**
   * @param stop true if what arrives at a value asked for goes no further
   */
  private void walk(Map<Value, Value> seeds, Set<Value> asked, boolean stop) {
    int last = seeds.keySet().stream().mapToInt(Value::id).max().orElse(-1);
    boolean[] leads = leads(last, asked);
    seeds.forEach((value, seed) -> arrive(value, seed));
    for (int id = last; id >= 0; id--) {
      Value value = b.value(id);
      Set<Integer> wanted = wanted(value.node(), leads);
      boolean end = stop && asked.contains(value);
      Value arriving = arrived.get(id);
      if (arriving != null && !wanted.isEmpty() && !end) {
        visit(value, arriving, wanted);
      }
    }
  }

  private boolean[] leads(int last, Set<Value> asked) {
    boolean[] leads = new boolean[last + 1];
    asked.stream().filter(v -> v.id() <= last).forEach(v -> leads[v.id()] = true);
    for (int id = 0; id <= last; id++) {
      leads[id] |= b.nodes().get(id).inputs().stream().anyMatch(in -> leads[in]);
    }
    return leads;
  }

  private static Set<Integer> wanted(Node node, boolean[] leads) {
    return IntStream.range(0, node.inputs().size())
        .filter(i -> leads[node.inputs().get(i)])
        .boxed()
        .collect(Collectors.toSet());
  }

  private void visit(Value value, Value arriving, Set<Integer> wanted) {
    Node node = value.node();
    List<Value> inputs = node.inputs().stream().map(b::value).toList();
    b.at(node.origin());
    Step step = new Step(b, node, inputs, value, arriving, wanted);
    Map<Integer, Value> handed =
        book.find(node).map(e -> e.rule().propagate(step)).orElseGet(() -> throughBody(step));
    for (int place = 0; place < inputs.size(); place++) {
      Value share = handed.get(place);
      if (share != null && wanted.contains(place)) {
        arrive(inputs.get(place), share);
      }
    }
  }

  private void arrive(Value value, Value share) {
    if (!share.shape().equals(value.shape())) {
      throw new GraphException(
          "%s: a rule of %s hands %s to %s, which is %s"
              .formatted(value.node().describe(), book.name(), share.type(), value, value.type()));
    }
    arrived.merge(value.id(), share, b::add);
  }

  private Map<Integer, Value> throughBody(Step step) {
    if (!(step.op() instanceof Composite composite)) {
      throw new GraphException(
          "no rule of %s matches %s".formatted(book.name(), step.node().describe()));
    }
    return through(step, Lowering.body(b, composite, step.inputs()), book);
  }

  /**
   * Walks back through what stands for a node, from what has arrived at it to its operands and no
   * further. For rules that prepare a composite's body before it is walked.
   *
   * @param step the visit of the node
   * @param body computes the node's output from the node's operands
   * @param book the rules
   * @return as {@link PropagationRule#propagate}
   */
  public static Map<Integer, Value> through(Step step, Value body, RuleBook book) {
    Backward inner = new Backward(step.builder(), book);
    Set<Value> asked = new HashSet<>();
    step.wanted().forEach(place -> asked.add(step.input(place)));
    inner.walk(Map.of(body, step.arriving()), asked, true);
    Map<Integer, Value> handed = new HashMap<>();
    for (int place : step.wanted()) {
      boolean first = step.inputs().indexOf(step.input(place)) == place;
      Value share = inner.arrived.get(step.input(place).id());
      if (first && share != null) {
        handed.put(place, share);
      }
    }
    return handed;
  }
}
