package wherefore.backend.reference;

import static java.util.Objects.requireNonNull;

import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import wherefore.compute.Cancellation;
import wherefore.compute.ComputeException;
import wherefore.compute.Executable;
import wherefore.compute.Feeds;
import wherefore.compute.PlanStep;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.Leaf;
import wherefore.graph.Liveness;
import wherefore.graph.Lowering;
import wherefore.graph.Multiplications;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.graph.TensorType;
import wherefore.graph.Widening;
import wherefore.tensor.Tensor;

/**
 * A compiled graph: a kernel for each node, run in the nodes' order. A value is forgotten after its
 * last use. Constants are widened when they are first used, and kept as long as the heap has room.
 */
final class Program implements Executable {
  private final SequencedMap<String, TensorType> inputs;
  private final Graph graph;
  private final Liveness liveness;
  private final List<Optional<Kernel>> kernels;
  private final AtomicReferenceArray<@Nullable SoftReference<Array>> constants;
  private final AtomicLongArray nanos;
  private final AtomicLong runs = new AtomicLong();
  private volatile boolean closed;

  Program(Graph source) {
    this.inputs = source.inputs();
    this.graph = Lowering.allBut(Composites::isWhole).apply(Widening.widen(source));
    this.liveness = Liveness.of(graph);
    this.kernels = graph.nodes().stream().map(this::kernel).toList();
    this.constants = new AtomicReferenceArray<>(graph.nodes().size());
    this.nanos = new AtomicLongArray(graph.nodes().size());
  }

  private Optional<Kernel> kernel(Node node) {
    List<TensorType> in = graph.operands(node).stream().map(Node::type).toList();
    return switch (node.op()) {
      case Leaf leaf -> Optional.empty();
      case Primitive primitive -> Optional.of(Primitives.kernel(primitive, in, node.type()));
      case Composite composite -> Composites.kernel(composite, in, node.type());
    };
  }

  @Override
  public Map<String, Tensor> run(Map<String, Tensor> feeds, Cancellation cancellation) {
    if (closed) {
      throw new IllegalStateException("this executable is closed; compile the graph again");
    }
    Map<String, Tensor> fed = Feeds.check(inputs, feeds);
    Work work = new Work(cancellation);
    List<@Nullable Array> values = new ArrayList<>();
    for (Node node : graph.nodes()) {
      cancellation.check();
      long start = System.nanoTime();
      values.add(compute(node, fed, values, work));
      nanos.addAndGet(node.id(), System.nanoTime() - start);
      forget(node, values);
    }
    runs.incrementAndGet();
    Map<String, Tensor> results = new LinkedHashMap<>();
    graph.outputs().forEach((name, id) -> results.put(name, value(id, values).toTensor()));
    return results;
  }

  private @Nullable Array compute(
      Node node, Map<String, Tensor> fed, List<@Nullable Array> values, Work work) {
    return switch (node.op()) {
      case Leaf.Input input -> Array.of(requireNonNull(fed.get(input.name())));
      case Leaf.Constant constant -> null;
      default -> apply(node, values, work);
    };
  }

  private Array apply(Node node, List<@Nullable Array> values, Work work) {
    List<Array> operands = node.inputs().stream().map(id -> value(id, values)).toList();
    try {
      return kernels.get(node.id()).orElseThrow().apply(operands, work);
    } catch (ComputeException e) {
      throw new ComputeException(node.describe() + ": " + e.getMessage(), e);
    }
  }

  private void forget(Node node, List<@Nullable Array> values) {
    for (int id : node.inputs()) {
      if (liveness.lastUse(id) == node.id()) {
        values.set(id, null);
      }
    }
  }

  private Array value(int id, List<@Nullable Array> values) {
    Array value = values.get(id);
    return value != null ? value : constant(id);
  }

  private Array constant(int id) {
    SoftReference<Array> known = constants.get(id);
    Array kept = known == null ? null : known.get();
    if (kept != null) {
      return kept;
    }
    if (!(graph.node(id).op() instanceof Leaf.Constant constant)) {
      throw new AssertionError(graph.node(id).describe() + " was forgotten too early");
    }
    Array widened = Array.of(constant.value());
    constants.set(id, new SoftReference<>(widened));
    return widened;
  }

  /** A step for each node but the leaves. */
  @Override
  public List<PlanStep> plan() {
    return graph.nodes().stream().filter(n -> !(n.op() instanceof Leaf)).map(this::step).toList();
  }

  private PlanStep step(Node node) {
    boolean product =
        node.op() instanceof Primitive.Conv
            || node.op() instanceof Primitive.ConvTranspose
            || node.op() instanceof Primitive.MatMul
            || node.op() instanceof Composite.Gemm;
    return new PlanStep(
        node.toString(),
        node.origin(),
        node.op().name(),
        nanos.get(node.id()) / 1e6 / Math.max(1, runs.get()),
        node.type().bytes(),
        product ? 2 * Multiplications.of(graph, node) : 0);
  }

  @Override
  public long nativeBytes() {
    return 0;
  }

  @Override
  public void close() {
    closed = true;
  }
}
