package wherefore.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Interpolation;
import wherefore.graph.Op;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.graph.Window;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** The operators of {@link RandomGraphs} that take one value: each keeps it within a few units. */
final class RandomSteps {
  private final GraphBuilder b;
  private final Data data;

  RandomSteps(GraphBuilder b, Data data) {
    this.b = b;
    this.data = data;
  }

  private int below(int bound) {
    return data.random().nextInt(bound);
  }

  private boolean coin() {
    return data.random().nextBoolean();
  }

  Value apply(Value x) {
    boolean image = x.shape().rank() >= 3;
    return switch (below(image ? 12 : 7)) {
      case 0 -> unary(x);
      case 1 -> activation(x);
      case 2, 3 -> form(x);
      case 4 -> reduction(x);
      case 5 -> product(x);
      case 6 -> normalization(x);
      case 7, 8 -> convolution(x);
      case 9 -> pool(x);
      case 10 -> resize(x);
      default -> windows(x);
    };
  }

  private Value unary(Value x) {
    UnaryFunction[] all = UnaryFunction.values();
    UnaryFunction f = all[below(all.length)];
    Value bounded = b.unary(UnaryFunction.TANH, x);
    Value square = b.mul(bounded, bounded);
    return switch (f) {
      case NOT, SIGN, FLOOR, CEIL, ROUND -> b.mul(bounded, 0.7);
      case RECIPROCAL, LOG, SQRT -> b.unary(f, b.add(square, 0.4));
      case ASIN, ACOS, ATANH -> b.unary(f, b.mul(bounded, 0.9));
      case ACOSH -> b.unary(f, b.add(square, 1.2));
      case EXP, SINH, COSH, TAN -> b.unary(f, bounded);
      default -> b.unary(f, x);
    };
  }

  private Value activation(Value x) {
    List<Composite.Activation> all = CompositeCases.activations();
    return b.apply(all.get(below(all.size())), x);
  }

  /** Forms that change no number. */
  private Value form(Value x) {
    int rank = x.shape().rank();
    int axis = below(rank);
    int extent = x.shape().dim(axis);
    return switch (below(7)) {
      case 0 -> {
        List<Integer> order = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
        Collections.shuffle(order, new Random(data.random().nextLong()));
        yield b.transpose(x, order);
      }
      case 1 -> b.apply(new Primitive.Reverse(List.of(axis)), x);
      case 2 -> b.slice(x, axis, below(extent), extent);
      case 3 -> {
        List<Integer> steps = new ArrayList<>(Collections.nCopies(rank, 1));
        steps.set(axis, 2);
        List<Integer> ends = Arrays.stream(x.shape().dims()).boxed().toList();
        yield b.apply(new Primitive.Slice(Collections.nCopies(rank, 0), ends, steps), x);
      }
      case 4 -> {
        List<Integer> none = new ArrayList<>(Collections.nCopies(rank, 0));
        List<Integer> before = new ArrayList<>(none);
        List<Integer> between = new ArrayList<>(none);
        before.set(axis, below(3));
        between.set(axis, below(2));
        yield b.apply(new Primitive.Pad(before, none, between, coin() ? 0 : 0.25), x);
      }
      case 5 -> b.reshape(x, Shape.of(x.shape().dim(0), x.shape().size() / x.shape().dim(0)));
      default -> {
        Value column = b.apply(new Primitive.ReduceMax(axis), x);
        yield b.expand(column, x.shape().with(axis, 1 + below(4)));
      }
    };
  }

  Value concat(Value x, Value y) {
    return x.shape().equals(y.shape())
        ? b.concat(below(x.shape().rank()), List.of(x, y, x))
        : b.concat(0, List.of(x, b.neg(x)));
  }

  Value gathered(Value x, Value index, int axis) {
    Value slices = b.apply(new Primitive.Gather(axis), x, index);
    Primitive.ScatterAdd back = new Primitive.ScatterAdd(axis, x.shape().dim(axis));
    return coin() ? slices : b.mul(b.apply(back, slices, index), 0.5);
  }

  private Value reduction(Value x) {
    int axis = below(x.shape().rank());
    int extent = x.shape().dim(axis);
    return switch (below(4)) {
      case 0 -> b.mul(b.sum(x, List.of(axis)), 1.0 / extent);
      case 1 -> b.max(x, List.of(axis));
      case 2 -> b.apply(new Composite.ReduceMean(List.of(axis)), x);
      default -> b.sub(x, b.mul(b.sum(x, List.of(axis)), 1.0 / extent));
    };
  }

  private Tensor weights(int fanIn, int... dims) {
    double bound = Math.sqrt(2.0 / Math.max(1, fanIn));
    return data.uniform(-bound, bound, dims);
  }

  private Value product(Value x) {
    int depth = x.shape().dim(-1);
    int columns = 1 + below(9);
    int outer = x.shape().size() / depth;
    Value rows = b.reshape(x, Shape.of(outer, depth));
    return switch (below(4)) {
      case 0 -> b.matMul(x, b.constant(weights(depth, depth, columns)));
      case 1 -> {
        Composite.Gemm gemm = new Composite.Gemm(1, coin() ? 1 : -0.5, false, true);
        Value w = b.constant(weights(depth, columns, depth));
        yield b.apply(gemm, rows, w, b.constant(weights(4, columns)));
      }
      case 2 -> {
        Value gram = b.apply(new Primitive.MatMul(true, false), rows, rows);
        yield b.unary(UnaryFunction.TANH, b.mul(gram, 1.0 / outer));
      }
      default -> {
        Value gram = b.apply(new Primitive.MatMul(false, true), rows, rows);
        yield b.apply(new Composite.Softmax(1), b.mul(gram, 1.0 / depth));
      }
    };
  }

