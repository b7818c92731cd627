package wherefore.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import wherefore.graph.Composite;
import wherefore.graph.Interpolation;
import wherefore.graph.Interpolation.Coordinates;
import wherefore.graph.Interpolation.Mode;
import wherefore.graph.Interpolation.Rounding;
import wherefore.graph.Op;
import wherefore.graph.Window;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Every composite with many attributes on awkward sizes. */
final class CompositeCases {
  private final Data data = new Data(2);
  private final List<OperatorCase> cases = new ArrayList<>();

  private CompositeCases() {}

  static List<OperatorCase> all() {
    CompositeCases c = new CompositeCases();
    activations().forEach(c::activation);
    c.normalizations();
    c.products();
    c.pooling();
    c.resizing();
    return c.cases;
  }

  private void add(String name, Op op, Tensor... operands) {
    cases.add(OperatorCase.of(name, op, operands));
  }

  static List<Composite.Activation> activations() {
    return List.of(
        new Composite.Relu(),
        new Composite.LeakyRelu(0.01),
        new Composite.LeakyRelu(-0.3),
        new Composite.ThresholdedRelu(0.7),
        new Composite.Elu(1.3),
        new Composite.Celu(0.6),
        new Composite.Selu(1.6732632, 1.0507010),
        new Composite.Gelu(false),
        new Composite.Gelu(true),
        new Composite.Swish(1),
        new Composite.Swish(1.7),
        new Composite.Mish(),
        new Composite.Softplus(),
        new Composite.Softsign(),
        new Composite.HardSigmoid(0.2, 0.5),
        new Composite.HardSwish(),
        new Composite.Clip(-0.5, 1.25),
        new Composite.Clip(0, 6),
        new Composite.Clip(Double.NEGATIVE_INFINITY, 0.3),
        new Composite.Clip(0.1, Double.POSITIVE_INFINITY));
  }

  private void activation(Composite.Activation a) {
    add(a + ", matrix", a, data.uniform(-4, 4, 5, 13));
    add(a + ", integers", a, data.ties(3, 2, 7));
    add(a + ", far out", a, Tensor.of(Shape.of(4), -80f, 80f, 0f, -0f));
    add(a + ", empty", a, data.normal(0, 3));
  }

  private void normalizations() {
    add("slope a channel", new Composite.PRelu(), data.ties(2, 3, 5), data.normal(3, 1));
    add("one slope", new Composite.PRelu(), data.normal(2, 3, 5), data.normal(1));
    for (int axis = 0; axis < 3; axis++) {
      add("axis " + axis, new Composite.Softmax(axis), data.normal(5, 3, 7));
      add("axis " + axis, new Composite.LogSoftmax(axis), data.normal(5, 3, 7));
    }
    add("large logits", new Composite.Softmax(1), data.uniform(80, 100, 2, 5));
    add("one class", new Composite.Softmax(1), data.normal(4, 1));
    add("empty batch", new Composite.Softmax(1), data.normal(0, 4));
    batch("image", 2, 3, 5, 4);
    batch("matrix", 7, 5);
    batch("one axis", 1, 2, 11);
    batch("empty batch", 0, 3, 2, 2);
    add(
        "image",
        new Composite.InstanceNormalization(1e-3),
        image(),
        data.normal(4),
        data.normal(4));
    for (int groups : List.of(1, 2, 4)) {
      Op op = new Composite.GroupNormalization(groups, 1e-3);
      add(groups + " groups", op, image(), data.normal(4), data.normal(4));
    }
    add(
        "last axis",
        new Composite.LayerNormalization(2, 1e-3),
        data.normal(2, 3, 7),
        data.normal(7),
        data.normal(7));
    add(
        "two axes",
        new Composite.LayerNormalization(1, 1e-3),
        data.normal(5, 3, 7),
        data.normal(3, 7));
    for (int size : List.of(1, 2, 3, 5)) {
      add("size " + size, new Composite.LRN(size, 0.3, 0.75, 1.1), data.normal(2, 4, 3, 2));
    }
    add("spatial", new Composite.ReduceMean(List.of(2, 3)), data.normal(2, 3, 5, 7));
    add("outer", new Composite.ReduceMean(List.of(0)), data.normal(7, 3));
    add("nothing", new Composite.ReduceMean(List.of()), data.normal(3));
  }

