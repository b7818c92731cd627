package wherefore.benchmarks.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** An ONNX file under construction, with fixed shapes. */
final class OnnxFile {
  private static final int OPSET = 18;
  private static final int IR_VERSION = 8;

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("benchmark");
  private final Map<Tensor, String> weights = new IdentityHashMap<>();
  private int names;

  String input(String name, Shape shape) {
    graph.addInput(info(name, shape));
    return name;
  }

  void output(String name, String value, Shape shape) {
    graph.addNode(
        NodeProto.newBuilder().setOpType("Identity").addInput(value).addOutput(name).build());
    graph.addOutput(info(name, shape));
  }

  private static ValueInfoProto info(String name, Shape shape) {
    TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
    for (int d : shape.dims()) {
      dims.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(d));
    }
    TypeProto.Tensor type =
        TypeProto.Tensor.newBuilder()
            .setElemType(TensorProto.DataType.FLOAT.getNumber())
            .setShape(dims)
            .build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(type))
        .build();
  }

  /** The name of a weight; the same tensor is written once. */
  String weight(Tensor tensor) {
    return weights.computeIfAbsent(tensor, this::written);
  }

  private String written(Tensor tensor) {
    String name = fresh("w");
    TensorProto.DataType type =
        tensor.type() == ElementType.INT64
            ? TensorProto.DataType.INT64
            : TensorProto.DataType.FLOAT;
    TensorProto.Builder proto =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type.getNumber())
            .setRawData(UnsafeByteOperations.unsafeWrap(tensor.toBytes().rewind()));
    for (int d : tensor.shape().dims()) {
      proto.addDims(d);
    }
    graph.addInitializer(proto);
    return name;
  }

  String number(double value) {
    return weight(Tensor.scalar(value).to(ElementType.FLOAT32));
  }

  String extents(Shape shape) {
    long[] dims = Arrays.stream(shape.dims()).asLongStream().toArray();
    return weight(Tensor.of(Shape.of(dims.length), dims));
  }

  /** A node with one output, whose name is returned. */
  String node(String operator, List<String> inputs, AttributeProto... attributes) {
    return nodes(operator, inputs, 1, attributes).get(0);
  }

  /** A node with several outputs. */
  List<String> nodes(
      String operator, List<String> inputs, int outputs, AttributeProto... attributes) {
    List<String> results = IntStream.range(0, outputs).mapToObj(i -> fresh("v")).toList();
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(operator)
            .setName(fresh(operator))
            .addAllInput(inputs)
            .addAllOutput(results)
            .addAllAttribute(List.of(attributes)));
    return results;
  }

  private String fresh(String stem) {
    return stem + names++;
  }

  static AttributeProto ints(String name, List<Integer> values) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INTS)
        .addAllInts(values.stream().map(Integer::longValue).toList())
        .build();
  }

  static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  static AttributeProto text(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.STRING)
        .setS(com.google.protobuf.ByteString.copyFromUtf8(value))
        .build();
  }

  /** Writes it to a new file in the temporary folder. */
  Path write() throws IOException {
    Path file = Files.createTempFile("wherefore-benchmark", ".onnx");
    ModelProto model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
            .setGraph(graph)
            .build();
    try (OutputStream out = Files.newOutputStream(file)) {
      model.writeTo(out);
    }
    return file;
  }
}
