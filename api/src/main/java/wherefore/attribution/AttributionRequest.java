package wherefore.attribution;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import wherefore.graph.Graph;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * The question: how much did each element of an input contribute to a number that a model computed
 * from it?
 *
 * @param model the model
 * @param inputs one example: a tensor for each of the model's inputs, first axis of extent 1
 * @param method the method's id
 * @param options the method's options: name to value in text form; what is missing has its default
 * @param target the number
 * @param baseline what the input is compared with, where the method compares
 * @param to the layer whose output is explained instead of the inputs; if empty, the inputs are,
 *     and for each integer input the layers that look it up in a table
 * @param backend the backend's id, or empty for the best one there is
 * @param seed of everything that is drawn
 * @param deadline after which it is cancelled, or empty
 */
public record AttributionRequest(
    Model model,
    Map<String, Tensor> inputs,
    String method,
    Map<String, String> options,
    Target target,
    Baseline baseline,
    Optional<String> to,
    Optional<String> backend,
    long seed,
    Optional<Duration> deadline) {
  /** Copies the maps. */
  public AttributionRequest {
    inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    options = Collections.unmodifiableMap(new TreeMap<>(options));
  }

  /** The question about a model with one input, all else as it is by default. */
  public static AttributionRequest of(Model model, Tensor input, String method) {
    return of(model, Map.of(model.inputs().get(0).name(), input), method);
  }

  /** The question about a model, all else as it is by default. */
  public static AttributionRequest of(Model model, Map<String, Tensor> inputs, String method) {
    return new AttributionRequest(
        model,
        inputs,
        method,
        Map.of(),
        Target.PREDICTED,
        new Baseline.Default(),
        Optional.empty(),
        Optional.empty(),
        0,
        Optional.empty());
  }

  /**
   * The model's graph for so many rows of inputs like these.
   *
   * @throws IllegalArgumentException if the model is a black box
   */
  public Graph graph(int rows) {
    Map<String, Shape> shapes = new HashMap<>();
    inputs.forEach((name, value) -> shapes.put(name, value.shape().with(0, rows)));
    return model.graph(shapes);
  }

  /** This question about another model. */
  public AttributionRequest withModel(Model other) {
    return new AttributionRequest(
        other, inputs, method, options, target, baseline, to, backend, seed, deadline);
  }

  /** This question to another method. */
  public AttributionRequest withMethod(String id) {
    return new AttributionRequest(
        model, inputs, id, options, target, baseline, to, backend, seed, deadline);
  }

  /** This question with one option more, or another value for it. */
  public AttributionRequest withOption(String name, Object value) {
    Map<String, String> more = new TreeMap<>(options);
    more.put(name, String.valueOf(value));
    return withOptions(more);
  }

  /** This question with other options. */
  public AttributionRequest withOptions(Map<String, String> values) {
    return new AttributionRequest(
        model, inputs, method, values, target, baseline, to, backend, seed, deadline);
  }

  /** This question about another number. */
  public AttributionRequest withTarget(Target other) {
    return new AttributionRequest(
        model, inputs, method, options, other, baseline, to, backend, seed, deadline);
  }

  /** This question compared with something else. */
  public AttributionRequest withBaseline(Baseline other) {
    return new AttributionRequest(
        model, inputs, method, options, target, other, to, backend, seed, deadline);
  }

  /** This question about a layer's output instead of the inputs. */
  public AttributionRequest withTo(String layer) {
    return new AttributionRequest(
        model,
        inputs,
        method,
        options,
        target,
        baseline,
        Optional.of(layer),
        backend,
        seed,
        deadline);
  }

  /** This question on a backend. */
  public AttributionRequest withBackend(String id) {
    return new AttributionRequest(
        model, inputs, method, options, target, baseline, to, Optional.of(id), seed, deadline);
  }

  /** This question with another seed. */
  public AttributionRequest withSeed(long other) {
    return new AttributionRequest(
        model, inputs, method, options, target, baseline, to, backend, other, deadline);
  }

  /** This question, cancelled when it takes longer. */
  public AttributionRequest withDeadline(Duration limit) {
    return new AttributionRequest(
        model, inputs, method, options, target, baseline, to, backend, seed, Optional.of(limit));
  }
}
