package wherefore.method.bottleneck;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.SplittableRandom;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.Option;
import wherefore.attribution.Variable;
import wherefore.tensor.Tensor;

/** Answers with what a request's generator draws for a purpose: lets a test share the noise. */
public final class GaussianDraws implements AttributionMethod<GaussianDraws.Settings> {
  /** The options. */
  public record Settings(@Option(value = "What is drawn for.", byDefault = "") String purpose) {}

  @Override
  public String id() {
    return "gaussian-draws";
  }

  @Override
  public Class<Settings> options() {
    return Settings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo("What is drawn?", EnumSet.of(Need.SEED), "none", "this test");
  }

  @Override
  public Attribution attribute(AttributionRequest request, Settings options, Evaluator evaluator) {
    Variable v = evaluator.subject().variables().get(0);
    SplittableRandom random = evaluator.random(options.purpose());
    double[] draws = new double[v.value().size()];
    Arrays.setAll(draws, i -> random.nextGaussian());
    return Attribution.of(Map.of(v.name(), Tensor.of(v.value().shape(), draws)));
  }
}