  private Tensor image() {
    return data.normal(2, 4, 3, 5);
  }

  private void batch(String name, int... dims) {
    int c = dims[1];
    Op op = new Composite.BatchNormalization(1e-3);
    Tensor variance = data.uniform(0.2, 2, c);
    add(name, op, data.normal(dims), data.normal(c), data.normal(c), data.normal(c), variance);
  }

  private void products() {
    for (boolean ta : List.of(false, true)) {
      for (boolean tb : List.of(false, true)) {
        Tensor a = ta ? data.normal(13, 5) : data.normal(5, 13);
        Tensor b = tb ? data.normal(7, 13) : data.normal(13, 7);
        String how = (ta ? "a'" : "a") + (tb ? "b'" : "b");
        add(how, new Composite.Gemm(1, 1, ta, tb), a, b);
        add(how + " + row", new Composite.Gemm(1, 1, ta, tb), a, b, data.normal(7));
        add(how + " + column", new Composite.Gemm(0.5, -2, ta, tb), a, b, data.normal(5, 1));
        add(how + " + matrix", new Composite.Gemm(-1, 0.25, ta, tb), a, b, data.normal(5, 7));
      }
    }
  }

  private void pooling() {
    Window three = Window.of(3, 3).pads(1, 1);
    pool("touching", Window.of(2, 2).strides(2, 2), 2, 3, 7, 6);
    pool("overlapping, padded", three.strides(2, 2), 1, 3, 8, 7);
    pool("uneven", Window.of(2, 3).strides(1, 2).pads(0, 1), 2, 2, 5, 7);
    pool("dilated", Window.of(2, 3).dilations(3, 2), 1, 2, 7, 9);
    pool("global", Window.of(5, 4), 2, 3, 5, 4);
    pool("one tap", Window.of(1, 1).strides(2, 2), 1, 2, 5, 5);
    pool("one axis", Window.of(3).strides(2).pads(1), 7, 2, 11);
    pool("three axes", Window.of(2, 2, 3).strides(2, 1, 2), 1, 2, 4, 3, 7);
    pool("empty batch", three, 0, 2, 4, 4);
    Window w =
        new Window(List.of(3, 2), List.of(2, 2), List.of(1, 1), List.of(0, 1), List.of(2, 0));
    pool("asymmetric pads", w, 1, 2, 6, 5);
  }

  private void pool(String name, Window w, int... dims) {
    Tensor x = data.normal(dims);
    Tensor ties = data.ties(dims);
    add(name, new Composite.MaxPool(w), x);
    add(name + ", ties", new Composite.MaxPool(w), ties);
    Shape y = OperatorCase.of(name, new Composite.MaxPool(w), x).graph(1).output("y").shape();
    add(name, new Composite.MaxPoolGrad(w), x, data.normal(y.dims()));
    add(name + ", ties", new Composite.MaxPoolGrad(w), ties, data.normal(y.dims()));
    List<Integer> extents = Arrays.stream(dims, 2, dims.length).boxed().toList();
    for (boolean include : List.of(false, true)) {
      String how = name + (include ? ", padding counts" : "");
      add(how, new Composite.AveragePool(w, include), x);
      add(how, new Composite.AveragePoolGrad(w, include, extents), data.normal(y.dims()));
    }
  }

  private void resizing() {
    for (Coordinates c : Coordinates.values()) {
      resize(new Interpolation(Mode.LINEAR, c, Rounding.FLOOR, -0.75));
      resize(new Interpolation(Mode.CUBIC, c, Rounding.FLOOR, -0.5));
      for (Rounding r : Rounding.values()) {
        resize(new Interpolation(Mode.NEAREST, c, r, -0.75));
      }
    }
  }

  private void resize(Interpolation i) {
    String how = i.mode() + " " + i.coordinates() + " " + i.rounding();
    add(how + ", larger", new Composite.Resize(List.of(1, 2, 7, 10), i), data.normal(1, 2, 3, 5));
    add(how + ", smaller", new Composite.Resize(List.of(2, 3, 1), i), data.normal(2, 7, 5));
  }
}
