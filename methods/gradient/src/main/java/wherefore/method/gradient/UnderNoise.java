package wherefore.method.gradient;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Moments;
import wherefore.attribution.Need;
import wherefore.attribution.Program;
import wherefore.attribution.Variable;
import wherefore.tensor.Tensor;

/**
 * A statistic of another method's attributions at inputs with noise, x + n_k with n_k ~ N(0, σ²).
 * The noise is the same for one seed, whatever the statistic; all inputs run in batches.
 */
abstract class UnderNoise implements AttributionMethod<NoiseSettings> {
  private final MethodInfo info;

  UnderNoise(String question, String source) {
    this.info =
        new MethodInfo(
            question, EnumSet.of(Need.GRAPH, Need.SEED), "samples × the method's", source);
  }

  /** True if it is a statistic of the attributions' squares. */
  abstract boolean isOfSquares();

  abstract double[] statistic(Moments moments);

  /** Its standard errors. */
  abstract double[] errors(Moments moments);

  @Override
  public final Class<NoiseSettings> options() {
    return NoiseSettings.class;
  }

  @Override
  public final MethodInfo info() {
    return info;
  }

  @Override
  public final Attribution attribute(
      AttributionRequest request, NoiseSettings options, Evaluator evaluator) {
    Program program = evaluator.program(options.of(), with(options.with()));
    List<Variable> variables = evaluator.subject().variables();
    Map<String, Moments> moments = new LinkedHashMap<>();
    variables.forEach(v -> moments.put(v.name(), new Moments(v.value().size())));
    evaluator.forEach(
        program,
        Noise.rows(evaluator, options),
        (row, outputs) ->
            variables.forEach(
                v -> add(moments.getOrDefault(v.name(), new Moments(0)), v.in(outputs))));
    return Attribution.of(tensors(variables, moments, this::statistic))
        .withErrors(tensors(variables, moments, this::errors))
        .fact("samples", options.samples());
  }

  private void add(Moments moments, Tensor row) {
    boolean squared = isOfSquares();
    moments.add(i -> squared ? row.get(i) * row.get(i) : row.get(i));
  }

  private static Map<String, Tensor> tensors(
      List<Variable> variables,
      Map<String, Moments> moments,
      Function<Moments, double[]> statistic) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Variable v : variables) {
      Moments of = moments.getOrDefault(v.name(), new Moments(0));
      tensors.put(v.name(), Tensor.of(v.value().shape(), statistic.apply(of)));
    }
    return tensors;
  }

  private Map<String, String> with(String text) {
    Map<String, String> options = new TreeMap<>();
    for (String part : text.split(";")) {
      int equals = part.indexOf('=');
      if (equals < 1 && !part.isBlank()) {
        throw new AttributionException(
            "%s: option with has %s; it must be name=value, several separated by semicolons"
                .formatted(id(), part.strip()));
      }
      if (equals >= 1) {
        options.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
      }
    }
    return options;
  }
}
