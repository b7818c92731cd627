package wherefore.backend.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Comparison;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Interpolation;
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

/** Every operator against the reference, with its gradient, at awkward sizes. */
class AgreementTest {
  private static final double TOLERANCE = 2e-5;

  private final SplittableRandom random = new SplittableRandom(20261122);

  private Value constant(GraphBuilder b, int... dims) {
    return b.constant(Agreement.random(random, ElementType.FLOAT32, Shape.of(dims)));
  }

  private void single(Shape shape, BiFunction<GraphBuilder, Value, Value> f) {
    GraphBuilder b = new GraphBuilder();
    Value x = b.input("x", ElementType.FLOAT32, shape);
    Value y = f.apply(b, x);
    Value seed = b.input("seed", y.element(), y.shape());
    Value dx = Backward.run(b, Map.of(y, seed), List.of(x), Vjp.book()).get(0);
    Agreement.check(b.output("y", y).output("dx", dx).build(), random, TOLERANCE, "with gradient");
  }

  private void op(Op op, ElementType type, Shape... shapes) {
    GraphBuilder b = new GraphBuilder();
    List<Value> in = new ArrayList<>();
    for (Shape shape : shapes) {
      in.add(b.input("x" + in.size(), type, shape));
    }
    b.output("y", b.apply(op, in));
    Agreement.check(b.build(), random, TOLERANCE, op.toString());
  }

  @Test
  void unaryFunctions() {
    for (UnaryFunction f : UnaryFunction.values()) {
      if (f == UnaryFunction.NOT) {
        op(new Primitive.Unary(f), ElementType.BOOL, Shape.of(3, 5));
        continue;
      }
      op(new Primitive.Unary(f), ElementType.FLOAT32, Shape.of(7, 11));
      op(new Primitive.Unary(f), ElementType.FLOAT64, Shape.of(7, 11));
    }
    op(new Primitive.Unary(UnaryFunction.EXP), ElementType.FLOAT32, Shape.of(41, 101));
    op(new Primitive.Unary(UnaryFunction.SIGMOID), ElementType.FLOAT32, Shape.of(41, 101));
    op(new Primitive.Unary(UnaryFunction.TANH), ElementType.FLOAT32, Shape.of(41, 101));
  }

  @Test
  void binaryFunctions() {
    for (BinaryFunction f : BinaryFunction.values()) {
      Shape s = Shape.of(3, 1, 7);
      if (f.isLogical()) {
        op(new Primitive.Binary(f), ElementType.BOOL, s, s);
        continue;
      }
      op(new Primitive.Binary(f), ElementType.FLOAT32, s, s);
      op(new Primitive.Binary(f), ElementType.FLOAT64, s, s);
    }
  }

  @Test
  void comparisonsAndChoices() {
    for (ElementType type : List.of(ElementType.FLOAT32, ElementType.FLOAT64, ElementType.INT64)) {
      for (Comparison c : Comparison.values()) {
        op(new Primitive.Compare(c), type, Shape.of(5, 13), Shape.of(5, 13));
      }
      GraphBuilder b = new GraphBuilder();
      Value c = b.input("c", ElementType.BOOL, Shape.of(4, 1));
      Value x = b.input("a", type, Shape.of(4, 9));
      Value y = b.input("b", type, Shape.of(9));
      Agreement.check(b.output("y", b.where(c, x, y)).build(), random, TOLERANCE, "where");
    }
  }

  @Test
  void casts() {
    for (ElementType from : ElementType.values()) {
      for (ElementType to : ElementType.values()) {
        op(new Primitive.Cast(to), from, Shape.of(3, 17));
      }
    }
  }

  @Test
  void integers() {
    Shape s = Shape.of(4, 6);
    op(new Primitive.Unary(UnaryFunction.NEG), ElementType.INT64, s);
    op(new Primitive.Binary(BinaryFunction.ADD), ElementType.INT64, s, s);
    op(new Primitive.Binary(BinaryFunction.MUL), ElementType.INT64, s, s);
    op(new Primitive.ReduceSum(List.of(1)), ElementType.INT64, s);
    op(new Primitive.ReduceMax(0), ElementType.INT64, s);
    op(new Primitive.ArgMax(1), ElementType.INT64, s);
    op(new Primitive.MatMul(true, false), ElementType.INT64, s, s);
  }