  private Value normalization(Value x) {
    int rank = x.shape().rank();
    int c = x.shape().dim(1);
    Value scale = b.constant(data.uniform(0.5, 1.5, c));
    Value shift = b.constant(data.uniform(-0.5, 0.5, c));
    int last = x.shape().dim(-1);
    return switch (below(8)) {
      case 0 -> b.apply(new Composite.Softmax(below(rank)), x);
      case 1 -> b.mul(b.apply(new Composite.LogSoftmax(below(rank)), x), 0.3);
      case 2 -> {
        Value mean = b.constant(data.uniform(-0.5, 0.5, c));
        Value variance = b.constant(data.uniform(0.5, 1.5, c));
        yield b.apply(new Composite.BatchNormalization(1e-2), x, scale, shift, mean, variance);
      }
      case 3 -> {
        Value weight = b.constant(data.uniform(0.5, 1.5, last));
        yield b.apply(new Composite.LayerNormalization(rank - 1, 0.3), x, weight);
      }
      case 4 -> rank < 3 ? x : b.apply(new Composite.InstanceNormalization(0.3), x, scale, shift);
      case 5 -> {
        Composite op = new Composite.GroupNormalization(c % 2 == 0 ? 2 : 1, 0.3);
        yield b.apply(op, x, scale, shift);
      }
      case 6 -> b.apply(new Composite.LRN(1 + below(4), 0.2, 0.75, 1), x);
      default -> {
        Value slope = b.reshape(scale, Shape.of(channelwise(rank, c)));
        yield b.apply(new Composite.PRelu(), x, b.mul(slope, 0.2));
      }
    };
  }

  private static int[] channelwise(int rank, int channels) {
    int[] dims = new int[rank];
    Arrays.fill(dims, 1);
    dims[1] = channels;
    return dims;
  }

  /** A window that fits into x at least once. */
  private Window window(Value x, boolean padded) {
    int rank = x.shape().rank() - 2;
    List<Integer> kernel = new ArrayList<>();
    List<Integer> dilations = new ArrayList<>();
    List<Integer> strides = new ArrayList<>();
    List<Integer> before = new ArrayList<>();
    List<Integer> after = new ArrayList<>();
    for (int a = 0; a < rank; a++) {
      int extent = x.shape().dim(a + 2);
      int taps = 1 + below(Math.min(3, extent));
      kernel.add(taps);
      dilations.add((taps - 1) * 2 + 1 <= extent && coin() ? 2 : 1);
      strides.add(1 + below(3));
      before.add(padded && taps > 1 ? below(taps) : 0);
      after.add(padded && taps > 1 ? below(taps) : 0);
    }
    return new Window(kernel, strides, dilations, before, after);
  }

  private Value convolution(Value x) {
    int rank = x.shape().rank() - 2;
    int c = x.shape().dim(1);
    int group = coin() ? c : 1;
    int each = 1 + below(3);
    Window w = window(x, true);
    int taps = w.kernel().stream().reduce(1, (p, q) -> p * q);
    int[] dims = new int[rank + 2];
    Arrays.setAll(dims, a -> a < 2 ? 0 : w.kernel().get(a - 2));
    boolean transposed = coin();
    dims[0] = transposed ? c : each * group;
    dims[1] = transposed ? each : c / group;
    Tensor kernel = weights(c / group * taps, dims);
    if (!transposed) {
      Value bias = b.constant(weights(4, each * group));
      return b.apply(new Primitive.Conv(w, group), x, b.constant(kernel), bias);
    }
    Window open = w.unpadded();
    List<Integer> extra = open.strides().stream().map(s -> below(s)).toList();
    return b.apply(new Primitive.ConvTranspose(open, extra, group), x, b.constant(kernel));
  }

  private Value pool(Value x) {
    Window w = window(x, true);
    Op op = coin() ? new Composite.MaxPool(w) : new Composite.AveragePool(w, true);
    return b.apply(op, x);
  }

  private Value resize(Value x) {
    Interpolation.Mode mode = Interpolation.Mode.values()[below(3)];
    Interpolation.Coordinates c = Interpolation.Coordinates.values()[below(4)];
    Interpolation i = new Interpolation(mode, c, Interpolation.Rounding.FLOOR, -0.75);
    List<Integer> extents = new ArrayList<>();
    for (int a = 0; a < x.shape().rank(); a++) {
      extents.add(a < 2 ? x.shape().dim(a) : 1 + below(6));
    }
    return b.apply(new Composite.Resize(extents, i), x);
  }

  private Value windows(Value x) {
    Window w = window(x, false);
    Value all = b.apply(new Primitive.Windows(w), x);
    List<Integer> extents = new ArrayList<>();
    for (int a = 2; a < x.shape().rank(); a++) {
      extents.add(x.shape().dim(a));
    }
    Value sums = b.apply(new Primitive.OverlapAdd(w, extents), all);
    return coin() ? b.mul(sums, 0.3) : all;
  }
}
