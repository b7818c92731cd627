package wherefore.testkit;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.graph.Window;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.Network;
import wherefore.model.Port;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Small models in float64 with seeded weights: what contract tests ask methods about. */
public final class TestModels {
  private TestModels() {}

  /**
   * A model with one input and one output.
   *
   * @param input the input's shape behind the batch axis
   * @param outputs the number of classes
   * @param body from the builder and the input [n, …] to the output [n, outputs]
   */
  public static Model of(
      String name, Shape input, int outputs, BiFunction<GraphBuilder, Value, Value> body) {
    Network.White network =
        shapes -> {
          GraphBuilder b = new GraphBuilder();
          Value x = b.input("x", ElementType.FLOAT64, requireNonNull(shapes.get("x")));
          return b.output("y", body.apply(b, x)).build();
        };
    List<Port.Axis> axes = new ArrayList<>(List.of(Port.Axis.free("n")));
    for (int d : input.dims()) {
      axes.add(Port.Axis.fixed(d));
    }
    Port in = new Port("x", ElementType.FLOAT64, axes);
    List<Port.Axis> classes = List.of(Port.Axis.free("n"), Port.Axis.fixed(outputs));
    Port out = new Port("y", ElementType.FLOAT64, classes);
    return new Model(
        name, "test", name, "made by a test", ModelCard.EMPTY, List.of(in), List.of(out), network);
  }

  /** Six inputs, of which the last does nothing; tanh, ReLU, three outputs, softmax. */
  public static Model perceptron() {
    SplittableRandom random = new SplittableRandom(1);
    Tensor first = withoutInput(normal(random, Shape.of(6, 8), 0.8), 5);
    Tensor second = normal(random, Shape.of(8, 7), 0.6);
    Tensor third = normal(random, Shape.of(7, 3), 0.7);
    return of(
        "perceptron",
        Shape.of(6),
        3,
        (b, x) -> {
          b.at("hidden1");
          Value h = b.unary(UnaryFunction.TANH, b.matMul(x, b.constant(first)));
          b.at("hidden2");
          h = b.apply(new Composite.Relu(), b.matMul(h, b.constant(second)));
          b.at("logits");
          Value logits = b.matMul(h, b.constant(third));
          return b.at("softmax").apply(new Composite.Softmax(1), logits);
        });
  }

  /** Images [2, 7, 6]; convolution, ReLU, max pooling, residual sum, dense; four outputs. */
  public static Model convolutional() {
    SplittableRandom random = new SplittableRandom(2);
    Tensor kernel = normal(random, Shape.of(3, 2, 3, 3), 0.4);
    Tensor inner = normal(random, Shape.of(3, 3, 3, 3), 0.3);
    Tensor dense = normal(random, Shape.of(27, 4), 0.4);
    Window same = Window.of(3, 3).pads(1, 1);
    return of(
        "convolutional",
        Shape.of(2, 7, 6),
        4,
        (b, x) -> {
          b.at("conv1");
          Value h = b.apply(new Primitive.Conv(same, 1), x, b.constant(kernel));
          h = b.at("relu1").apply(new Composite.Relu(), h);
          h = b.at("pool").apply(new Composite.MaxPool(Window.of(2, 2).strides(2, 2)), h);
          b.at("conv2");
          Value r = b.apply(new Primitive.Conv(same, 1), h, b.constant(inner));
          h = b.at("residual").add(h, b.apply(new Composite.Softplus(), r));
          b.at("dense");
          return b.matMul(b.reshape(h, Shape.of(x.shape().dim(0), 27)), b.constant(dense));
        });
  }

  /**
   * Images [2, 7, 6]; convolution, ReLU, max pooling, mean over the places, dense; four outputs.
   */
  public static Model pooled() {
    SplittableRandom random = new SplittableRandom(3);
    Tensor kernel = normal(random, Shape.of(3, 2, 3, 3), 0.4);
    Tensor dense = normal(random, Shape.of(3, 4), 0.6);
    Tensor bias = normal(random, Shape.of(4), 0.1);
    return of(
        "pooled",
        Shape.of(2, 7, 6),
        4,
        (b, x) -> {
          b.at("conv1");
          Window same = Window.of(3, 3).pads(1, 1);
          Value h = b.apply(new Primitive.Conv(same, 1), x, b.constant(kernel));
          h = b.at("relu1").apply(new Composite.Relu(), h);
          h = b.at("pool").apply(new Composite.MaxPool(Window.of(2, 2).strides(2, 2)), h);
          h = b.at("mean").apply(new Composite.ReduceMean(List.of(2, 3)), h);
          h = b.at("flatten").reshape(h, Shape.of(x.shape().dim(0), 3));
          b.at("dense");
          return b.apply(
              new Composite.Gemm(1, 1, false, false), h, b.constant(dense), b.constant(bias));
        });
  }

  /** f(x) = w · x + 3, one output. */
  public static Model linear(double... weights) {
    Tensor w = Tensor.of(Shape.of(weights.length, 1), weights);
    return of(
        "linear",
        Shape.of(weights.length),
        1,
        (b, x) -> b.at("linear").add(b.matMul(x, b.constant(w)), 3));
  }

  /** A function without a graph: the sum of squares of four numbers. */
  public static Model blackBox() {
    Network.Black network =
        inputs -> {
          Tensor x = inputs.values().iterator().next();
          double[] sums = new double[x.shape().dim(0)];
          for (int i = 0; i < x.size(); i++) {
            sums[i / 4] += x.get(i) * x.get(i);
          }
          return Map.of("y", Tensor.of(Shape.of(sums.length, 1), sums));
        };
    Port in = new Port("x", ElementType.FLOAT64, List.of(Port.Axis.free("n"), Port.Axis.fixed(4)));
    Port out = new Port("y", ElementType.FLOAT64, List.of(Port.Axis.free("n"), Port.Axis.fixed(1)));
    return new Model(
        "black-box",
        "test",
        "black-box",
        "made by a test",
        ModelCard.EMPTY,
        List.of(in),
        List.of(out),
        network);
  }

  /** Normally distributed numbers, float64. */
  public static Tensor normal(SplittableRandom random, Shape shape, double deviation) {
    double[] values = new double[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = deviation * random.nextGaussian();
    }
    return Tensor.of(shape, values);
  }

  /** An input for a model with one input, one example. */
  public static Tensor example(Model model, long seed) {
    int[] dims =
        model.inputs().get(0).axes().stream().mapToInt(a -> a.isFree() ? 1 : a.extent()).toArray();
    return normal(new SplittableRandom(seed), Shape.of(dims), 1);
  }

  private static Tensor withoutInput(Tensor weights, int input) {
    double[] values = weights.toDoubles();
    int columns = weights.shape().dim(1);
    Arrays.fill(values, input * columns, (input + 1) * columns, 0);
    return Tensor.of(weights.shape(), values);
  }
}