  @Test
  void rearrangements() {
    for (ElementType type : ElementType.values()) {
      Shape s = Shape.of(3, 5, 7);
      op(new Primitive.Concat(1), type, s, Shape.of(3, 1, 7), s);
      op(new Primitive.Reshape(Shape.of(15, 7)), type, s);
      op(new Primitive.Transpose(List.of(2, 0, 1)), type, s);
      op(new Primitive.Reverse(List.of(0, 2)), type, s);
      op(new Primitive.Slice(List.of(1, 0, 2), List.of(3, 5, 7), List.of(1, 2, 3)), type, s);
      op(new Primitive.Pad(List.of(1, 0, 2), List.of(0, 3, 1), List.of(0, 2, 1), 1), type, s);
      op(new Primitive.Expand(Shape.of(3, 4, 7)), type, Shape.of(3, 1, 7));
      op(new Primitive.Windows(Window.of(2, 3).strides(2, 1).dilations(1, 2)), type, s);
    }
    op(
        new Primitive.OverlapAdd(Window.of(3, 2).strides(2, 1).dilations(1, 2), List.of(8, 6)),
        ElementType.FLOAT32,
        Shape.of(2, 3, 4, 3, 2));
  }

  @Test
  void viewsOfViews() {
    single(
        Shape.of(4, 6, 5),
        (b, x) -> {
          Value t = b.transpose(x, List.of(2, 0, 1));
          Value s = b.slice(t, 2, 1, 5);
          Value r = b.apply(new Primitive.Reverse(List.of(1)), s);
          Value flat = b.reshape(r, Shape.of(20, 4));
          return b.mul(b.add(flat, b.slice(flat, 1, 0, 1)), b.reshape(r, Shape.of(20, 4)));
        });
  }

  @Test
  void reductions() {
    for (ElementType type : List.of(ElementType.FLOAT32, ElementType.FLOAT64)) {
      for (List<Integer> axes :
          List.of(List.of(0), List.of(1), List.of(2), List.of(0, 2), List.of(0, 1, 2))) {
        op(new Primitive.ReduceSum(axes), type, Shape.of(5, 33, 17));
        op(new Composite.ReduceMean(axes), type, Shape.of(5, 33, 17));
      }
      for (int axis = 0; axis < 3; axis++) {
        op(new Primitive.ReduceMax(axis), type, Shape.of(5, 33, 17));
        op(new Primitive.ArgMax(axis), type, Shape.of(5, 33, 17));
        op(new Composite.Softmax(axis), type, Shape.of(5, 33, 17));
        op(new Composite.LogSoftmax(axis), type, Shape.of(5, 33, 17));
      }
    }
    op(new Primitive.ReduceSum(List.of(0)), ElementType.FLOAT32, Shape.of(9, 5000));
    op(new Primitive.ReduceSum(List.of(1)), ElementType.FLOAT32, Shape.of(9, 70000));
  }

  @Test
  void products() {
    for (boolean ta : new boolean[] {false, true}) {
      for (boolean tb : new boolean[] {false, true}) {
        Shape a = ta ? Shape.of(2, 3, 9, 5) : Shape.of(2, 3, 5, 9);
        Shape c = tb ? Shape.of(2, 3, 7, 9) : Shape.of(2, 3, 9, 7);
        op(new Primitive.MatMul(ta, tb), ElementType.FLOAT32, a, c);
        op(new Primitive.MatMul(ta, tb), ElementType.FLOAT64, a, c);
        boolean x = ta;
        boolean y = tb;
        single(
            ta ? Shape.of(33, 6) : Shape.of(6, 33),
            (b, v) ->
                b.apply(
                    new Composite.Relu(),
                    b.apply(
                        new Composite.Gemm(1, 1, x, y),
                        v,
                        y ? constant(b, 17, 33) : constant(b, 33, 17),
                        constant(b, 17))));
      }
    }
    single(Shape.of(3, 1, 8), (b, x) -> b.matMul(x, constant(b, 3, 8, 5)));
    single(Shape.of(2, 4, 8), (b, x) -> b.matMul(x, constant(b, 8, 5)));
    single(Shape.of(2, 4, 8), (b, x) -> b.add(b.matMul(x, constant(b, 8, 5)), constant(b, 5)));
    single(Shape.of(8), (b, x) -> b.matMul(x, constant(b, 8)));
    single(Shape.of(2, 4, 8), (b, x) -> b.matMul(x, b.transpose(x, List.of(0, 2, 1))));
  }

