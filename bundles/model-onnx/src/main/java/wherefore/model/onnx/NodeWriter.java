package wherefore.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import wherefore.graph.Node;
import wherefore.graph.Window;
import wherefore.tensor.ElementType;
import wherefore.tensor.Tensor;

/** What the writers of single operators share. */
final class NodeWriter {
  private final GraphWriter out;

  NodeWriter(GraphWriter out) {
    this.out = out;
  }

  void emit(Node node, String type, AttributeProto... attributes) {
    out.emit(type, operands(node), out.result(node), attributes);
  }

  List<String> operands(Node node) {
    return IntStream.range(0, node.inputs().size()).mapToObj(i -> out.operand(node, i)).toList();
  }

  /** With operands that the file's operator takes and ours has as attributes. */
  void emit(Node node, String type, List<String> more, AttributeProto... attributes) {
    List<String> all = new ArrayList<>(operands(node));
    all.addAll(more);
    out.emit(type, all, out.result(node), attributes);
  }

  String then(String type, String... operands) {
    String result = out.between();
    out.emit(type, List.of(operands), result);
    return result;
  }

  String number(double value, ElementType element) {
    return out.literal(Tensor.scalar(value).to(element));
  }

  static AttributeProto[] window(Window w, AttributeProto... more) {
    List<Integer> pads = new ArrayList<>(w.padBegin());
    pads.addAll(w.padEnd());
    List<AttributeProto> all =
        new ArrayList<>(
            List.of(
                Attribute.of("kernel_shape", w.kernel()),
                Attribute.of("strides", w.strides()),
                Attribute.of("dilations", w.dilations()),
                Attribute.of("pads", pads)));
    Collections.addAll(all, more);
    return all.toArray(AttributeProto[]::new);
  }
}
