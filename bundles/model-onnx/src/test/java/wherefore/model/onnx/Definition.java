package wherefore.model.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import wherefore.backend.reference.ReferenceBackend;
import wherefore.graph.Graph;
import wherefore.model.Model;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.Closeness;
import wherefore.testkit.FiniteDifferences;
import wherefore.testkit.Run;

/** A file of one operator, beside what ONNX's text says that it yields. */
final class Definition {
  private static final SplittableRandom RANDOM = new SplittableRandom(11);

  private final Path folder;
  private final Onnx file;
  private final Map<String, Tensor> feeds = new LinkedHashMap<>();

  Definition(Path folder, int opset) {
    this.folder = folder;
    this.file = new Onnx(opset);
  }

  static Tensor random(int... dims) {
    Shape shape = Shape.of(dims);
    double[] values = new double[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = RANDOM.nextDouble(-1, 1);
    }
    return Tensor.of(shape, values).to(ElementType.FLOAT32);
  }

  Onnx file() {
    return file;
  }

  /** An input that is fed with a value. */
  Definition fed(String name, Tensor value) {
    int type = GraphWriter.type(value.type());
    long[] dims = new long[value.shape().rank()];
    for (int a = 0; a < dims.length; a++) {
      dims[a] = value.shape().dim(a);
    }
    file.typed(name, type, dims);
    feeds.put(name, value);
    return this;
  }

  Definition node(String text, ai.onnx.proto.OnnxMl.AttributeProto... attributes) {
    file.node(text, attributes);
    return this;
  }

  Definition weight(String name, Tensor value) {
    file.weight(name, value);
    return this;
  }

  Definition longs(String name, long... values) {
    file.longs(name, values);
    return this;
  }

  /** Compares one output, element by element in row-major order. */
  void yields(String output, Shape shape, IntToDoubleFunction expected) throws IOException {
    file.output(output);
    Model model = file.load(folder);
    Map<String, Shape> shapes = new LinkedHashMap<>();
    feeds.forEach((name, value) -> shapes.put(name, value.shape()));
    Graph graph = model.graph(shapes);
    Tensor actual = Run.output(new ReferenceBackend(), graph, feeds, output);
    double[] values = new double[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = expected.applyAsDouble(i);
    }
    Closeness.assertClose(Tensor.of(shape, values), actual, 1e-6, 1e-6, output);
    if (graph.output(output).type().element().isFloating()) {
      FiniteDifferences.check(new ReferenceBackend(), graph, feeds, output, 3);
    }
  }

  void yields(String output, Shape shape, double... expected) throws IOException {
    yields(output, shape, i -> expected[i]);
  }
}
