package wherefore.runtime.attributor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import wherefore.attribution.AttributionException;
import wherefore.attribution.Program;
import wherefore.attribution.Rows;
import wherefore.compute.ComputeException;
import wherefore.graph.Graph;
import wherefore.graph.Liveness;
import wherefore.graph.Prune;
import wherefore.graph.SumEarly;
import wherefore.graph.TensorType;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Runs programs on one backend, as many rows at once as memory allows. Belongs to one call.
 *
 * <p>Batches are equal where that is possible near the largest size that fits; otherwise they have
 * the largest power of two, and the rest goes in powers of two: so few graphs are compiled,
 * whatever the number of rows. What does not depend on the rows is computed before the first batch,
 * what is linear in sums over the rows after the last one.
 */
final class Batches implements Batching {
  /** What was computed once, and from what. */
  private record Once(Map<String, Tensor> feeds, Map<String, Tensor> outputs) {}

  private final Backend backend;
  private final Call call;
  private final Settings settings;
  private final int most;
  private final Map<Task, Map<Integer, Prepared>> prepared = new HashMap<>();
  private final Map<String, Once> once = new HashMap<>();
  private long evaluated;

  /**
   * For one call.
   *
   * @param batched false if the model takes one example at a time
   */
  Batches(Backend backend, Call call, Settings settings, boolean batched) {
    this.backend = backend;
    this.call = call;
    this.settings = settings;
    this.most = batched ? settings.rows() : 1;
  }

  @Override
  public long evaluated() {
    return evaluated;
  }

  @Override
  public void run(Program program, Rows rows, Map<String, Tensor> others, Sink sink) {
    Task task = task(program, rows, false);
    run(task, largest(task, rows.count()), rows, others, sink);
  }

  @Override
  public Map<String, Tensor> sum(
      Program program, Rows rows, double[] weights, Map<String, Tensor> others, Sink sink) {
    Task summed = task(program, rows, settings.rewrites().does(Rewrites.SUM_EARLY));
    int size = largest(summed, rows.count());
    if (endsAlike(summed, size, rows.count())) {
      return run(summed, size, weighted(rows, weights), others, sink);
    }
    Task plain = task(program, rows, false);
    return run(plain, largest(plain, rows.count()), weighted(rows, weights), others, sink);
  }

  private static Rows weighted(Rows rows, double[] weights) {
    Tensor all = Tensor.of(Shape.of(weights.length), weights);
    return new Rows(
        rows.count(),
        (from, to) -> {
          Map<String, Tensor> feeds = new HashMap<>(rows.feeds().apply(from, to));
          feeds.put(SumEarly.WEIGHTS, all.rows(from, to));
          return feeds;
        },
        rows.shared());
  }

  private static Task task(Program program, Rows rows, boolean summed) {
    if (rows.count() < 1) {
      throw new AttributionException("a program was to run over " + rows.count() + " rows");
    }
    return Task.of(program, rows.count(), rows.feeds().apply(0, 1).keySet(), summed);
  }

  /** Batches of all sizes must add to the same sums, and make the same of them. */
  private boolean endsAlike(Task task, int size, int total) {
    return sizes(size, total).stream()
        .distinct()
        .allMatch(s -> prepare(task, s).endsLike(prepare(task, size)));
  }

  private Map<String, Tensor> run(
      Task task, int largest, Rows rows, Map<String, Tensor> others, Sink sink) {
    Map<String, Tensor> same = new HashMap<>(others);
    same.putAll(rows.shared());
    int size = largest;
    Prepared first = prepare(task, size);
    Map<String, Tensor> sums = new HashMap<>();
    first.sums().forEach((name, type) -> sums.put(name, zeros(type)));
    for (int from = 0, to; from < rows.count(); from = to) {
      int count = count(rows.count() - from, size);
      to = from + count;
      call.check();
      Prepared p = prepare(task, count).checked();
      Map<String, Tensor> feeds = new HashMap<>(same);
      feeds.putAll(rows.feeds().apply(from, to));
      feeds.putAll(sums);
      Optional<Map<String, Tensor>> outputs = tried(p, first, same, feeds);
      if (outputs.isPresent()) {
        evaluated += count;
        sums.replaceAll((name, before) -> outputs.get().remove(name));
        sink.batch(from, to, outputs.get());
      } else {
        size = Integer.highestOneBit(count - 1);
        to = from;
      }
    }
    return ended(first, same, sums);
  }

