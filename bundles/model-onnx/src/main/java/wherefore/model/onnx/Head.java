package wherefore.model.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import wherefore.graph.Graph;
import wherefore.graph.TensorType;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.Port;
import wherefore.tensor.Shape;

/**
 * What a file says beside its nodes.
 *
 * @param batched true if the ports' free axes are free in the file
 */
record Head(Model model, Graph graph, boolean batched) {
  private static final int OPSET = 21;
  private static final int IR_VERSION = 10;

  List<ValueInfoProto> inputs() {
    Map<String, TensorType> fed = graph.inputs();
    return model.inputs().stream()
        .filter(p -> fed.containsKey(p.name()))
        .map(p -> info(p, fed.getOrDefault(p.name(), graph.node(0).type()).shape()))
        .toList();
  }

  List<ValueInfoProto> outputs() {
    return model.outputs().stream()
        .filter(p -> graph.outputs().containsKey(p.name()))
        .map(p -> info(p, graph.output(p.name()).shape()))
        .toList();
  }

  ModelProto message(GraphProto content) {
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .setProducerName(Naming.PRODUCER)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
        .setDocString(model.card().description())
        .addAllMetadataProps(metadata(model.card()))
        .setGraph(content)
        .build();
  }

  private ValueInfoProto info(Port port, Shape shape) {
    TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
    for (int a = 0; a < shape.rank(); a++) {
      Port.Axis axis = port.axes().get(a);
      boolean free = batched && axis.isFree();
      String name = axis.name().isEmpty() ? "batch" : axis.name();
      dims.addDim(
          free
              ? TensorShapeProto.Dimension.newBuilder().setDimParam(name)
              : TensorShapeProto.Dimension.newBuilder().setDimValue(shape.dim(a)));
    }
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder()
            .setElemType(GraphWriter.type(port.element()))
            .setShape(dims)
            .build();
    return ValueInfoProto.newBuilder()
        .setName(port.name())
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  private static List<StringStringEntryProto> metadata(ModelCard card) {
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put("name", card.name());
    entries.put("source", card.source());
    entries.put("license", card.license());
    entries.put("labels", String.join("\n", card.labels()));
    entries.put("features", String.join("\n", card.features()));
    return entries.entrySet().stream()
        .filter(e -> !e.getValue().isEmpty())
        .map(
            e ->
                StringStringEntryProto.newBuilder()
                    .setKey(e.getKey())
                    .setValue(e.getValue())
                    .build())
        .toList();
  }
}
