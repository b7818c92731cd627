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

/** DeepLIFT through the attributor, beside forward passes of the input and the reference. */
public final class DeepLiftTrial implements Trial {
  private static final int ROUNDS = 7;

  private final Attributor attributor;
  private final AttributionRequest request;
  private final Trial forward;
  private final double flops;

  private DeepLiftTrial(AttributionRequest request, Trial forward, double flops) {
    this.attributor = ServiceLoader.load(Attributor.class).findFirst().orElseThrow();
    this.request = request;
    this.forward = forward;
    this.flops = flops;
  }

  /**
   * Against zero.
   *
   * @param x one example
   */
  public static Trial of(Model model, Tensor x, Map<String, String> options) {
    AttributionRequest request =
        AttributionRequest.of(model, x, "deeplift")
            .withOptions(options)
            .withTarget(Target.of(Zoo.TARGET))
            .withBaseline(new Baseline.Zero())
            .withBackend("cpu");
    Map<String, Tensor> both =
        Map.of(Zoo.INPUT, Tensor.concatRows(List.of(x, Tensor.zeros(x.type(), x.shape()))));
    Trial forward = new GraphTrial(Zoo.graph(model, 2), both, Zoo.OUTPUT);
    double gradient = Flops.of(GradientTrial.graph(GradientTrial.subject(model, x), 1));
    return new DeepLiftTrial(request, forward, gradient + Flops.of(Zoo.graph(model, 1)));
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
    return "%.1f forward passes of 2 rows".formatted(ratios[ROUNDS / 2]);
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
