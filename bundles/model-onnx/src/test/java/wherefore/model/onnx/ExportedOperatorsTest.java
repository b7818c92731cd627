package wherefore.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wherefore.backend.reference.ReferenceBackend;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Comparison;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Interpolation;
import wherefore.graph.Op;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.graph.Window;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.model.Network;
import wherefore.model.Port;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.Closeness;
import wherefore.testkit.Run;

/** Each operator by itself, written and read again. */
class ExportedOperatorsTest {
  @TempDir Path folder;

  private static final Random RANDOM = new Random(7);

  private static Tensor random(int... dims) {
    Shape shape = Shape.of(dims);
    return Tensor.of(shape, RANDOM.doubles(shape.size(), -1, 1).toArray());
  }

  private static Model model(Shape example, BiFunction<GraphBuilder, Value, Value> body) {
    List<Port.Axis> axes = new ArrayList<>(List.of(Port.Axis.free("batch")));
    for (int dim : example.dims()) {
      axes.add(Port.Axis.fixed(dim));
    }
    Network.White network =
        shapes -> {
          GraphBuilder b = new GraphBuilder();
          Value x = b.at("").input("x", ElementType.FLOAT64, shapes.getOrDefault("x", example));
          return b.output("y", body.apply(b.at("layer"), x)).build();
        };
    Graph one = network.graph(Map.of("x", Shape.of(1).concat(example)));
    List<Port.Axis> out = new ArrayList<>(List.of(Port.Axis.free("batch")));
    Shape result = one.output("y").shape();
    for (int dim : result.axes(1, result.rank()).dims()) {
      out.add(Port.Axis.fixed(dim));
    }
    return new Model(
        "made",
        "test",
        "",
        "",
        ModelCard.EMPTY,
        List.of(new Port("x", ElementType.FLOAT64, axes)),
        List.of(new Port("y", one.output("y").type().element(), out)),
        network);
  }

