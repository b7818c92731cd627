package wherefore.shell;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import wherefore.attribution.Attributor;
import wherefore.attribution.Subject;
import wherefore.attribution.Target;
import wherefore.graph.Graph;
import wherefore.graph.Node;
import wherefore.model.Model;
import wherefore.model.Network;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Logits and probabilities of a model's first output. */
final class Predictor {
  private static final String LOGITS = "wherefore.logits";

  private final Attributor attributor;
  private final Optional<String> backend;

  Predictor(Attributor attributor, Optional<String> backend) {
    this.attributor = attributor;
    this.backend = backend;
  }

  /**
   * The largest elements of the output.
   *
   * @param inputs one example
   * @param source where it came from
   * @param count how many elements
   */
  Prediction predict(Model model, Map<String, Tensor> inputs, String source, int count) {
    String output = model.outputs().get(0).name();
    Map<String, Tensor> values = values(model, inputs);
    Tensor raw = first(values, output);
    Tensor logits = values.getOrDefault(LOGITS, raw);
    boolean isNormalized = values.containsKey(LOGITS);
    double[] scores = logits.toDoubles();
    boolean isKnown = model.network() instanceof Network.White;
    Optional<double[]> chances =
        isNormalized ? chances(raw) : isKnown ? softmax(scores, logits.shape()) : Optional.empty();
    List<Prediction.Candidate> top =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -scores[i]))
            .limit(count)
            .map(i -> candidate(model, logits.shape(), i, scores[i], chances.map(c -> c[i])))
            .toList();
    return new Prediction(model.name(), source, output, top);
  }

  /**
   * The first output of several examples, as logits where it ends in a softmax or sigmoid.
   *
   * @param inputs examples along the first axes
   */
  Tensor scores(Model model, Map<String, Tensor> inputs) {
    Map<String, Tensor> values = values(model, inputs);
    return values.getOrDefault(LOGITS, first(values, model.outputs().get(0).name()));
  }

  private static Tensor first(Map<String, Tensor> values, String output) {
    Tensor named = values.get(output);
    return named != null ? named : values.values().iterator().next();
  }

  /** The outputs, and what goes into a softmax or sigmoid at the end of the first, if one is. */
  private Map<String, Tensor> values(Model model, Map<String, Tensor> inputs) {
    Map<String, Shape> shapes =
        inputs.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().shape()));
    boolean isNormalized =
        model.network() instanceof Network.White && isNormalized(model.graph(shapes));
    return attributor.predict(isNormalized ? withLogits(model) : model, inputs, backend);
  }

  private static boolean isNormalized(Graph graph) {
    return Subject.scored(graph, Target.PREDICTED).id() != graph.outputs().firstEntry().getValue();
  }

  private static Model withLogits(Model model) {
    Network.White network = shapes -> withLogits(model.graph(shapes));
    return new Model(
        model.name(),
        model.format(),
        model.digest(),
        model.source(),
        model.card(),
        model.inputs(),
        model.outputs(),
        network);
  }

  private static Graph withLogits(Graph graph) {
    Node scored = Subject.scored(graph, Target.PREDICTED);
    SequencedMap<String, Integer> outputs = new LinkedHashMap<>(graph.outputs());
    outputs.put(LOGITS, scored.id());
    return new Graph(graph.nodes(), outputs);
  }

  /** A softmax' or sigmoid's values; a logarithm of one is taken back. */
  private static Optional<double[]> chances(Tensor raw) {
    double[] values = raw.toDoubles();
    boolean isLogarithm = Arrays.stream(values).anyMatch(v -> v < 0);
    return Optional.of(isLogarithm ? Arrays.stream(values).map(Math::exp).toArray() : values);
  }

  /** Over axis 1, as the target's probability is; none for a single number. */
  private static Optional<double[]> softmax(double[] scores, Shape shape) {
    if (shape.rank() < 2 || shape.dim(1) == 1) {
      return Optional.empty();
    }
    int inner = scores.length / shape.dim(1);
    double[] chances = new double[scores.length];
    for (int i = 0; i < inner; i++) {
      softmax(scores, chances, i, inner);
    }
    return Optional.of(chances);
  }

  private static void softmax(double[] scores, double[] chances, int start, int step) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = start; i < scores.length; i += step) {
      max = Math.max(max, scores[i]);
    }
    double sum = 0;
    for (int i = start; i < scores.length; i += step) {
      chances[i] = Math.exp(scores[i] - max);
      sum += chances[i];
    }
    for (int i = start; i < scores.length; i += step) {
      chances[i] /= sum;
    }
  }

  private static Prediction.Candidate candidate(
      Model model, Shape shape, int index, double logit, Optional<Double> chance) {
    String label = shape.rank() == 2 ? model.card().label(index) : place(shape, index);
    return new Prediction.Candidate(place(shape, index), label, logit, chance);
  }

  /** Where an element is, behind the batch axis. */
  static String place(Shape shape, int index) {
    int[] strides = shape.strides();
    return IntStream.range(Math.min(1, shape.rank() - 1), shape.rank())
        .mapToObj(a -> Integer.toString(index / strides[a] % shape.dim(a)))
        .collect(Collectors.joining(","));
  }
}
