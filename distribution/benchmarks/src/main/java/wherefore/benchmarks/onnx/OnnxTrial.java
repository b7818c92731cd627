package wherefore.benchmarks.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import java.util.Map;
import wherefore.benchmarks.Trial;
import wherefore.graph.Graph;
import wherefore.tensor.Tensor;

/** A file with one input and one output in ONNX Runtime. */
public final class OnnxTrial implements Trial {
  private static final String INPUT = "x";
  private static final String OUTPUT = "y";

  private final Session session;
  private final OnnxTensor x;

  private OnnxTrial(OnnxFile file, Tensor x) {
    this.session = new Session(file);
    this.x = session.tensor(x);
  }

  /** A forward pass of a graph for this input's batch. */
  public static Trial forward(Graph graph, Tensor x) {
    OnnxFile file = new OnnxFile();
    String y = new ForwardWriter(file, graph, false).write(file.input(INPUT, x.shape()));
    file.output(OUTPUT, y, graph.node(graph.outputs().firstEntry().getValue()).shape());
    return new OnnxTrial(file, x);
  }

  /** The gradient of one logit. */
  public static Trial gradient(Graph graph, Tensor x) {
    OnnxFile file = new OnnxFile();
    String dx = new GradientWriter(file, graph).write(file.input(INPUT, x.shape()));
    file.output(OUTPUT, dx, x.shape());
    return new OnnxTrial(file, x);
  }

  @Override
  public void run() {
    compute().close();
  }

  private OrtSession.Result compute() {
    return session.run(Map.of(INPUT, x));
  }

  @Override
  public float[] answer() {
    try (OrtSession.Result result = compute()) {
      return Session.floats(result);
    }
  }

  @Override
  public void close() {
    x.close();
    session.close();
  }
}
