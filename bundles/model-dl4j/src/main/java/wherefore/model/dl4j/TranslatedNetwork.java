package wherefore.model.dl4j;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Value;
import wherefore.model.ModelException;
import wherefore.model.Network;
import wherefore.model.Port;
import wherefore.tensor.Shape;

/**
 * A network without anything of DL4J in it: a function from input shapes to graphs.
 *
 * @param inputs the ports
 * @param steps in topological order
 * @param outputs the ports' names, and the steps behind them
 */
record TranslatedNetwork(List<Port> inputs, List<Step> steps, Map<String, String> outputs)
    implements Network.White {

  /**
   * A layer or vertex.
   *
   * @param name the layer's name, the origin of its nodes
   * @param operands names of inputs or earlier steps
   * @param before a change of form first
   * @param emitter what it does
   */
  record Step(
      String name, List<String> operands, Optional<PreProcessors.Form> before, Emitter emitter) {}

  /**
   * Translates all stages.
   *
   * @throws ModelException if some have no translation; the message names them all
   */
  static List<Step> steps(List<Stage> stages, String file) throws ModelException {
    List<Step> steps = new ArrayList<>();
    List<String> gaps = new ArrayList<>();
    for (Stage stage : stages) {
      try {
        steps.add(step(stage));
      } catch (UnsupportedException e) {
        gaps.add(stage.name() + " (" + e.getMessage() + ")");
      }
    }
    if (!gaps.isEmpty()) {
      throw new ModelException(
          "%s: not supported: %s; supported layers: %s; supported vertices: %s"
              .formatted(
                  file,
                  String.join(", ", gaps),
                  String.join(", ", Layers.known()),
                  String.join(", ", Vertices.known())));
    }
    return steps;
  }

  private static Step step(Stage stage) {
    return switch (stage) {
      case Stage.OfLayer l ->
          new Step(
              l.name(),
              l.operands(),
              l.before().map(PreProcessors::of),
              Layers.of(l.layer(), l.weights()));
      case Stage.OfPreProcessor p ->
          new Step(
              p.name(),
              p.operands(),
              Optional.of(PreProcessors.of(p.preProcessor())),
              (Emitter.Unary) (b, x) -> x);
      case Stage.OfVertex v ->
          new Step(v.name(), v.operands(), Optional.empty(), Vertices.of(v.vertex(), v.weights()));
    };
  }

  @Override
  public Graph graph(Map<String, Shape> shapes) {
    GraphBuilder builder = new GraphBuilder();
    Map<String, Value> values = new HashMap<>();
    for (Port port : inputs) {
      Shape shape = shapes.get(port.name());
      if (shape == null || !port.accepts(shape)) {
        throw new GraphException("input " + port + " does not take the shape " + shape);
      }
      values.put(port.name(), builder.input(port.name(), port.element(), shape));
    }
    int batch = builder.nodes().getFirst().shape().dim(0);
    steps.forEach(step -> values.put(step.name(), emit(builder, step, values, batch)));
    outputs.forEach((name, step) -> builder.output(name, known(values, step)));
    return builder.build();
  }

  private static Value emit(GraphBuilder builder, Step step, Map<String, Value> values, int batch) {
    builder.at(step.name());
    List<Value> operands = step.operands().stream().map(name -> known(values, name)).toList();
    try {
      if (step.before().isPresent()) {
        Value formed = step.before().get().emit(builder, operands.getFirst(), batch);
        return step.emitter().emit(builder, List.of(formed));
      }
      return step.emitter().emit(builder, operands);
    } catch (IllegalArgumentException e) {
      throw new GraphException("layer " + step.name() + ": " + e.getMessage(), e);
    }
  }

  private static Value known(Map<String, Value> values, String name) {
    Value value = values.get(name);
    if (value == null) {
      throw new GraphException(
          "nothing is named %s; known: %s".formatted(name, new TreeSet<>(values.keySet())));
    }
    return value;
  }
}
