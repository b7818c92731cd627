package wherefore.attribution;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import wherefore.graph.Affinity;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Inlined;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.model.Model;
import wherefore.model.Network;
import wherefore.model.Port;
import wherefore.propagate.Backward;
import wherefore.propagate.RuleBook;
import wherefore.propagate.Vjp;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * The function that a request asks about: from the {@linkplain #variables variables} to the target
 * f_t.
 *
 * <p>It makes no difference to a method whether inputs or a layer's output are explained, or
 * whether the target is a class' logit, its probability or a neuron: the variables are the
 * arguments, and the target is a number a row. What is not explained (other inputs, the paths
 * around a layer) stays as it is at the request's input.
 */
public final class Subject {
  /** The name of the input that selects the target: 1 at its place, else 0. */
  public static final String SELECTION = "wherefore.selection";

  /**
   * The name of the output with the target's values in {@link #forward} and {@link #propagated}.
   */
  public static final String TARGET = "wherefore.target";

  /**
   * The function, written into a graph under construction.
   *
   * @param target f_t, one number a row: [rows]
   * @param scores all the numbers that the target is one of: [rows, …]
   * @param selection 1 at the target's place, else 0; as the scores
   * @param network where the nodes of {@link #graph} went
   * @param points the variables' values, by name
   */
  public record Trace(
      Value target,
      Value scores,
      Value selection,
      Inlined network,
      SequencedMap<String, Value> points) {
    /** Copies the map. */
    public Trace {
      points = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(points));
    }

    /**
     * What a walk back by a book of rules brings to each point, under its name, of its shape, where
     * one starts at each row's target.
     */
    public SequencedMap<String, Value> propagated(RuleBook book) {
      List<Value> shares = arriving(List.copyOf(points.values()), book);
      SequencedMap<String, Value> byName = new LinkedHashMap<>();
      for (String name : points.keySet()) {
        byName.put(name, shares.get(byName.size()));
      }
      return byName;
    }

    /** As {@link #propagated}, to any values of the graph. */
    public List<Value> arriving(List<Value> at, RuleBook book) {
      GraphBuilder b = target.builder();
      Value one = b.expand(b.number(1, target), target.shape());
      return Backward.run(b, Map.of(target, one), at, book);
    }
  }

  private final Model model;
  private final Map<String, Tensor> inputs;
  private final List<Variable> variables;
  private final List<Variable> sources;
  private final Set<String> layers;
  private final Target target;
  private final Tensor selection;

  /**
   * Made by the {@link Attributor}.
   *
   * @param model has a graph
   * @param inputs the request's
   * @param variables inputs of the model, and layers that are explained instead of inputs
   * @param sources what the variables come from
   * @param layers the names of the variables and sources that are layers
   * @param target chosen by its place
   * @param selection 1 at the target's place, else 0; first extent 1
   */
  public Subject(
      Model model,
      Map<String, Tensor> inputs,
      List<Variable> variables,
      List<Variable> sources,
      Set<String> layers,
      Target target,
      Tensor selection) {
    this.model = model;
    this.inputs = Map.copyOf(inputs);
    this.variables = List.copyOf(variables);
    this.sources = List.copyOf(sources);
    this.layers = Set.copyOf(layers);
    this.target = target;
    this.selection = selection;
  }

  /** The model asked about. */
  public Model model() {
    return model;
  }

  /** What is explained, in order. */
  public List<Variable> variables() {
    return variables;
  }

  /**
   * What the variables come from: if a layer is explained, the inputs in front of it; else the
   * variables themselves. May stand among the arguments of a {@link #trace} instead of them.
   */
  public List<Variable> sources() {
    return sources;
  }

  /**
   * f_t among a program's outputs, one number a row.
   *
   * @throws AttributionException if it is not there
   */
  public static Tensor target(Map<String, Tensor> outputs) {
    return Optional.ofNullable(outputs.get(TARGET))
        .orElseThrow(() -> new AttributionException("the backend yields no output " + TARGET));
  }

  /** The target, by its place. */
  public Target target() {
    return target;
  }

  /**
   * What the inputs that are the same for all rows are fed with; evaluators add it by themselves.
   */
  public Map<String, Tensor> shared() {
    Map<String, Tensor> shared = new HashMap<>(inputs);
    variables.forEach(v -> shared.remove(v.name()));
    shared.put(SELECTION, selection);
    return shared;
  }

  /** The model's graph for so many rows of inputs like the request's. */
  public Graph graph(int rows) {
    return model.graph(shapes(inputs, rows));
  }

  private static Map<String, Shape> shapes(Map<String, Tensor> inputs, int rows) {
    return inputs.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().shape().with(0, rows)));
  }

  /** Inputs for so many rows of the variables, by name. */
  public SequencedMap<String, Value> inputs(GraphBuilder b, int rows) {
    return inputs(b, rows, variables);
  }

  /** Inputs for so many rows of some of the variables or sources, by name. */
  public SequencedMap<String, Value> inputs(GraphBuilder b, int rows, List<Variable> some) {
    SequencedMap<String, Value> values = new LinkedHashMap<>();
    Graph network = graph(rows);
    for (Variable v : some) {
      Node node = node(network, v.name());
      Shape shape = v.value().shape().with(0, rows);
      values.put(v.name(), b.input(v.name(), node.type().element(), shape));
    }
    return values;
  }

  /** The node of {@link #graph} whose value a variable is. */
  public Node node(Graph network, String variable) {
    return layers.contains(variable) ? network.layer(variable) : input(network, variable);
  }

  private static Node input(Graph graph, String name) {
    return graph
        .input(name)
        .orElseThrow(() -> new AttributionException("the model has no input " + name));
  }

  /**
   * Writes the function into a graph under construction.
   *
   * @param rows how many rows the arguments have
   * @param arguments a value for each variable, by name
   */
  public Trace trace(GraphBuilder b, int rows, Map<String, Value> arguments) {
    return trace(b, rows, arguments, Map.of());
  }

  /**
   * As {@link #trace(GraphBuilder, int, Map)}, where some of the network's values are there
   * already.
   *
   * @param known values that take the place of nodes of {@link #graph}, by id
   */
  public Trace trace(
      GraphBuilder b, int rows, Map<String, Value> arguments, Map<Integer, Value> known) {
    Graph whole = graph(rows);
    Node scored = scored(whole, target);
    SequencedMap<String, Integer> outputs = new LinkedHashMap<>();
    outputs.put(TARGET, scored.id());
    Graph network = new Graph(whole.nodes(), outputs);
    Map<Integer, Value> bound = bound(b, network, rows, arguments);
    bound.putAll(known);
    Inlined copies = b.inline(network, bound);
    Value raw = copies.of(scored);
    Value place = b.expand(b.input(SELECTION, raw.element(), raw.shape().with(0, 1)), raw.shape());
    return picked(target, scored, copies, place, new LinkedHashMap<>(arguments));
  }

  /**
   * The target in a network that has been written already.
   *
   * @param scored the node whose elements the target chooses from
   * @param selection 1 at the target's place, else 0; as the scores
   * @param points the variables' values, by name
   */
  public static Trace picked(
      Target target,
      Node scored,
      Inlined network,
      Value selection,
      SequencedMap<String, Value> points) {
    GraphBuilder b = selection.builder();
    Value scores = probabilities(b, target, scored, network.of(scored));
    List<Integer> axes = IntStream.range(1, scores.shape().rank()).boxed().toList();
    Shape rows = Shape.of(scores.shape().dim(0));
    Value picked = b.reshape(b.sum(b.mul(scores, selection), axes), rows);
    return new Trace(picked, scores, selection, network, points);
  }

  private Map<Integer, Value> bound(
      GraphBuilder b, Graph network, int rows, Map<String, Value> arguments) {
    Map<Integer, Value> bound = new HashMap<>();
    for (Node node : network.nodes()) {
      if (node.op() instanceof Leaf.Input input) {
        Value argument = layers.contains(input.name()) ? null : arguments.get(input.name());
        bound.put(node.id(), argument != null ? argument : fixed(b, input, rows));
      }
    }
    for (String layer : layers) {
      Value argument = arguments.get(layer);
      if (argument != null) {
        bound.put(network.layer(layer).id(), argument);
      }
    }
    return bound;
  }

  private static Value fixed(GraphBuilder b, Leaf.Input input, int rows) {
    Shape shape = input.type().shape();
    return b.expand(
        b.input(input.name(), input.type().element(), shape.with(0, 1)), shape.with(0, rows));
  }

  /**
   * The node whose elements a target chooses from: the layer's, or the model's first output; for a
   * logit of a model that ends in a softmax or sigmoid, what goes into that.
   */
  public static Node scored(Graph graph, Target target) {
    if (target.layer().isPresent()) {
      return graph.layer(target.layer().get());
    }
    Node output = graph.node(graph.outputs().firstEntry().getValue());
    return normalizes(output) && !target.probability()
        ? graph.node(output.inputs().get(0))
        : output;
  }

  private static boolean normalizes(Node node) {
    return switch (node.op()) {
      case Composite.Softmax s -> true;
      case Composite.LogSoftmax s -> true;
      case Primitive.Unary u -> u.function() == UnaryFunction.SIGMOID;
      default -> false;
    };
  }

  private static Value probabilities(GraphBuilder b, Target target, Node scored, Value scores) {
    if (!target.probability()
        || normalizes(scored) && !(scored.op() instanceof Composite.LogSoftmax)) {
      return scores;
    }
    if (scored.op() instanceof Composite.LogSoftmax) {
      return b.unary(UnaryFunction.EXP, scores);
    }
    int rank = scores.shape().rank();
    return rank < 2 || scores.shape().dim(1) == 1
        ? b.unary(UnaryFunction.SIGMOID, scores)
        : b.apply(new Composite.Softmax(1), scores);
  }

  /**
   * The function itself: fed with rows of the variables, yields {@link #TARGET} [rows]. It is there
   * for every model, also for one without a graph.
   */
  public Program forward() {
    return switch (model.network()) {
      case Network.White white ->
          new Program(
              rows -> {
                GraphBuilder b = new GraphBuilder();
                return b.output(TARGET, trace(b, rows, inputs(b, rows)).target()).build();
              });
      case Network.Black black -> Program.of(rows -> Map.of(TARGET, picked(black, rows)));
    };
  }

  /** The selected output of a black box for rows of the variables. */
  private Tensor picked(Network.Black black, Map<String, Tensor> rows) {
    int count = rows.values().iterator().next().shape().dim(0);
    Map<String, Tensor> all = new LinkedHashMap<>();
    for (Port port : model.inputs()) {
      Tensor given = rows.get(port.name());
      Tensor value =
          given != null
              ? given
              : Tensor.concatRows(Collections.nCopies(count, inputs.get(port.name())));
      all.put(port.name(), value.to(port.element()));
    }
    String output = model.outputs().get(0).name();
    Tensor scores = black.predict(all).get(output);
    if (scores == null || !scores.shape().equals(selection.shape().with(0, count))) {
      throw new AttributionException(
          "model %s answers %d examples with %s for its output %s; it must be of shape %s"
              .formatted(
                  model.name(),
                  count,
                  scores == null ? "nothing" : scores.type().symbol() + scores.shape(),
                  output,
                  selection.shape().with(0, count)));
    }
    int place = IntStream.range(0, selection.size()).filter(i -> selection.get(i) != 0).sum();
    double[] picked = new double[count];
    Arrays.setAll(picked, row -> scores.get(row * selection.size() + place));
    return Tensor.of(Shape.of(count), picked);
  }

  /**
   * The first node on the way to the target that is not affine in the variables, if there is one.
   */
  public Optional<Node> obstacle() {
    Graph graph = forward().graph().apply(1);
    Set<Integer> arguments = new HashSet<>();
    for (Variable v : variables) {
      arguments.add(input(graph, v.name()).id());
    }
    return Affinity.obstacle(graph, arguments, graph.output(TARGET).id());
  }

  /** The gradient: {@link #propagated} by {@link Vjp}. */
  public Program gradient() {
    return propagated(Vjp.book());
  }

  /**
   * A walk back from the target by a book of rules: fed with rows of the variables, yields {@link
   * #TARGET} [rows] and for each variable, under its name, what arrives there, of its shape. One
   * starts at each row's target.
   */
  public Program propagated(RuleBook book) {
    return propagated(this::inputs, book);
  }

  /**
   * As {@link #propagated(RuleBook)}, where the variables' rows are themselves computed in the
   * graph.
   *
   * @param arguments writes a value for each variable, by name, for a number of rows
   */
  public Program propagated(
      BiFunction<GraphBuilder, Integer, SequencedMap<String, Value>> arguments, RuleBook book) {
    return new Program(
        rows -> {
          GraphBuilder b = new GraphBuilder();
          Trace trace = trace(b, rows, arguments.apply(b, rows));
          b.output(TARGET, trace.target());
          trace.propagated(book).forEach(b::output);
          return b.build();
        });
  }

  /** The variables' values at the request's input, as one row. */
  public Rows atInput() {
    return Rows.of(variables.stream().collect(Collectors.toMap(Variable::name, Variable::value)));
  }
}
