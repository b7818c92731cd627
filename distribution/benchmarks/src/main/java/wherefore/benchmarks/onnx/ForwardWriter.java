package wherefore.benchmarks.onnx;

import static wherefore.benchmarks.onnx.OnnxFile.integer;
import static wherefore.benchmarks.onnx.OnnxFile.ints;

import ai.onnx.proto.OnnxMl.AttributeProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.graph.Window;
import wherefore.tensor.Tensor;

/**
 * A network as ONNX operators, batch normalization folded into the convolution before it (as ONNX
 * Runtime itself does where it may).
 */
final class ForwardWriter {
  /**
   * A convolution as written.
   *
   * @param weights folded
   */
  record Folded(Primitive.Conv operator, Tensor weights, int input) {}

  private final OnnxFile file;
  private final Graph graph;
  private final boolean indices;
  private final Map<Integer, String> names = new HashMap<>();
  private final Map<Integer, Folded> convolutions = new HashMap<>();
  private final Map<Integer, String> maxima = new HashMap<>();

  /**
   * @param indices true if max pooling has to say where the maxima are
   */
  ForwardWriter(OnnxFile file, Graph graph, boolean indices) {
    this.file = file;
    this.graph = graph;
    this.indices = indices;
  }

  /** Writes it, and returns the name of the output. */
  String write(String x) {
    for (Node node : graph.nodes()) {
      switch (node.op()) {
        case Leaf.Input i -> names.put(node.id(), x);
        case Leaf.Constant c -> {}
        default -> {
          if (!isNormalized(node)) {
            names.put(node.id(), written(node));
          }
        }
      }
    }
    return name(graph.outputs().firstEntry().getValue());
  }

  String name(int id) {
    return Objects.requireNonNull(names.get(id), () -> graph.node(id).describe());
  }

  /** The convolution that yields a node, which may be a normalization. */
  Folded convolution(Node node) {
    return Objects.requireNonNull(convolutions.get(node.id()), node::describe);
  }

  /** Where a pooling's maxima are. */
  String maxima(Node node) {
    return Objects.requireNonNull(maxima.get(node.id()), node::describe);
  }

  Tensor constant(Node node, int place) {
    return ((Leaf.Constant) graph.node(node.inputs().get(place)).op()).value();
  }

  private String operand(Node node, int place) {
    return name(node.inputs().get(place));
  }

  /** True if a convolution's one user is a normalization, with which it is written. */
  private boolean isNormalized(Node node) {
    List<Integer> users = graph.users().get(node.id());
    return node.op() instanceof Primitive.Conv
        && users.size() == 1
        && graph.node(users.get(0)).op() instanceof Composite.BatchNormalization;
  }

  private String written(Node node) {
    return switch (node.op()) {
      case Primitive.Conv c -> convolution(node, c, constant(node, 1), biases(node));
      case Composite.BatchNormalization n -> normalized(node, n);
      case Composite.Relu r -> file.node("Relu", List.of(operand(node, 0)));
      case Composite.MaxPool p -> maxPool(node, p.window());
      case Composite.Gemm g -> gemm(node, g);
      case Composite.ReduceMean m -> file.node("GlobalAveragePool", List.of(operand(node, 0)));
      case Primitive.Reshape r ->
          file.node("Reshape", List.of(operand(node, 0), file.extents(r.shape())));
      case Primitive.Binary b -> sum(node, b.function());
      default -> throw new IllegalArgumentException("ONNX: not written for " + node.describe());
    };
  }

  private String sum(Node node, BinaryFunction function) {
    if (function != BinaryFunction.ADD) {
      throw new IllegalArgumentException("ONNX: not written for " + node.describe());
    }
    return file.node("Add", List.of(operand(node, 0), operand(node, 1)));
  }

  private List<Tensor> biases(Node node) {
    return node.inputs().size() > 2 ? List.of(constant(node, 2)) : List.of();
  }

  private String convolution(Node node, Primitive.Conv c, Tensor weights, List<Tensor> biases) {
    Node from = node.op() instanceof Primitive.Conv ? node : graph.node(node.inputs().get(0));
    convolutions.put(node.id(), new Folded(c, weights, from.inputs().get(0)));
    List<String> inputs = new ArrayList<>(List.of(operand(from, 0), file.weight(weights)));
    biases.forEach(b -> inputs.add(file.weight(b)));
    return file.node("Conv", inputs, window(c.window()));
  }

  /** scale / √(variance + ε) times the weights; the bias is what it makes of 0. */
  private String normalized(Node node, Composite.BatchNormalization n) {
    Node conv = graph.node(node.inputs().get(0));
    float[] scale = constant(node, 1).toFloats();
    float[] bias = constant(node, 2).toFloats();
    float[] mean = constant(node, 3).toFloats();
    float[] variance = constant(node, 4).toFloats();
    for (int i = 0; i < scale.length; i++) {
      scale[i] /= (float) Math.sqrt(variance[i] + n.epsilon());
      bias[i] -= mean[i] * scale[i];
    }
    Tensor folded = Kernels.scaled(constant(conv, 1), scale);
    Tensor shift = Tensor.of(constant(node, 2).shape(), bias);
    return convolution(node, (Primitive.Conv) conv.op(), folded, List.of(shift));
  }

  private String maxPool(Node node, Window window) {
    List<String> inputs = List.of(operand(node, 0));
    List<String> results = file.nodes("MaxPool", inputs, indices ? 2 : 1, window(window));
    if (indices) {
      maxima.put(node.id(), results.get(1));
    }
    return results.get(0);
  }

  private String gemm(Node node, Composite.Gemm g) {
    return file.node(
        "Gemm",
        List.of(operand(node, 0), file.weight(constant(node, 1)), file.weight(constant(node, 2))),
        integer("transB", g.transposeB() ? 1 : 0));
  }

  static AttributeProto[] window(Window w) {
    List<Integer> pads = new ArrayList<>(w.padBegin());
    pads.addAll(w.padEnd());
    return new AttributeProto[] {
      ints("kernel_shape", w.kernel()),
      ints("strides", w.strides()),
      ints("dilations", w.dilations()),
      ints("pads", pads)
    };
  }
}
