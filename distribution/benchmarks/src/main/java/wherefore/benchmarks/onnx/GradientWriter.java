package wherefore.benchmarks.onnx;

import static wherefore.benchmarks.onnx.OnnxFile.integer;
import static wherefore.benchmarks.onnx.OnnxFile.ints;
import static wherefore.benchmarks.onnx.OnnxFile.text;

import ai.onnx.proto.OnnxMl.AttributeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import wherefore.benchmarks.nets.Zoo;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.graph.Window;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * The gradient of one logit, by hand in the operators that ONNX Runtime is fastest with: a stride-1
 * convolution backwards is a convolution with turned weights, others are ConvTranspose; a ReLU is
 * Greater and Where; a max pooling without overlaps MaxUnpool, with overlaps ScatterElements.
 */
final class GradientWriter {
  private final OnnxFile file;
  private final Graph graph;
  private final ForwardWriter forward;
  private final Map<Integer, String> arrived = new HashMap<>();

  GradientWriter(OnnxFile file, Graph graph) {
    this.file = file;
    this.graph = graph;
    this.forward = new ForwardWriter(file, graph, true);
  }

  /** Writes it for an input, and returns the name of the gradient, of the input's shape. */
  String write(String x) {
    forward.write(x);
    Node last = graph.node(graph.outputs().firstEntry().getValue());
    seed(last);
    for (Node node : graph.nodes().reversed()) {
      String dy = arrived.get(node.id());
      if (dy != null && node.id() != last.id()) {
        visit(node, dy);
      }
    }
    Node input =
        graph.nodes().stream().filter(n -> n.op() instanceof Leaf.Input).findFirst().orElseThrow();
    return arrived.getOrDefault(input.id(), "");
  }

  /** What arrives behind the last layer's product with a one-hot row: a row of its weights. */
  private void seed(Node last) {
    Tensor rows = Kernels.repeatedRow(forward.constant(last, 1), Zoo.TARGET, last.shape().dim(0));
    arrive(last, 0, file.weight(rows));
  }

  private void arrive(Node node, int place, String share) {
    arrived.merge(node.inputs().get(place), share, (a, b) -> file.node("Add", List.of(a, b)));
  }

  private void visit(Node node, String dy) {
    switch (node.op()) {
      case Leaf.Input i -> {}
      case Primitive.Conv c -> convolution(node, dy);
      case Composite.BatchNormalization n -> convolution(node, dy);
      case Composite.Relu r -> arrive(node, 0, masked(node, dy));
      case Composite.MaxPool p -> arrive(node, 0, unpooled(node, p.window(), dy));
      case Composite.Gemm g ->
          arrive(node, 0, file.node("MatMul", List.of(dy, file.weight(forward.constant(node, 1)))));
      case Composite.ReduceMean m -> arrive(node, 0, spread(node, dy));
      case Primitive.Reshape r ->
          arrive(node, 0, file.node("Reshape", List.of(dy, file.extents(operand(node).shape()))));
      case Primitive.Binary b -> {
        arrive(node, 0, dy);
        arrive(node, 1, dy);
      }
      default -> throw new IllegalArgumentException("ONNX: no derivative of " + node.describe());
    }
  }

  private Node operand(Node node) {
    return graph.node(node.inputs().get(0));
  }

  private String masked(Node node, String dy) {
    String zero = file.number(0);
    String on = file.node("Greater", List.of(forward.name(node.id()), zero));
    return file.node("Where", List.of(on, dy, zero));
  }

  private void convolution(Node node, String dy) {
    ForwardWriter.Folded c = forward.convolution(node);
    Window w = c.operator().window();
    boolean dense = w.strides().stream().allMatch(s -> s == 1);
    String dx = dense ? turned(c, w, dy) : transposed(node, c, w, dy);
    arrived.merge(c.input(), dx, (a, b) -> file.node("Add", List.of(a, b)));
  }

  private String turned(ForwardWriter.Folded c, Window w, String dy) {
    List<Integer> pads = new ArrayList<>();
    for (int a = 0; a < w.rank(); a++) {
      pads.add(w.kernel().get(a) - 1 - w.padBegin().get(a));
    }
    Window back = Window.of(w.kernel().toArray(Integer[]::new)).pads(pads.toArray(Integer[]::new));
    String weights = file.weight(Kernels.turned(c.weights()));
    return file.node("Conv", List.of(dy, weights), ForwardWriter.window(back));
  }

  private String transposed(Node node, ForwardWriter.Folded c, Window w, String dy) {
    List<Integer> room = new ArrayList<>();
    for (int a = 0; a < w.rank(); a++) {
      int pads = w.padBegin().get(a) + w.padEnd().get(a);
      int least = (node.shape().dim(a + 2) - 1) * w.strides().get(a) + w.reach(a) - pads;
      room.add(graph.node(c.input()).shape().dim(a + 2) - least);
    }
    AttributeProto[] window = ForwardWriter.window(w);
    AttributeProto[] all = Arrays.copyOf(window, window.length + 1);
    all[window.length] = ints("output_padding", room);
    return file.node("ConvTranspose", List.of(dy, file.weight(c.weights())), all);
  }

  private String unpooled(Node node, Window w, String dy) {
    Shape x = operand(node).shape();
    if (w.kernel().equals(w.strides()) && !w.isPadded()) {
      return file.node(
          "MaxUnpool",
          List.of(dy, forward.maxima(node), file.extents(x)),
          ints("kernel_shape", w.kernel()),
          ints("strides", w.strides()));
    }
    String flat = file.weight(Tensor.of(Shape.of(1), -1L));
    String zeros = file.weight(Tensor.zeros(ElementType.FLOAT32, Shape.of(x.size())));
    String places = file.node("Reshape", List.of(forward.maxima(node), flat));
    String values = file.node("Reshape", List.of(dy, flat));
    String scattered =
        file.node(
            "ScatterElements",
            List.of(zeros, places, values),
            integer("axis", 0),
            text("reduction", "add"));
    return file.node("Reshape", List.of(scattered, file.extents(x)));
  }

  private String spread(Node node, String dy) {
    Shape x = operand(node).shape();
    String mean = file.number(1.0 / (x.dim(2) * x.dim(3)));
    return file.node("Expand", List.of(file.node("Mul", List.of(dy, mean)), file.extents(x)));
  }
}
