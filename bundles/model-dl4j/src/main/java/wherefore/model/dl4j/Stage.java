package wherefore.model.dl4j;

import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.Layer;

/** A layer or vertex as DL4J has it, with the names of what it reads. */
sealed interface Stage {
  /** The layer's name. */
  String name();

  /** Names of inputs or earlier stages. */
  List<String> operands();

  /**
   * A layer.
   *
   * @param before what changes the form of its operand first
   * @param layer its settings
   * @param weights its parameters
   */
  record OfLayer(
      String name,
      List<String> operands,
      Optional<InputPreProcessor> before,
      Layer layer,
      Weights weights)
      implements Stage {}

  /** A preprocessor that stands alone. */
  record OfPreProcessor(String name, List<String> operands, InputPreProcessor preProcessor)
      implements Stage {}

  /** A vertex that is no layer, with its parameters. */
  record OfVertex(String name, List<String> operands, GraphVertex vertex, Weights weights)
      implements Stage {}
}
