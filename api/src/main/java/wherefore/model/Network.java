package wherefore.model;

import java.util.Map;
import wherefore.compute.Cancellation;
import wherefore.graph.Graph;
import wherefore.graph.GraphException;
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
     * @throws GraphException if the network can't take such inputs
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

    /**
     * Holds on to the function for one request, all of whose values come from the same one, even if
     * it is swapped meanwhile.
     *
     * @param waiting asked while a function that has just left may come back
     */
    default Use use(Cancellation waiting) {
      return new Use() {
        @Override
        public Map<String, Tensor> predict(Map<String, Tensor> inputs) {
          return Black.this.predict(inputs);
        }

        @Override
        public String version() {
          return "";
        }

        @Override
        public void check() {}

        @Override
        public void close() {}
      };
    }
  }

  /** A function that is held on to until it is closed; {@link #check} says when it must end. */
  interface Use extends Cancellation, AutoCloseable {
    /** As {@link Black#predict}. */
    Map<String, Tensor> predict(Map<String, Tensor> inputs);

    /** The version of what computes it, or empty if it has none. */
    String version();

    @Override
    void close();
  }
}
