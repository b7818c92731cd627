package wherefore.model.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import wherefore.graph.Graph;
import wherefore.graph.GraphException;
import wherefore.model.Model;
import wherefore.model.ModelException;
import wherefore.model.ModelExporter;
import wherefore.model.Network;
import wherefore.model.Port;
import wherefore.model.Port.Axis;
import wherefore.model.ProvidesExporter;
import wherefore.tensor.Shape;

/**
 * Writes any model that is known as a graph as an {@code .onnx} file. Where the model takes any
 * batch, so does the file: graphs for two and for three examples tell which extents depend on it.
 */
@Component
@ProvidesExporter(exporter = "onnx")
public final class OnnxExporter implements ModelExporter {
  private static final Logger LOG = LoggerFactory.getLogger(OnnxExporter.class);

  /** For the service registry and {@link ServiceLoader}. */
  public OnnxExporter() {}

  @Override
  public String format() {
    return "onnx";
  }

  @Override
  public List<String> extensions() {
    return List.of("onnx");
  }

  @Override
  public void export(Model model, OutputStream out) throws IOException {
    if (!(model.network() instanceof Network.White)) {
      throw new ModelException(
          "model " + model.name() + " is a function without a graph: ONNX can't express it");
    }
    checkAxes(model);
    message(model).writeTo(out);
  }

  private static void checkAxes(Model model) throws ModelException {
    for (Port port : model.inputs()) {
      if (port.axes().stream().skip(1).anyMatch(Axis::isFree)) {
        throw new ModelException(
            "model %s: input %s has free axes; only the first one may be free in an export"
                .formatted(model.name(), port));
      }
    }
  }

  /** For one example much that depends on the batch has no node; for two it has. */
  private static ModelProto message(Model model) throws ModelException {
    try {
      if (model.isBatched()) {
        Graph two = model.graph(shapes(model, 2));
        return written(model, two, Optional.of(model.graph(shapes(model, 3))));
      }
    } catch (FixedBatchException e) {
      LOG.info("model {} is exported for one example at a time: {}", model.name(), e.getMessage());
    } catch (GraphException e) {
      LOG.info("model {} takes one example at a time: {}", model.name(), e.getMessage());
    }
    return written(model, model.graph(shapes(model, 1)), Optional.empty());
  }

  private static ModelProto written(Model model, Graph graph, Optional<Graph> larger)
      throws ModelException {
    OperatorWriter.refuseGaps(model.name(), graph);
    return new GraphWriter(model, graph, larger).write();
  }

  private static Map<String, Shape> shapes(Model model, int batch) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (Port port : model.inputs()) {
      List<Axis> axes = port.axes();
      int[] dims =
          IntStream.range(0, axes.size())
              .map(a -> axes.get(a).isFree() ? batch : axes.get(a).extent())
              .toArray();
      shapes.put(port.name(), Shape.of(dims));
    }
    return shapes;
  }
}
