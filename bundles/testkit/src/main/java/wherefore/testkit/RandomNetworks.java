package wherefore.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import wherefore.graph.Comparison;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Op;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.graph.Window;
import wherefore.propagate.Backward;
import wherefore.propagate.Vjp;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Networks made up from a seed, as models are: channels in the numbers that backends have special
 * layouts for, chains that they fuse; some of images, some of matrices, forward and backward.
 */
final class RandomNetworks {
  private final Data data;
  private final SplittableRandom random;
  private final GraphBuilder b = new GraphBuilder();
  private final List<Value> values = new ArrayList<>();

  private RandomNetworks(long seed) {
    this.data = new Data(seed);
    this.random = data.random();
  }

  static RandomGraphs.Example example(long seed) {
    RandomNetworks networks = new RandomNetworks(seed);
    Graph graph = networks.graph();
    Map<String, Tensor> feeds = new TreeMap<>();
    graph
        .inputs()
        .forEach((name, type) -> feeds.put(name, networks.data.normal(type.shape().dims())));
    return new RandomGraphs.Example(graph, Map.copyOf(feeds));
  }

  private Graph graph() {
    boolean image = random.nextBoolean();
    Shape shape =
        image
            ? Shape.of(
                1 + random.nextInt(2), channels(), 4 + random.nextInt(5), 4 + random.nextInt(5))
            : Shape.of(1 + random.nextInt(4), 1 + random.nextInt(20), 1 + random.nextInt(20));
    Value x = b.input("x", ElementType.FLOAT32, shape);
    values.add(x);
    int steps = 3 + random.nextInt(10);
    for (int i = 0; i < steps; i++) {
      Value from = values.get(Math.max(0, values.size() - 1 - random.nextInt(3)));
      try {
        values.add(image && from.shape().rank() == 4 ? imageStep(from) : anyStep(from));
      } catch (GraphException e) {
        // Does not fit these shapes: one step less.
      }
    }
    Value y = values.getLast();
    b.output("y", y);
    if (random.nextBoolean()) {
      b.output("between", values.get(values.size() / 2));
    }
    Value seed = b.input("seed", y.element(), y.shape());
    b.output("dx", Backward.run(b, Map.of(y, seed), List.of(x), Vjp.book()).get(0));
    return b.build();
  }

  private int channels() {
    int[] usual = {1, 3, 8, 16, 24, 5, 12, 32};
    return usual[random.nextInt(usual.length)];
  }

  private Value imageStep(Value x) {
    return switch (random.nextInt(9)) {
      case 0, 1, 2 -> conv(x);
      case 3 -> b.apply(new Composite.Relu(), x);
      case 4 -> b.apply(new Composite.MaxPool(window(x)), x);
      case 5 -> b.apply(new Composite.AveragePool(window(x), random.nextBoolean()), x);
      case 6 -> sumOfEqual(x);
      case 7 -> normalized(x);
      default -> anyStep(x);
    };
  }

  private Value sumOfEqual(Value x) {
    List<Value> equal = values.stream().filter(v -> v.type().equals(x.type())).toList();
    Value other = equal.get(random.nextInt(equal.size()));
    return random.nextInt(3) == 0 ? b.mul(x, other) : b.add(x, other);
  }

  private Value normalized(Value x) {
    int c = x.shape().dim(1);
    return b.apply(
        new Composite.BatchNormalization(0.5),
        x,
        constant(c),
        constant(c),
        constant(c),
        b.constant(data.uniform(0.1, 2, c)));
  }

  private Value constant(int... dims) {
    return b.constant(data.normal(dims));
  }

  private Window window(Value x) {
    int k = 1 + random.nextInt(3);
    int s = 1 + random.nextInt(2);
    int p = random.nextInt(k);
    return Window.of(k, k).strides(s, s).pads(p, p / 2);
  }

  private Value conv(Value x) {
    Window w = window(x);
    int in = x.shape().dim(1);
    int group = random.nextInt(4) == 0 ? in : 1;
    int out = group == 1 ? channels() : in;
    int k = w.kernel().get(0);
    Value weights = b.mul(constant(out, in / group, k, k), 1 / Math.sqrt(in / group * k * k));
    return random.nextBoolean()
        ? b.apply(new Primitive.Conv(w, group), x, weights)
        : b.apply(new Primitive.Conv(w, group), x, weights, constant(out));
  }

  private Value anyStep(Value x) {
    int rank = x.shape().rank();
    int axis = random.nextInt(rank);
    return switch (random.nextInt(18)) {
      case 0 -> b.apply(activation(), x);
      case 1 -> b.unary(function(), x);
      case 2 -> sumOfEqual(x);
      case 3 -> b.transpose(x, permutation(rank));
      case 4 -> b.reshape(x, Shape.of(x.shape().dim(0), x.shape().size() / x.shape().dim(0)));
      case 5 -> b.sub(x, b.sum(x, List.of(axis)));
      case 6 -> b.apply(new Composite.Softmax(axis), x);
      case 7 -> b.slice(x, axis, 0, 1 + random.nextInt(x.shape().dim(axis)));
      case 8 -> b.concat(axis, List.of(x, b.mul(x, 0.5)));
      case 9 -> b.max(x, List.of(axis));
      case 10 -> b.matMul(x, constant(x.shape().dim(-1), 1 + random.nextInt(20)));
      case 11 -> b.add(b.matMul(x, constant(x.shape().dim(-1), 7)), constant(7));
      case 12 -> b.apply(new Primitive.Reverse(List.of(axis)), x);
      case 13 -> gated(x);
      case 14 -> b.pad(x, ones(rank, 1), ones(rank, 0), random.nextInt(2));
      case 15 -> b.matMul(x, b.transpose(x, swap(rank)));
      case 16 -> b.mul(b.add(x, constant(x.shape().dim(-1))), b.neg(x));
      default ->
          b.apply(new Composite.LayerNormalization(rank - 1, 0.1), x, constant(x.shape().dim(-1)));
    };
  }

  private Value gated(Value x) {
    Value c = b.compare(Comparison.LESS, b.number(random.nextInt(2), x), x);
    return random.nextBoolean() ? b.mul(x, b.cast(c, x.element())) : b.where(c, x, b.mul(x, 0.1));
  }

  private List<Integer> ones(int rank, int value) {
    return IntStream.range(0, rank).mapToObj(a -> value).toList();
  }

  private List<Integer> permutation(int rank) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
    for (int a = rank - 1; a > 0; a--) {
      Collections.swap(order, a, random.nextInt(a + 1));
    }
    return order;
  }

  private static List<Integer> swap(int rank) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
    if (rank > 1) {
      Collections.swap(order, rank - 1, rank - 2);
    }
    return order;
  }

  private Op activation() {
    List<Op> all =
        List.of(
            new Composite.Relu(),
            new Composite.LeakyRelu(0.1),
            new Composite.Elu(1),
            new Composite.Gelu(random.nextBoolean()),
            new Composite.Swish(1),
            new Composite.Softplus(),
            new Composite.HardSwish(),
            new Composite.Clip(-1, 1));
    return all.get(random.nextInt(all.size()));
  }

  private UnaryFunction function() {
    UnaryFunction[] tame = {
      UnaryFunction.TANH,
      UnaryFunction.SIGMOID,
      UnaryFunction.SIN,
      UnaryFunction.ERF,
      UnaryFunction.ABS,
      UnaryFunction.NEG,
      UnaryFunction.ATAN
    };
    return tame[random.nextInt(tame.length)];
  }
}