  @Test
  void convolutions() {
    for (int channels : new int[] {1, 3, 8, 13, 16}) {
      for (int outputs : new int[] {1, 7, 16, 24}) {
        single(Shape.of(2, channels, 9, 11), (b, x) -> conv(b, x, outputs, 1, Window.of(3, 3)));
        single(
            Shape.of(2, channels, 9, 11),
            (b, x) -> conv(b, x, outputs, 1, Window.of(3, 2).strides(2, 1).pads(1, 1)));
        single(Shape.of(1, channels, 9, 11), (b, x) -> conv(b, x, outputs, 1, Window.of(1, 1)));
      }
    }
    single(Shape.of(2, 4, 21), (b, x) -> conv(b, x, 6, 1, Window.of(5).strides(3).pads(2)));
    single(Shape.of(2, 4, 6, 7, 5), (b, x) -> conv(b, x, 6, 1, Window.of(3, 2, 1).pads(1, 0, 0)));
    single(
        Shape.of(2, 8, 12, 12),
        (b, x) -> conv(b, x, 8, 1, Window.of(3, 3).dilations(2, 3).pads(2, 3)));
    single(Shape.of(2, 12, 9, 9), (b, x) -> conv(b, x, 24, 3, Window.of(3, 3).pads(1, 1)));
    single(Shape.of(2, 16, 9, 9), (b, x) -> conv(b, x, 16, 16, Window.of(3, 3).strides(2, 2)));
    Window uneven =
        new Window(List.of(4, 3), List.of(2, 2), List.of(1, 1), List.of(0, 1), List.of(3, 0));
    single(Shape.of(2, 8, 10, 11), (b, x) -> conv(b, x, 16, 1, uneven));
    single(Shape.of(2, 8, 3, 3), (b, x) -> conv(b, x, 16, 1, Window.of(1, 1).pads(4, 5)));
  }

  private Value conv(GraphBuilder b, Value x, int outputs, int group, Window w) {
    int[] dims = new int[w.rank() + 2];
    dims[0] = outputs;
    dims[1] = x.shape().dim(1) / group;
    for (int a = 0; a < w.rank(); a++) {
      dims[a + 2] = w.kernel().get(a);
    }
    return b.apply(new Primitive.Conv(w, group), x, constant(b, dims), constant(b, outputs));
  }

  @Test
  void transposedConvolutions() {
    Window w = Window.of(3, 3).strides(2, 2).pads(1, 1);
    for (int padding : new int[] {0, 1}) {
      Primitive.ConvTranspose op = new Primitive.ConvTranspose(w, List.of(padding, 1), 2);
      single(
          Shape.of(2, 6, 5, 4), (b, x) -> b.apply(op, x, constant(b, 6, 4, 3, 3), constant(b, 8)));
    }
    op(
        new Primitive.ConvTranspose(w, List.of(2, 3), 1),
        ElementType.FLOAT32,
        Shape.of(2, 6, 5, 4),
        Shape.of(6, 4, 3, 3),
        Shape.of(4));
  }

  @Test
  void convolutionsOfDoubles() {
    op(
        new Primitive.Conv(Window.of(3, 2).strides(2, 1).dilations(1, 2).pads(1, 2), 2),
        ElementType.FLOAT64,
        Shape.of(2, 4, 7, 8),
        Shape.of(6, 2, 3, 2),
        Shape.of(6));
    op(
        new Primitive.ConvTranspose(Window.of(3, 2).strides(2, 1).pads(1, 0), List.of(1, 0), 2),
        ElementType.FLOAT64,
        Shape.of(2, 4, 7, 8),
        Shape.of(4, 3, 3, 2),
        Shape.of(6));
  }

