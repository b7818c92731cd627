package wherefore.model;

import java.util.Map;
import wherefore.graph.Graph;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** How a model computes. Thread-safe. */
public sealed interface Network {
  /** A network that is known as a graph: every method works on it. */
  non-sealed interface White extends Network {
    /**
     * The graph for inputs of these shapes. Its inputs and outputs bear the ports' names; the
     * origin of a node is its layer's name.
     *
     * @param shapes one for each input
     * @throws wherefore.graph.GraphException if the network can't take such inputs
     */
    Graph graph(Map<String, Shape> shapes);
  }

  /** A function of which only the values are known: methods that need no gradient work on it. */
  @FunctionalInterface
  non-sealed interface Black extends Network {
    /**
     * The outputs for a batch of inputs.
     *
     * @param inputs a tensor for each input, examples along the first axis
     * @return a tensor for each output, examples along the first axis
     */
    Map<String, Tensor> predict(Map<String, Tensor> inputs);
  }
}
