package wherefore.model.onnx;

import wherefore.graph.Graph;

/** Whether examples stay apart in a graph. */
final class BatchAxis {
  private BatchAxis() {}

  static boolean isFree(Graph graph, int batch) {
    return graph.outputs().values().stream()
        .map(id -> graph.node(id).shape())
        .allMatch(s -> s.rank() > 0 && s.dim(0) == batch);
  }
}