  private static int count(int rest, int size) {
    return rest >= size ? size : Integer.highestOneBit(rest);
  }

  /** The outputs of some rows; empty if they are too many for the backend's memory. */
  private Optional<Map<String, Tensor>> tried(
      Prepared p, Prepared first, Map<String, Tensor> same, Map<String, Tensor> feeds) {
    try {
      feeds.putAll(once(p, same));
      return Optional.of(new LinkedHashMap<>(execute(p.each(), feeds)));
    } catch (ComputeException e) {
      int fewer = Integer.highestOneBit(p.rows() - 1);
      if (!e.isTooLarge() || fewer == 0 || !prepare(p.task(), fewer).endsLike(first)) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private Map<String, Tensor> ended(
      Prepared first, Map<String, Tensor> same, Map<String, Tensor> sums) {
    if (first.last().isEmpty()) {
      return Map.of();
    }
    Map<String, Tensor> feeds = new HashMap<>(same);
    feeds.putAll(once(first, same));
    feeds.putAll(sums);
    return execute(first.last(), feeds);
  }

  private static Tensor zeros(TensorType type) {
    return Tensor.zeros(type.element(), type.shape());
  }

  private Map<String, Tensor> once(Prepared p, Map<String, Tensor> feeds) {
    if (p.once().isEmpty()) {
      return Map.of();
    }
    Map<String, Tensor> needed = needed(p.once().graph(), feeds);
    Once known = once.get(p.once().key());
    if (known == null || !known.feeds().equals(needed)) {
      known = new Once(needed, execute(p.once(), needed));
      once.put(p.once().key(), known);
    }
    return known.outputs();
  }

  /** The batches' sizes, in order. */
  private static List<Integer> sizes(int size, int total) {
    List<Integer> sizes = new ArrayList<>();
    for (int rest = total; rest > 0; rest -= sizes.getLast()) {
      sizes.add(count(rest, size));
    }
    return sizes;
  }

  /**
   * The search begins at twice what one row's memory says: graphs of thousands of rows cost time.
   */
  private int largest(Task task, int total) {
    long row = Math.max(1, Liveness.of(prepare(task, 1).each().graph()).peakBytes());
    int equal = equal(total, (int) Math.clamp(settings.memory() / row, 1, Math.min(most, total)));
    if (equal > 1 && fits(task, equal)) {
      return equal;
    }
    int likely = (int) Math.clamp(2 * settings.memory() / row, 1, Math.min(most, total));
    int size = likely == most ? most : Integer.highestOneBit(likely);
    while (size > 1 && !fits(task, size)) {
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
  private boolean fits(Task task, int rows) {
    try {
      Prepared p = prepare(task, rows);
      return p.hasRows() && fits(p.each().graph());
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
    return (wide ? 2 * peak : peak) <= settings.memory()
        && peak <= backend.service().memory() - liveness.constantBytes();
  }

  private Prepared prepare(Task task, int rows) {
    return prepared
        .computeIfAbsent(task, t -> new HashMap<>())
        .computeIfAbsent(rows, r -> Prepared.of(task, r, settings.rewrites()));
  }

  /** Runs a graph once, as it is. */
  Map<String, Tensor> whole(Graph graph, Map<String, Tensor> feeds, int rows) {
    Map<String, Tensor> outputs = execute(Prepared.Step.of(new Prune().apply(graph)), feeds);
    evaluated += rows;
    return outputs;
  }

  private Map<String, Tensor> execute(Prepared.Step step, Map<String, Tensor> feeds) {
    Map<String, Tensor> needed = needed(step.graph(), feeds);
    try (CompiledGraphs.Use use = backend.graphs().acquire(step.key(), step.graph(), call)) {
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
