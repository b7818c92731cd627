package wherefore.method.perturbation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Interpolation;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.graph.Window;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.testkit.TestModels;

/** Networks of images made up from a seed: local layers in any order, a dense or pooled tail. */
final class RandomImages {
  static final Shape IMAGE = Shape.of(2, 17, 19);

  private final GraphBuilder b;
  private final SplittableRandom random;
  private final List<Value> values = new ArrayList<>();

  private RandomImages(GraphBuilder b, Value x, long seed) {
    this.b = b;
    this.random = new SplittableRandom(seed);
    values.add(x);
  }

  static Model model(long seed) {
    return TestModels.of(
        "random " + seed, IMAGE, 3, (b, x) -> new RandomImages(b, x, seed).network());
  }

  private Value network() {
    int steps = 2 + random.nextInt(7);
    for (int i = 0; i < steps; i++) {
      b.at("layer" + i);
      Value from = values.get(Math.max(0, values.size() - 1 - random.nextInt(3)));
      int choice = random.nextInt(17);
      SplittableRandom own = random.split();
      try {
        values.add(step(choice, own, from));
      } catch (GraphException e) {
        // Does not fit these extents: one step less.
      }
    }
    return tail(b.at("tail"), values.getLast());
  }

  private Value tail(GraphBuilder at, Value x) {
    int n = x.shape().dim(0);
    Value flat =
        random.nextBoolean()
            ? at.reshape(x, Shape.of(n, x.shape().size() / n))
            : at.reshape(
                at.apply(new Composite.ReduceMean(List.of(2, 3)), x),
                Shape.of(n, x.shape().dim(1)));
    Shape weights = Shape.of(flat.shape().dim(1), 3);
    return at.matMul(flat, at.constant(TestModels.normal(random.split(), weights, 0.5)));
  }

  private Value step(int choice, SplittableRandom own, Value x) {
    int channels = x.shape().dim(1);
    return switch (choice) {
      case 0, 1, 2, 3 -> conv(own, x);
      case 4 -> b.apply(new Composite.Relu(), x);
      case 5 -> b.unary(UnaryFunction.TANH, x);
      case 6 -> b.apply(new Composite.MaxPool(window(own)), x);
      case 7 -> b.apply(new Composite.AveragePool(window(own), own.nextBoolean()), x);
      case 8 -> b.add(x, equal(own, x));
      case 9 -> b.concat(1, List.of(x, b.mul(equal(own, x), 0.5)));
      case 10 -> b.mul(x, constant(own, 1, channels, 1, 1));
      case 11 -> b.add(x, constant(own, x.shape().with(0, 1).dims()));
      case 12 ->
          b.pad(
              x,
              List.of(0, own.nextInt(2), own.nextInt(3), own.nextInt(3)),
              List.of(0, 0, own.nextInt(2), own.nextInt(3)),
              own.nextInt(2));
      case 13 -> sliced(own, x);
      case 14 -> b.apply(new Composite.Softmax(1), x);
      case 15 -> resized(own, x);
      default ->
          b.apply(
              new Composite.BatchNormalization(0.5),
              x,
              constant(own, channels),
              constant(own, channels),
              constant(own, channels),
              b.mul(constant(own, channels), constant(own, channels)));
    };
  }

  private Value equal(SplittableRandom own, Value x) {
    List<Value> equal = values.stream().filter(v -> v.type().equals(x.type())).toList();
    return equal.get(own.nextInt(equal.size()));
  }

  private Value constant(SplittableRandom own, int... dims) {
    return b.constant(TestModels.normal(own, Shape.of(dims), 1));
  }

  private static Window window(SplittableRandom own) {
    int k = 1 + own.nextInt(3);
    int pad = own.nextInt(k);
    int s = 1 + own.nextInt(2);
    List<Integer> strides = List.of(s, 1 + own.nextInt(2));
    return new Window(
        List.of(k, 3),
        strides,
        List.of(1, 1 + own.nextInt(2)),
        List.of(pad, 1),
        List.of(pad / 2, 0));
  }

  private Value conv(SplittableRandom own, Value x) {
    Window w = window(own);
    int in = x.shape().dim(1);
    int group = own.nextInt(4) == 0 ? in : 1;
    int out = group == 1 ? 1 + own.nextInt(4) : in;
    Value weights = constant(own, out, in / group, w.kernel().get(0), w.kernel().get(1));
    return own.nextBoolean()
        ? b.apply(new Primitive.Conv(w, group), x, weights)
        : b.apply(new Primitive.Conv(w, group), x, weights, constant(own, out));
  }

  private Value sliced(SplittableRandom own, Value x) {
    Shape shape = x.shape();
    int channel = own.nextInt(shape.dim(1));
    return b.apply(
        new Primitive.Slice(
            List.of(0, channel, own.nextInt(2), own.nextInt(3)),
            Arrays.stream(shape.dims()).boxed().toList(),
            List.of(1, 1, 1 + own.nextInt(2), 1)),
        x);
  }

  private Value resized(SplittableRandom own, Value x) {
    List<Integer> extents = new ArrayList<>(Arrays.stream(x.shape().dims()).boxed().toList());
    extents.set(2, extents.get(2) * 2);
    extents.set(3, extents.get(3) * (1 + own.nextInt(3)));
    Interpolation nearest =
        new Interpolation(
            Interpolation.Mode.NEAREST,
            own.nextBoolean()
                ? Interpolation.Coordinates.ASYMMETRIC
                : Interpolation.Coordinates.HALF_PIXEL,
            own.nextBoolean()
                ? Interpolation.Rounding.FLOOR
                : Interpolation.Rounding.ROUND_PREFER_FLOOR,
            -0.75);
    return b.apply(
        new Composite.Resize(
            Collections.unmodifiableList(extents),
            own.nextInt(4) == 0 ? Interpolation.LINEAR : nearest),
        x);
  }
}
