package wherefore.method.paths;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.Option;
import wherefore.attribution.ProvidesMethod;
import wherefore.attribution.Rows;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.tensor.Tensor;

/**
 * Expected gradients; with noise, GradientSHAP.
 *
 * <p>Question: how much of f_t(x) less its mean over the baselines is each element's doing?
 * Formula: E[(x + n − x') ⊙ ∂f_t/∂x (x' + α(x + n − x'))] over x' drawn from the baselines, α ~
 * U(0, 1), n ~ N(0, σ²): the mean over samples. Shape: the input's; unit: the target's. Errors: the
 * means' standard errors. Cost: samples · (F + B). Source: Erion et al. 2021; with noise Lundberg,
 * Lee 2017.
 *
 * <p>Facts: {@code samples}; {@code output}, {@code output-at-baseline} in the mean, and {@code
 * residual}, which the samples leave.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "expected-gradients")
public final class ExpectedGradients implements AttributionMethod<ExpectedGradients.Settings> {
  /** The options. */
  public record Settings(
      @Option(
              value = "How often baseline, place on the path and noise are drawn.",
              byDefault = "200",
              min = 2,
              max = 1_000_000)
          int samples,
      @Option(
              value = "The standard deviation of noise on the input; more than 0 for GradientSHAP.",
              byDefault = "0",
              min = 0,
              unit = "of the input")
          double noise) {}

  @Override
  public String id() {
    return "expected-gradients";
  }

  @Override
  public Class<Settings> options() {
    return Settings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "How much of the target less its mean over the baselines is each element's doing?",
        EnumSet.of(Need.GRAPH, Need.BASELINE, Need.SEED),
        "samples × (F + B)",
        "Erion et al. 2021, arXiv:1906.10670");
  }

  @Override
  public Attribution attribute(AttributionRequest request, Settings options, Evaluator evaluator) {
    Subject subject = evaluator.subject();
    int baselines = Route.baselines(subject.variables());
    BaselineMean mean = new BaselineMean(subject);
    Rows rows =
        new Rows(
            options.samples(),
            (from, to) -> points(evaluator, options, baselines, from, to),
            Map.of());
    evaluator.forEach(
        subject.gradient(),
        rows,
        (row, outputs) -> {
          Draw draw = Draw.of(evaluator, options, baselines, row);
          List<double[]> gradients =
              subject.variables().stream().map(v -> v.in(outputs).toDoubles()).toList();
          PathIntegral sample = new PathIntegral(gradients, 1, Double.NaN, true);
          mean.add(sample.times(draw.deltas()));
        });
    return mean.statistic(Ends.of(evaluator, subject.variables(), baselines), Over.MEAN, true)
        .fact("samples", options.samples());
  }

  private static Map<String, Tensor> points(
      Evaluator evaluator, Settings options, int baselines, int from, int to) {
    Map<String, List<Tensor>> parts = new HashMap<>();
    for (int row = from; row < to; row++) {
      Draw draw = Draw.of(evaluator, options, baselines, row);
      int i = 0;
      for (Variable v : evaluator.subject().variables()) {
        Tensor delta = draw.deltas().get(i++);
        Tensor point = v.baseline(draw.baseline()).zip(delta, (x, d) -> x + draw.alpha() * d);
        parts.computeIfAbsent(v.name(), n -> new ArrayList<>()).add(point.to(v.value().type()));
      }
    }
    Map<String, Tensor> feeds = new HashMap<>();
    parts.forEach((name, rows) -> feeds.put(name, Tensor.concatRows(rows)));
    return feeds;
  }

  /**
   * A sample.
   *
   * @param deltas x + n − x', for each variable
   */
  private record Draw(int baseline, double alpha, List<Tensor> deltas) {
    static Draw of(Evaluator evaluator, Settings options, int baselines, int row) {
      SplittableRandom random = evaluator.random("expected-gradients/" + row);
      int baseline = random.nextInt(baselines);
      double alpha = random.nextDouble();
      List<Tensor> deltas = new ArrayList<>();
      for (Variable v : evaluator.subject().variables()) {
        double[] delta = v.value().zip(v.baseline(baseline), (x, from) -> x - from).toDoubles();
        for (int i = 0; options.noise() > 0 && i < delta.length; i++) {
          delta[i] += options.noise() * random.nextGaussian();
        }
        deltas.add(Tensor.of(v.value().shape(), delta));
      }
      return new Draw(baseline, alpha, deltas);
    }
  }
}
