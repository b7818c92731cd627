package wherefore.benchmarks.onnx;

import static wherefore.benchmarks.onnx.OnnxFile.integer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import wherefore.benchmarks.StraightPath;
import wherefore.benchmarks.Trial;
import wherefore.graph.Graph;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Integrated gradients from a zero baseline in ONNX Runtime: the points of a chunk, their gradients
 * and the weighted sum of these times x are in the graph.
 */
public final class OnnxPath implements Trial {
  private static final String X = "x";
  private static final String ALPHAS = "alphas";
  private static final String WEIGHTS = "weights";

  private final Session session;
  private final OnnxTensor x;
  private final int size;
  private final List<Map<String, OnnxTensor>> chunks = new ArrayList<>();

  /**
   * @param graph for a chunk
   * @param x one example
   */
  public OnnxPath(Graph graph, Tensor x, StraightPath path) {
    this.session = new Session(file(graph, x.shape(), path.chunk()));
    this.x = session.tensor(x);
    this.size = x.size();
    for (int i = 0; i < path.chunks(); i++) {
      OnnxTensor alphas = column(path.alphas(i));
      OnnxTensor weights = column(path.weights(i));
      chunks.add(Map.of(X, this.x, ALPHAS, alphas, WEIGHTS, weights));
    }
  }

  private OnnxTensor column(float[] values) {
    return session.tensor(Tensor.wrap(Shape.of(values.length, 1, 1, 1), FloatBuffer.wrap(values)));
  }

  private static OnnxFile file(Graph graph, Shape one, int chunk) {
    OnnxFile file = new OnnxFile();
    Shape column = Shape.of(chunk, 1, 1, 1);
    String delta = file.input(X, one);
    String alphas = file.input(ALPHAS, column);
    String weights = file.input(WEIGHTS, column);
    String points = file.node("Mul", List.of(alphas, delta));
    String gradients = new GradientWriter(file, graph).write(points);
    String weighted = file.node("Mul", List.of(gradients, weights));
    String first = file.weight(Tensor.of(Shape.of(1), 0L));
    String sum = file.node("ReduceSum", List.of(weighted, first), integer("keepdims", 1));
    file.output("y", file.node("Mul", List.of(sum, delta)), one);
    return file;
  }

  private float[] compute() {
    float[] sum = new float[size];
    for (Map<String, OnnxTensor> chunk : chunks) {
      try (OrtSession.Result result = session.run(chunk)) {
        float[] part = Session.floats(result);
        for (int i = 0; i < size; i++) {
          sum[i] += part[i];
        }
      }
    }
    return sum;
  }

  @Override
  public void run() {
    compute();
  }

  @Override
  public float[] answer() {
    return compute();
  }

  @Override
  public void close() {
    x.close();
    session.close();
  }
}
