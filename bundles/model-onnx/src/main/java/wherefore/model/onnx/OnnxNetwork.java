package wherefore.model.onnx;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import wherefore.graph.Graph;
import wherefore.graph.GraphException;
import wherefore.model.Network;
import wherefore.model.Port;
import wherefore.tensor.Shape;

/** Builds graphs from a file, and keeps the last few. */
final class OnnxNetwork implements Network.White {
  private static final int KEPT = 8;

  private final OnnxFile file;
  private final List<Port> inputs;
  private final boolean freed;
  private final Folding folding;
  private final Map<Map<String, Shape>, Graph> graphs =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Map<String, Shape>, Graph> eldest) {
          return size() > KEPT;
        }
      };

  /**
   * @param freed true if the file fixes the batch at 1 and the ports don't
   * @param built graphs that are there already
   */
  OnnxNetwork(
      OnnxFile file,
      List<Port> inputs,
      boolean freed,
      Folding folding,
      Map<Map<String, Shape>, Graph> built) {
    this.freed = freed;
    this.file = file;
    this.inputs = List.copyOf(inputs);
    this.folding = folding;
    built.forEach((shapes, graph) -> graphs.put(Map.copyOf(shapes), graph));
  }

  @Override
  public Graph graph(Map<String, Shape> shapes) {
    Map<String, Shape> key = Map.copyOf(shapes);
    synchronized (graphs) {
      Graph known = graphs.get(key);
      if (known != null) {
        return known;
      }
    }
    Graph graph = build(key);
    synchronized (graphs) {
      graphs.put(key, graph);
    }
    return graph;
  }

  private Graph build(Map<String, Shape> shapes) {
    try {
      return Importer.graph(file, inputs, shapes, freed, folding);
    } catch (IllegalArgumentException e) {
      throw new GraphException(file.name() + ": " + e.getMessage(), e);
    }
  }
}