  private Model reloaded(Model model) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new OnnxExporter().export(model, out);
    Path file = folder.resolve("made.onnx");
    Files.write(file, out.toByteArray());
    return new OnnxLoader().load(file, ModelCard.EMPTY);
  }

  private static Tensor run(Model model, Tensor x) {
    return Run.output(
        new ReferenceBackend(), model.graph(Map.of("x", x.shape())), Map.of("x", x), "y");
  }

  private void check(Shape example, BiFunction<GraphBuilder, Value, Value> body)
      throws IOException {
    Model model = model(example, body);
    Model again = reloaded(model);
    assertEquals(model.inputs(), again.inputs());
    assertEquals(model.outputs(), again.outputs());
    for (int batch : new int[] {1, 2, 5}) {
      Tensor x = random(Shape.of(batch).concat(example).dims());
      Closeness.assertClose(run(model, x), run(again, x), 1e-6, 1e-7, "batch " + batch);
      assertEquals(
          List.copyOf(model.graph(Map.of("x", x.shape())).layers().keySet()),
          List.copyOf(again.graph(Map.of("x", x.shape())).layers().keySet()));
    }
  }

  private void op(Shape example, Op op, Tensor... parameters) throws IOException {
    check(
        example,
        (b, x) -> {
          List<Value> operands = new ArrayList<>(List.of(x));
          List.of(parameters).forEach(p -> operands.add(b.constant(p)));
          return b.apply(op, operands);
        });
  }

  @Test
  void activations() throws IOException {
    Shape shape = Shape.of(3, 4);
    for (Composite op :
        List.of(
            new Composite.Relu(),
            new Composite.LeakyRelu(0.1),
            new Composite.ThresholdedRelu(0.3),
            new Composite.Elu(0.5),
            new Composite.Celu(0.5),
            new Composite.Selu(1.5, 1.1),
            new Composite.Gelu(false),
            new Composite.Gelu(true),
            new Composite.Swish(1),
            new Composite.Swish(1.5),
            new Composite.Mish(),
            new Composite.Softplus(),
            new Composite.Softsign(),
            new Composite.HardSigmoid(0.3, 0.4),
            new Composite.HardSwish(),
            new Composite.Clip(-0.5, Double.POSITIVE_INFINITY),
            new Composite.Softmax(1),
            new Composite.LogSoftmax(2))) {
      op(shape, op);
    }
    op(shape, new Composite.PRelu(), random(3, 1));
  }

  @Test
  void normalizationsAndPooling() throws IOException {
    Shape image = Shape.of(4, 6, 5);
    Window window = Window.of(3, 2).strides(2, 1).pads(1, 0);
    op(image, new Composite.InstanceNormalization(1e-3), random(4), random(4));
    op(image, new Composite.GroupNormalization(2, 1e-3), random(4), random(4));
    op(image, new Composite.LayerNormalization(2, 1e-3), random(6, 5), random(6, 5));
    op(image, new Composite.LRN(3, 0.5, 0.75, 2));
    op(image, new Composite.MaxPool(window));
    op(image, new Composite.AveragePool(window, true));
    op(image, new Composite.AveragePool(window.dilations(2, 1), false));
    op(image, new Composite.ReduceMean(List.of(2, 3)));
    Tensor variance = Tensor.of(Shape.of(4), 0.5, 1.0, 1.5, 2.0);
    op(image, new Composite.BatchNormalization(1e-3), random(4), random(4), random(4), variance);
    check(
        image,
        (b, x) ->
            b.apply(
                new Composite.Resize(List.of(x.shape().dim(0), 4, 9, 5), Interpolation.LINEAR), x));
  }

  @Test
  void products() throws IOException {
    Shape image = Shape.of(4, 6, 5);
    op(image, new Primitive.Conv(Window.of(3, 3).pads(1, 1), 2), random(6, 2, 3, 3), random(6));
    op(
        image,
        new Primitive.ConvTranspose(Window.of(3, 3).strides(2, 2), List.of(1, 0), 2),
        random(4, 3, 3, 3));
    op(Shape.of(5), new Composite.Gemm(0.5, 2, false, true), random(3, 5), random(3));
    check(Shape.of(4, 5), (b, x) -> b.apply(new Primitive.MatMul(false, true), x, b.mul(x, 2)));
    Tensor weights = random(5, 2);
    check(Shape.of(4, 5), (b, x) -> b.matMul(x, b.constant(weights)));
  }

  @Test
  void movesAndReductions() throws IOException {
    Shape shape = Shape.of(3, 4);
    op(shape, new Primitive.Reverse(List.of(1, 2)));
    op(shape, new Primitive.ReduceSum(List.of(1)));
    op(shape, new Primitive.ReduceMax(2));
    op(shape, new Primitive.ArgMax(2));
    op(shape, new Primitive.Transpose(List.of(0, 2, 1)));
    op(shape, new Primitive.Gather(2), Tensor.of(Shape.of(2, 2), 0L, 3L, -1L, 1L));
    op(shape, new Primitive.Pad(List.of(0, 1, 0), List.of(0, 2, 1), List.of(0, 0, 0), 0.5));
    check(
        shape,
        (b, x) -> {
          int batch = x.shape().dim(0);
          return b.apply(
              new Primitive.Slice(List.of(0, 0, 1), List.of(batch, 3, 4), List.of(1, 2, 2)), x);
        });
    check(shape, (b, x) -> b.reshape(x, Shape.of(x.shape().dim(0) * 3, 4)));
    check(shape, (b, x) -> b.concat(1, List.of(x, b.neg(x))));
    check(
        Shape.of(1, 4),
        (b, x) -> b.apply(new Primitive.Expand(Shape.of(x.shape().dim(0), 3, 4)), x));
  }

  @Test
  void arithmetic() throws IOException {
    Shape shape = Shape.of(3);
    Tensor bound = random(3);
    check(shape, (b, x) -> b.binary(BinaryFunction.MOD, x, 0.3));
    check(shape, (b, x) -> b.where(b.compare(Comparison.LESS, x, b.number(0, x)), b.neg(x), x));
    check(
        shape,
        (b, x) ->
            b.cast(
                b.unary(
                    UnaryFunction.NOT, b.compare(Comparison.LESS_OR_EQUAL, x, b.constant(bound))),
                ElementType.FLOAT64));
    check(shape, (b, x) -> b.add(x, b.constant(Tensor.full(ElementType.FLOAT64, x.shape(), 0.25))));
  }

  @Test
  void whatDependsOnTheBatchOtherwiseIsWrittenForOneExample() throws IOException {
    Model model = model(Shape.of(3), (b, x) -> b.mul(x, x.shape().dim(0)));
    Model again = reloaded(model);
    Tensor x = random(1, 3);
    Closeness.assertClose(run(model, x), run(again, x), 0, 0, "y");
    assertEquals("x f64[batch,3]", again.inputs().get(0).toString());
    Model mixed =
        model(Shape.of(3), (b, v) -> b.sub(v, b.mul(b.sum(v, List.of(0)), 1.0 / v.shape().dim(0))));
    assertFalse(reloaded(mixed).isBatched());
  }

  @Test
  void operatorsWithoutAFormAreNamed() {
    Model model =
        model(
            Shape.of(4),
            (b, x) ->
                b.apply(
                    new Primitive.ReduceMax(2), b.apply(new Primitive.Windows(Window.of(2)), x)));
    assertEquals(
        "model made can't be written as ONNX, which has no form of windows %1 (layer)",
        assertThrows(
                ModelException.class,
                () -> new OnnxExporter().export(model, new ByteArrayOutputStream()))
            .getMessage());
  }
}