  @Test
  void pooling() {
    List<Window> windows =
        List.of(
            Window.of(2, 2).strides(2, 2),
            Window.of(3, 3).strides(2, 2).pads(1, 1),
            Window.of(3, 2).strides(1, 2),
            Window.of(2, 2).dilations(2, 1));
    for (Window w : windows) {
      for (int channels : new int[] {3, 8, 16}) {
        Shape s = Shape.of(2, channels, 9, 10);
        single(s, (b, x) -> b.apply(new Composite.MaxPool(w), x));
        single(s, (b, x) -> b.apply(new Composite.AveragePool(w, true), x));
        single(s, (b, x) -> b.apply(new Composite.AveragePool(w, false), x));
        single(
            s,
            (b, x) ->
                b.apply(new Composite.MaxPool(w), conv(b, x, 16, 1, Window.of(3, 3).pads(1, 1))));
        single(
            s,
            (b, x) ->
                b.apply(
                    new Composite.AveragePool(w, true),
                    conv(b, x, 16, 1, Window.of(3, 3).pads(1, 1))));
      }
    }
    single(Shape.of(2, 3, 17), (b, x) -> b.apply(new Composite.MaxPool(Window.of(3)), x));
    op(
        new Composite.MaxPoolGrad(Window.of(2, 2).strides(2, 2)),
        ElementType.FLOAT32,
        Shape.of(2, 8, 6, 6),
        Shape.of(2, 8, 3, 3));
    op(
        new Composite.MaxPool(Window.of(2, 2).pads(2, 2)),
        ElementType.FLOAT32,
        Shape.of(2, 8, 6, 6));
  }

  @Test
  void firstMaximumWins() {
    GraphBuilder b = new GraphBuilder();
    Value x = b.input("x", ElementType.FLOAT32, Shape.of(1, 8, 4, 4));
    Value dy = b.input("dy", ElementType.FLOAT32, Shape.of(1, 8, 3, 3));
    b.output("y", b.apply(new Composite.MaxPoolGrad(Window.of(2, 2)), x, dy));
    Map<String, Tensor> feeds =
        Map.of(
            "x",
            Tensor.full(ElementType.FLOAT32, Shape.of(1, 8, 4, 4), 1),
            "dy",
            Agreement.random(random, ElementType.FLOAT32, Shape.of(1, 8, 3, 3)));
    Agreement.check(Agreement.CPU, b.build(), feeds, 1e-6, "ties");
  }

  @Test
  void activations() {
    List<Composite> all =
        List.of(
            new Composite.Relu(),
            new Composite.LeakyRelu(0.1),
            new Composite.ThresholdedRelu(0.7),
            new Composite.Elu(1.3),
            new Composite.Celu(0.8),
            new Composite.Selu(1.67, 1.05),
            new Composite.Gelu(false),
            new Composite.Gelu(true),
            new Composite.Swish(1.2),
            new Composite.Mish(),
            new Composite.Softplus(),
            new Composite.Softsign(),
            new Composite.HardSigmoid(0.2, 0.5),
            new Composite.HardSwish(),
            new Composite.Clip(-0.5, 0.6),
            new Composite.Clip(0, Double.POSITIVE_INFINITY));
    for (Composite a : all) {
      op(a, ElementType.FLOAT64, Shape.of(3, 5));
      single(Shape.of(3, 5, 2), (b, x) -> b.apply(a, x));
      single(
          Shape.of(2, 3, 8, 8),
          (b, x) -> b.apply(a, conv(b, x, 16, 1, Window.of(3, 3).pads(1, 1))));
    }
    single(Shape.of(2, 4, 5), (b, x) -> b.apply(new Composite.PRelu(), x, constant(b, 4, 1)));
  }

