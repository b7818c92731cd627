package wherefore.benchmarks.ours;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
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

/** A method through the attributor, beside forward passes. */
public final class PassesTrial implements Trial {
  private static final int ROUNDS = 7;

  private final Attributor attributor;
  private final AttributionRequest request;
  private final Trial forward;
  private final int rows;
  private final double flops;

  private PassesTrial(AttributionRequest request, Trial forward, int rows, double flops) {
    this.attributor = ServiceLoader.load(Attributor.class).findFirst().orElseThrow();
    this.request = request;
    this.forward = forward;
    this.rows = rows;
    this.flops = flops;
  }

  /**
   * Of a method that propagates the input alone.
   *
   * @param x one example
   */
  public static Trial alone(Model model, Tensor x, String method, Map<String, String> options) {
    return of(model, x, x, method, options);
  }

  /**
   * Of a method that propagates the input beside a baseline of zeros.
   *
   * @param x one example
   */
  public static Trial paired(Model model, Tensor x, String method, Map<String, String> options) {
    Tensor both = Tensor.concatRows(List.of(x, Tensor.zeros(x.type(), x.shape())));
    return of(model, x, both, method, options);
  }

  private static Trial of(
      Model model, Tensor x, Tensor fed, String method, Map<String, String> options) {
    AttributionRequest request =
        AttributionRequest.of(model, x, method)
            .withOptions(options)
            .withTarget(Target.of(Zoo.TARGET))
            .withBaseline(new Baseline.Zero())
            .withBackend("cpu");
    int rows = fed.shape().dim(0);
    Trial forward = new GraphTrial(Zoo.graph(model, rows), Map.of(Zoo.INPUT, fed), Zoo.OUTPUT);
    double gradient = Flops.of(GradientTrial.graph(GradientTrial.subject(model, x), 1));
    double flops = gradient + (rows - 1) * Flops.of(Zoo.graph(model, 1));
    return new PassesTrial(request, forward, rows, flops);
  }

  private Attribution explained() {
    return attributor.attribute(request);
  }

  @Override
  public void run() {
    explained();
  }

  @Override
  public float[] answer() {
    return explained().value().toFloats();
  }

  @Override
  public double flops() {
    return flops;
  }

  /** How many forward passes it takes, in turn with them. */
  @Override
  public String detail() {
    double[] ratios = new double[ROUNDS];
    forward.run();
    for (int i = 0; i < ROUNDS; i++) {
      ratios[i] = seconds(this) / seconds(forward);
    }
    Arrays.sort(ratios);
    return "%.1f forward passes of %d rows".formatted(ratios[ROUNDS / 2], rows);
  }

  private static double seconds(Trial trial) {
    long start = System.nanoTime();
    trial.run();
    return (System.nanoTime() - start) * 1e-9;
  }

  @Override
  public void close() {
    forward.close();
  }
}
