package wherefore.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Comparison;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Random small graphs over the whole vocabulary, well-conditioned: values stay within a few units,
 * functions are kept away from their poles, and nothing jumps with a computed value (conditions and
 * indices come from inputs), so that a backend's rounding stays rounding.
 */
public final class RandomGraphs {
  private static final int LARGEST = 400;

  /**
   * A graph and something to feed it with.
   *
   * @param graph the graph
   * @param feeds for all of its inputs
   */
  public record Example(Graph graph, Map<String, Tensor> feeds) {}

  private final Data data;
  private final GraphBuilder b = new GraphBuilder();
  private final Map<String, Tensor> feeds = new TreeMap<>();
  private final List<Value> pool = new ArrayList<>();
  private final RandomSteps steps;

  private RandomGraphs(long seed) {
    this.data = new Data(seed);
    this.steps = new RandomSteps(b, data);
  }

  /** The seeds 0 to {@code count − 1}, or the one that {@code -Dwherefore.seed} names. */
  public static LongStream seeds(int count) {
    Long seed = Long.getLong(BackendContract.SEED);
    return seed == null ? LongStream.range(0, count) : LongStream.of(seed);
  }

  /**
   * A graph for comparing backends: of even seeds one as {@link #example} makes it, of odd ones a
   * network as models are, with its gradient.
   */
  public static Example any(long seed) {
    return seed % 2 == 0 ? example(seed) : RandomNetworks.example(seed);
  }

  /** The graph of a seed. */
  public static Example example(long seed) {
    RandomGraphs r = new RandomGraphs(seed);
    int inputs = r.below(2) + 1;
    for (int i = 0; i < inputs; i++) {
      r.feed("x" + i, r.data.normal(r.dims()));
    }
    int count = 4 + r.below(9);
    for (int i = 0; i < count; i++) {
      r.step();
    }
    r.b.output("y", r.pool.get(r.pool.size() - 1));
    r.b.output("z", r.any());
    return new Example(r.b.build(), Map.copyOf(r.feeds));
  }

  private int below(int bound) {
    return data.random().nextInt(bound);
  }

  private Value any() {
    return pool.get(below(pool.size()));
  }

  private int[] dims() {
    return switch (below(5)) {
      case 0 -> new int[] {1 + below(7), 1 + below(11)};
      case 1 -> new int[] {1 + below(3), 1 + below(4), 3 + below(9)};
      case 2 -> new int[] {1 + below(2), 1 + below(2), 2 + below(3), 2 + below(3), 2 + below(3)};
      default -> new int[] {1 + below(2), 1 + below(4), 3 + below(4), 3 + below(4)};
    };
  }

  private Value feed(String name, Tensor tensor) {
    Value value = b.input(name, tensor.type(), tensor.shape());
    feeds.put(name, tensor);
    if (tensor.type().isFloating()) {
      pool.add(value);
    }
    return value;
  }

  private void step() {
    b.at("layer" + pool.size());
    Value x = any();
    Value y =
        switch (below(6)) {
          case 0 -> binary(x);
          case 1 -> chosen(x);
          default -> steps.apply(x);
        };
    boolean fits = y.shape().size() > 0 && y.shape().size() <= LARGEST;
    pool.add(fits ? y : b.unary(UnaryFunction.TANH, x));
  }

  /** With another value of the same shape, or one that stretches. */
  private Value binary(Value x) {
    List<Value> fitting = pool.stream().filter(v -> v.shape().broadcastsTo(x.shape())).toList();
    Value y = fitting.get(below(fitting.size()));
    Value bounded = b.unary(UnaryFunction.TANH, y);
    Value square = b.mul(bounded, bounded);
    return switch (below(8)) {
      case 0 -> b.mul(b.add(x, y), 0.5);
      case 1 -> b.sub(x, bounded);
      case 2 -> b.mul(x, bounded);
      case 3 -> b.div(x, b.add(square, 1));
      case 4 -> b.binary(BinaryFunction.MAX, x, y);
      case 5 -> b.binary(BinaryFunction.MIN, x, y);
      case 6 -> b.binary(BinaryFunction.POW, b.add(square, 0.5), bounded);
      default -> steps.concat(x, y);
    };
  }

  /** A choice by a fed condition, or slices by fed indices. */
  private Value chosen(Value x) {
    int number = feeds.size();
    Shape shape = x.shape();
    return switch (below(4)) {
      case 0 -> {
        Value condition = feed("c" + number, data.truths(shape.dims()));
        yield b.where(condition, x, b.mul(x, -0.5));
      }
      case 1 -> {
        Value n = feed("n" + number, data.integers(-3, 4, shape.dims()));
        Value small = b.compare(Comparison.LESS_OR_EQUAL, n, b.number(0, n));
        yield b.where(small, x, b.mul(b.cast(n, ElementType.FLOAT32), 0.3));
      }
      default -> {
        int axis = below(shape.rank());
        int extent = shape.dim(axis);
        Value index = feed("i" + number, data.integers(-extent, extent, 1 + below(4)));
        yield steps.gathered(x, index, axis);
      }
    };
  }
}
