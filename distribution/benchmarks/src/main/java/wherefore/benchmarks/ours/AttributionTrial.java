package wherefore.benchmarks.ours;

import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Attributor;
import wherefore.attribution.Baseline;
import wherefore.attribution.Target;
import wherefore.benchmarks.Flops;
import wherefore.benchmarks.Trial;
import wherefore.benchmarks.nets.Zoo;
import wherefore.model.Model;
import wherefore.tensor.Tensor;

/** A method, asked through the attributor. */
public final class AttributionTrial implements Trial {
  private final Attributor attributor;
  private final AttributionRequest request;
  private final double flopsPerPoint;
  private @Nullable Attribution last;

  private AttributionTrial(AttributionRequest request, double flopsPerPoint) {
    this.attributor = ServiceLoader.load(Attributor.class).findFirst().orElseThrow();
    this.request = request;
    this.flopsPerPoint = flopsPerPoint;
  }

  /**
   * Of a method that takes gradients at points.
   *
   * @param x one example
   */
  public static Trial of(Model model, Tensor x, String method, Map<String, String> options) {
    AttributionRequest request =
        AttributionRequest.of(model, x, method)
            .withOptions(options)
            .withTarget(Target.of(Zoo.TARGET))
            .withBaseline(new Baseline.Zero())
            .withBackend("cpu");
    double flops = Flops.of(GradientTrial.graph(GradientTrial.subject(model, x), 1));
    return new AttributionTrial(request, flops);
  }

  @Override
  public void run() {
    last = attributor.attribute(request);
  }

  @Override
  public float[] answer() {
    run();
    return answered().value().toFloats();
  }

  private Attribution answered() {
    return Objects.requireNonNull(last, "not run yet");
  }

  private double fact(String name) {
    Double value = answered().facts().get(name);
    return value == null ? Double.NaN : value;
  }

  /** The points' gradients; the forward passes beside are few. */
  @Override
  public double flops() {
    return fact("steps") * flopsPerPoint;
  }

  @Override
  public String detail() {
    double change = fact("output") - fact("output-at-baseline");
    return "%.0f points, residual %.2g %%"
        .formatted(fact("steps"), 100 * Math.abs(fact("residual") / change));
  }

  @Override
  public void close() {
    // The attributor's executables end with the process.
  }
}
