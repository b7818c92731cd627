package wherefore.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import wherefore.backend.reference.ReferenceBackend;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.Run;

/** Makes small files, and runs them. */
final class Onnx {
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("test");
  private final ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(8);

  Onnx(int opset) {
    model.addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset));
  }

  /** An input; an extent −1 is free. */
  Onnx typed(String name, int type, long... dims) {
    graph.addInput(info(name, type, dims));
    return this;
  }

  Onnx input(String name, long... dims) {
    return typed(name, 1, dims);
  }

  Onnx output(String name) {
    graph.addOutput(info(name, 1));
    return this;
  }

  private static ValueInfoProto info(String name, int type, long... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long dim : dims) {
      shape.addDim(
          dim < 0
              ? TensorShapeProto.Dimension.newBuilder().setDimParam("n")
              : TensorShapeProto.Dimension.newBuilder().setDimValue(dim));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape)))
        .build();
  }

  Onnx weight(String name, Tensor value) {
    graph.addInitializer(proto(name, value));
    return this;
  }

  Onnx weight(TensorProto proto) {
    graph.addInitializer(proto);
    return this;
  }

  static TensorProto proto(String name, Tensor value) {
    TensorProto.Builder proto =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(GraphWriter.type(value.type()))
            .setRawData(ByteString.copyFrom(value.toBytes()));
    for (int dim : value.shape().dims()) {
      proto.addDims(dim);
    }
    return proto.build();
  }

  static Tensor longs(long... values) {
    return Tensor.of(Shape.of(values.length), values);
  }

  Onnx longs(String name, long... values) {
    return weight(name, longs(values));
  }

  /** A node: {@code Type name: a b -> y}. */
  Onnx node(String text, AttributeProto... attributes) {
    String[] sides = text.split("->");
    String[] left = sides[0].split(":", 2);
    String[] head = left[0].strip().split(" ");
    NodeProto.Builder node =
        NodeProto.newBuilder().setOpType(head[0]).setName(head.length > 1 ? head[1] : "");
    for (String operand : left[1].strip().split(" +")) {
      node.addInput(operand.equals("_") ? "" : operand);
    }
    for (String result : sides[1].strip().split(" +")) {
      node.addOutput(result);
    }
    graph.addNode(node.addAllAttribute(List.of(attributes)));
    return this;
  }

  /** A function of domain {@code local}. */
  Onnx function(String name, String parameter, String result, NodeProto... nodes) {
    return function(
        FunctionProto.newBuilder()
            .setDomain("local")
            .setName(name)
            .addInput(parameter)
            .addOutput(result)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
            .addAllNode(List.of(nodes))
            .build());
  }

  Onnx function(FunctionProto function) {
    if (model.getFunctionsCount() == 0) {
      model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("local").setVersion(1));
    }
    model.addFunctions(function);
    return this;
  }

  Onnx call(String function, String operand, String result, AttributeProto... attributes) {
    return overloaded(function, "", operand, result, attributes);
  }

  Onnx overloaded(
      String function,
      String overload,
      String operand,
      String result,
      AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setDomain("local")
            .setOverload(overload)
            .setOpType(function)
            .setName("call")
            .addInput(operand)
            .addOutput(result)
            .addAllAttribute(List.of(attributes)));
    return this;
  }

  /** A branch with one output. */
  static AttributeProto branch(String name, Onnx graph) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.GRAPH)
        .setG(graph.graph)
        .build();
  }

  ModelProto build() {
    return model.setGraph(graph).build();
  }

  Model load(Path folder) throws IOException {
    Path file = folder.resolve("test.onnx");
    Files.write(file, build().toByteArray());
    return new OnnxLoader().load(file, ModelCard.EMPTY);
  }

  static Tensor run(Model model, Map<String, Tensor> feeds) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    feeds.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    return Run.output(
        new ReferenceBackend(), model.graph(shapes), feeds, model.outputs().get(0).name());
  }
}
