package wherefore.runtime.attributor;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import wherefore.attribution.AttributionException;
import wherefore.attribution.Program;
import wherefore.attribution.Rows;
import wherefore.compute.ComputeException;
import wherefore.graph.Graph;
import wherefore.graph.Liveness;
import wherefore.graph.Prune;
import wherefore.graph.TensorType;
import wherefore.tensor.ElementType;
import wherefore.tensor.Tensor;

/**
 * Runs programs on one backend, as many rows at once as memory allows. Belongs to one call.
 *
 * <p>Batches are equal where that is possible near the largest size that fits; otherwise they have
 * the largest power of two, and the rest goes in powers of two: so few graphs are compiled,
 * whatever the number of rows.
 */
final class Batches implements Batching {
  private record Prepared(Graph graph, String key) {
    static Prepared of(Graph graph) {
      Graph pruned = new Prune().apply(graph);
      return new Prepared(pruned, CompiledGraphs.key(pruned));
    }

    boolean hasRows(int rows) {
      return graph.outputs().values().stream()
          .map(id -> graph.node(id).shape())
          .allMatch(s -> s.rank() > 0 && s.dim(0) == rows);
    }
  }

  private record Sized(Program program, int rows) {}

  private final Backend backend;
  private final Call call;
  private final long memory;
  private final int most;
  private final Map<Sized, Prepared> prepared = new HashMap<>();
  private long evaluated;

  /**
   * For one call.
   *
   * @param batched false if the model takes one example at a time
   */
  Batches(Backend backend, Call call, Settings settings, boolean batched) {
    this.backend = backend;
    this.call = call;
    this.memory = settings.memory();
    this.most = batched ? settings.rows() : 1;
  }

  @Override
  public long evaluated() {
    return evaluated;
  }

  @Override
  public void run(Program program, Rows rows, Map<String, Tensor> others, Sink sink) {
    if (rows.count() < 1) {
      throw new AttributionException("a program was to run over " + rows.count() + " rows");
    }
    int size = largest(program, rows.count());
    for (int from = 0, to; from < rows.count(); from = to) {
      int rest = rows.count() - from;
      to = from + (rest >= size ? size : Integer.highestOneBit(rest));
      call.check();
      Optional<Map<String, Tensor>> outputs = tried(program, rows, others, from, to);
      if (outputs.isPresent()) {
        sink.batch(from, to, outputs.get());
      } else {
        size = Integer.highestOneBit(to - from - 1);
        to = from;
      }
    }
  }

  /** The outputs of some rows; empty if they are too many for the backend's memory. */
  private Optional<Map<String, Tensor>> tried(
      Program program, Rows rows, Map<String, Tensor> others, int from, int to) {
    try {
      return Optional.of(batch(program, rows, others, from, to));
    } catch (ComputeException e) {
      if (!e.isTooLarge() || to - from == 1) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /**
   * The search begins at twice what one row's memory says: graphs of thousands of rows cost time.
   */
  private int largest(Program program, int rows) {
    long each = Math.max(1, Liveness.of(prepare(program, 1).graph()).peakBytes());
    int equal = equal(rows, (int) Math.clamp(memory / each, 1, Math.min(most, rows)));
    if (equal > 1 && fits(program, equal)) {
      return equal;
    }
    int likely = (int) Math.clamp(2 * memory / each, 1, Math.min(most, rows));
    int size = likely == most ? most : Integer.highestOneBit(likely);
    while (size > 1 && !fits(program, size)) {
      size = Integer.highestOneBit(size - 1);
    }
    return size;
  }

  /** A size near the largest that many rows are cut into without rest, so that one graph does. */
  private static int equal(int rows, int largest) {
    int size = largest;
    while (size > 1 && rows % size != 0) {
      size--;
    }
    return rows > largest && 3 * size >= 2 * largest ? size : 1;
  }

  /** Also false for a model that says it takes any number of examples and does not. */
  private boolean fits(Program program, int rows) {
    try {
      Prepared p = prepare(program, rows);
      return p.hasRows(rows) && fits(p.graph());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * True if the values fit into this call's memory, and with the constants into the backend's. A
   * backend that computes in float64 takes twice what a float32 graph says.
   */
  boolean fits(Graph graph) {
    Liveness liveness = Liveness.of(graph);
    long peak = liveness.peakBytes();
    boolean wide = backend.service().info().floating() == ElementType.FLOAT64;
    return (wide ? 2 * peak : peak) <= memory
        && peak <= backend.service().memory() - liveness.constantBytes();
  }

  private Prepared prepare(Program program, int rows) {
    Sized key = new Sized(program, rows);
    Prepared known = prepared.get(key);
    if (known == null) {
      known = Prepared.of(program.graph().apply(rows));
      prepared.put(key, known);
    }
    return known;
  }

  private Map<String, Tensor> batch(
      Program program, Rows rows, Map<String, Tensor> others, int from, int to) {
    Prepared p = prepare(program, to - from);
    if (!p.hasRows(to - from)) {
      throw new AttributionException(
          "a program for %d rows yields %s; each must have as many rows"
              .formatted(to - from, outputs(p.graph())));
    }
    Map<String, Tensor> feeds = new HashMap<>(others);
    feeds.putAll(rows.shared());
    feeds.putAll(rows.feeds().apply(from, to));
    Map<String, Tensor> outputs = execute(p, feeds);
    evaluated += to - from;
    return outputs;
  }

  private static String outputs(Graph graph) {
    return graph.outputs().entrySet().stream()
        .map(o -> o.getKey() + " " + graph.node(o.getValue()).type())
        .collect(Collectors.joining(", "));
  }

  /** Runs a graph once, as it is. */
  Map<String, Tensor> whole(Graph graph, Map<String, Tensor> feeds, int rows) {
    Map<String, Tensor> outputs = execute(Prepared.of(graph), feeds);
    evaluated += rows;
    return outputs;
  }

  private Map<String, Tensor> execute(Prepared p, Map<String, Tensor> feeds) {
    Map<String, Tensor> needed = needed(p.graph(), feeds);
    try (CompiledGraphs.Use use = backend.graphs().acquire(p.key(), p.graph(), call)) {
      return use.executable().run(needed, call);
    }
  }

  private static Map<String, Tensor> needed(Graph graph, Map<String, Tensor> feeds) {
    SequencedMap<String, Tensor> needed = new LinkedHashMap<>();
    graph.inputs().forEach((name, type) -> needed.put(name, feed(name, type, feeds)));
    return needed;
  }

  private static Tensor feed(String name, TensorType type, Map<String, Tensor> feeds) {
    Tensor feed = feeds.get(name);
    if (feed == null) {
      throw new AttributionException(
          "the program's input %s is not fed; fed: %s"
              .formatted(name, Names.list(feeds.keySet().stream().sorted().toList())));
    }
    boolean fits = feed.type() == type.element() || feed.type().isFloating();
    if (!fits || !feed.shape().equals(type.shape())) {
      throw new AttributionException(
          "the program's input %s is %s; it is fed with %s%s"
              .formatted(name, type, feed.type().symbol(), feed.shape()));
    }
    return feed;
  }
}
