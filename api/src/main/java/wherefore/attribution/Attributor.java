package wherefore.attribution;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.osgi.annotation.versioning.ProviderType;
import wherefore.compute.BackendInfo;
import wherefore.graph.Graph;
import wherefore.model.Model;
import wherefore.tensor.Tensor;

/**
 * Answers requests: the service that clients use. It finds the method and the backend, holds on to
 * both while they work, and lets neither be pulled away underneath. Thread-safe.
 */
@ProviderType
public interface Attributor {
  /**
   * Answers.
   *
   * @throws AttributionException if it can't be answered as asked; the message is for a person
   * @throws CancellationException if the monitor or the deadline ended it
   */
  Attribution attribute(AttributionRequest request, Monitor monitor);

  /** Answers, unwatched. */
  default Attribution attribute(AttributionRequest request) {
    return attribute(request, Monitor.NONE);
  }

  /**
   * A model's outputs.
   *
   * @param inputs a tensor for each of the model's inputs, examples along the first axis
   * @param backend the backend's id, or empty for the best one there is
   */
  Map<String, Tensor> predict(Model model, Map<String, Tensor> inputs, Optional<String> backend);

  /**
   * Runs a graph for its times, once to warm up and then again.
   *
   * @param feeds for its inputs
   * @param runs how many runs the times are means of
   * @param backend the backend's id, or empty for the best one there is
   */
  Profile profile(Graph graph, Map<String, Tensor> feeds, int runs, Optional<String> backend);

  /**
   * Which methods work on a model, and what they cost.
   *
   * @param inputs one example: a tensor for each of the model's inputs, first axis of extent 1
   * @param backend the backend's id, or empty for the best one there is
   */
  Feasibility check(Model model, Map<String, Tensor> inputs, Optional<String> backend);

  /** The methods that are there now, by id. */
  List<MethodDescription> methods();

  /** The backends that are there now, the best one first. */
  List<BackendInfo> backends();
}
