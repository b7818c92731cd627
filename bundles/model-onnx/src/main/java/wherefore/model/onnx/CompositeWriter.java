package wherefore.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import wherefore.graph.Composite;
import wherefore.graph.Node;
import wherefore.tensor.Shape;

/** The table from composites to ONNX nodes. */
final class CompositeWriter {
  private final GraphWriter out;
  private final NodeWriter nodes;

  CompositeWriter(GraphWriter out, NodeWriter nodes) {
    this.out = out;
    this.nodes = nodes;
  }

  private void activation(Node node, Composite.Activation op) {
    switch (op) {
      case Composite.Relu r -> nodes.emit(node, "Relu");
      case Composite.LeakyRelu r -> nodes.emit(node, "LeakyRelu", Attribute.of("alpha", r.alpha()));
      case Composite.ThresholdedRelu r ->
          nodes.emit(node, "ThresholdedRelu", Attribute.of("alpha", r.alpha()));
      case Composite.Elu e -> nodes.emit(node, "Elu", Attribute.of("alpha", e.alpha()));
      case Composite.Celu c -> nodes.emit(node, "Celu", Attribute.of("alpha", c.alpha()));
      case Composite.Selu s ->
          nodes.emit(
              node, "Selu", Attribute.of("alpha", s.alpha()), Attribute.of("gamma", s.gamma()));
      case Composite.Gelu g ->
          nodes.emit(
              node, "Gelu", Attribute.of("approximate", g.tanhApproximation() ? "tanh" : "none"));
      case Composite.Swish s -> swish(node, s.beta());
      case Composite.Mish m -> nodes.emit(node, "Mish");
      case Composite.Softplus s -> nodes.emit(node, "Softplus");
      case Composite.Softsign s -> nodes.emit(node, "Softsign");
      case Composite.HardSigmoid h ->
          nodes.emit(
              node,
              "HardSigmoid",
              Attribute.of("alpha", h.alpha()),
              Attribute.of("beta", h.beta()));
      case Composite.HardSwish h -> nodes.emit(node, "HardSwish");
      case Composite.Clip c ->
          nodes.emit(
              node,
              "Clip",
              List.of(
                  nodes.number(c.min(), node.type().element()),
                  nodes.number(c.max(), node.type().element())));
    }
  }

  /** The operator itself is newer than the set that is written. */
  private void swish(Node node, double beta) {
    String x = out.operand(node, 0);
    String scaled = beta == 1 ? x : nodes.then("Mul", x, nodes.number(beta, node.type().element()));
    out.emit("Mul", List.of(x, nodes.then("Sigmoid", scaled)), out.result(node));
  }

  void write(Node node, Composite op) {
    switch (op) {
      case Composite.Activation a -> activation(node, a);
      case Composite.PRelu p -> nodes.emit(node, "PRelu");
      case Composite.Softmax s -> nodes.emit(node, "Softmax", Attribute.of("axis", s.axis()));
      case Composite.LogSoftmax s -> nodes.emit(node, "LogSoftmax", Attribute.of("axis", s.axis()));
      case Composite.Gemm g ->
          nodes.emit(
              node,
              "Gemm",
              Attribute.of("alpha", g.alpha()),
              Attribute.of("beta", g.beta()),
              Attribute.of("transA", g.transposeA()),
              Attribute.of("transB", g.transposeB()));
      case Composite.BatchNormalization b ->
          nodes.emit(node, "BatchNormalization", epsilon(b.epsilon()));
      case Composite.InstanceNormalization i ->
          nodes.emit(node, "InstanceNormalization", epsilon(i.epsilon()));
      case Composite.GroupNormalization g ->
          nodes.emit(
              node,
              "GroupNormalization",
              Attribute.of("num_groups", g.groups()),
              epsilon(g.epsilon()));
      case Composite.LayerNormalization l ->
          nodes.emit(
              node, "LayerNormalization", Attribute.of("axis", l.axis()), epsilon(l.epsilon()));
      case Composite.LRN l ->
          nodes.emit(
              node,
              "LRN",
              Attribute.of("size", l.size()),
              Attribute.of("alpha", l.alpha()),
              Attribute.of("beta", l.beta()),
              Attribute.of("bias", l.bias()));
      case Composite.ReduceMean r ->
          nodes.emit(node, "ReduceMean", List.of(out.integers(r.axes())));
      case Composite.MaxPool p -> nodes.emit(node, "MaxPool", NodeWriter.window(p.window()));
      case Composite.AveragePool p ->
          nodes.emit(
              node,
              "AveragePool",
              NodeWriter.window(
                  p.window(), Attribute.of("count_include_pad", p.countIncludePad())));
      case Composite.Resize r -> resize(node, r);
      case Composite.MaxPoolGrad g -> throw new AssertionError(g);
      case Composite.AveragePoolGrad g -> throw new AssertionError(g);
    }
  }

  private static AttributeProto epsilon(double epsilon) {
    return Attribute.of("epsilon", epsilon);
  }

  /** Only the axes that change are named, so that the batch may be anything. */
  private void resize(Node node, Composite.Resize r) {
    Shape from = out.extents().operandShape(node);
    List<Integer> axes =
        IntStream.range(0, from.rank())
            .filter(a -> from.dim(a) != r.extents().get(a))
            .boxed()
            .toList();
    nodes.emit(
        node,
        "Resize",
        List.of("", "", out.integers(axes.stream().map(r.extents()::get).toList())),
        Attribute.of("axes", axes),
        Attribute.of("mode", r.interpolation().mode().name().toLowerCase(Locale.ROOT)),
        Attribute.of(
            "coordinate_transformation_mode",
            r.interpolation().coordinates().name().toLowerCase(Locale.ROOT)),
        Attribute.of("nearest_mode", r.interpolation().rounding().name().toLowerCase(Locale.ROOT)),
        Attribute.of("cubic_coeff_a", r.interpolation().cubicCoefficient()));
  }
}