  @Test
  void normalizations() {
    single(
        Shape.of(2, 3, 9, 9),
        (b, x) -> {
          Value conv = conv(b, x, 16, 1, Window.of(3, 3));
          Value variance = b.constant(Tensor.full(ElementType.FLOAT32, Shape.of(16), 0.7));
          Value norm =
              b.apply(
                  new Composite.BatchNormalization(1e-5),
                  conv,
                  constant(b, 16),
                  constant(b, 16),
                  constant(b, 16),
                  variance);
          return b.apply(new Composite.Relu(), norm);
        });
    for (Composite n :
        List.of(
            new Composite.InstanceNormalization(1e-5), new Composite.GroupNormalization(2, 1e-5))) {
      single(Shape.of(2, 8, 5, 3), (b, x) -> b.apply(n, x, constant(b, 8), constant(b, 8)));
    }
    single(
        Shape.of(2, 5, 16),
        (b, x) ->
            b.apply(
                new Composite.LayerNormalization(2, 1e-5), x, constant(b, 16), constant(b, 16)));
    single(Shape.of(2, 9, 4, 4), (b, x) -> b.apply(new Composite.LRN(5, 1e-2, 0.75, 1), x));
  }

  @Test
  void residuals() {
    for (int channels : new int[] {16, 12}) {
      single(
          Shape.of(2, 3, 10, 10),
          (b, x) -> {
            Window same = Window.of(3, 3).pads(1, 1);
            Value stem = b.apply(new Composite.Relu(), conv(b, x, channels, 1, same));
            Value inner = b.apply(new Composite.Relu(), conv(b, stem, channels, 1, same));
            Value out = b.add(conv(b, inner, channels, 1, same), stem);
            Value block = b.apply(new Composite.Relu(), out);
            Value down = conv(b, block, 24, 1, Window.of(1, 1).strides(2, 2));
            Value other = conv(b, block, 24, 1, Window.of(3, 3).strides(2, 2).pads(1, 1));
            Value y = b.apply(new Composite.Relu(), b.add(other, down));
            Value mean = b.apply(new Composite.ReduceMean(List.of(2, 3)), y);
            Value flat = b.reshape(mean, Shape.of(2, 24));
            return b.apply(
                new Composite.Gemm(1, 1, false, true), flat, constant(b, 5, 24), constant(b, 5));
          });
    }
  }

  @Test
  void indexing() {
    GraphBuilder b = new GraphBuilder();
    Value x = b.input("x", ElementType.FLOAT32, Shape.of(4, 6, 5));
    Value i = b.input("i", ElementType.INT64, Shape.of(2, 3));
    Value g = b.apply(new Primitive.Gather(1), x, i);
    b.output("g", g).output("s", b.apply(new Primitive.ScatterAdd(1, 6), g, i));
    Agreement.check(b.build(), random, TOLERANCE, "gather and scatter");
  }

  @Test
  void resizing() {
    for (Interpolation.Mode mode : Interpolation.Mode.values()) {
      Interpolation i =
          new Interpolation(
              mode,
              Interpolation.Coordinates.HALF_PIXEL,
              Interpolation.Rounding.ROUND_PREFER_FLOOR,
              -0.75);
      single(
          Shape.of(1, 8, 5, 7), (b, x) -> b.apply(new Composite.Resize(List.of(1, 8, 9, 4), i), x));
    }
  }

  @Test
  void emptyTensors() {
    op(
        new Primitive.Binary(BinaryFunction.ADD),
        ElementType.FLOAT32,
        Shape.of(0, 3),
        Shape.of(0, 3));
    op(new Primitive.ReduceSum(List.of(0)), ElementType.FLOAT32, Shape.of(0, 3));
    op(new Primitive.MatMul(false, false), ElementType.FLOAT32, Shape.of(2, 0), Shape.of(0, 3));
    op(new Primitive.Concat(0), ElementType.FLOAT32, Shape.of(0, 3), Shape.of(2, 3));
  }

  @Test
  void scalars() {
    op(new Primitive.Unary(UnaryFunction.EXP), ElementType.FLOAT32, Shape.SCALAR);
    op(new Primitive.Binary(BinaryFunction.ADD), ElementType.FLOAT32, Shape.SCALAR, Shape.SCALAR);
    op(new Composite.Gelu(false), ElementType.FLOAT32, Shape.SCALAR);
  }
}
