package wherefore.benchmarks.ours;

import java.util.Arrays;
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
  private final double flopsEach;
  private final String counted;
  private final int[] owners;
  private @Nullable Attribution last;

  /**
   * @param counted the fact that says how many passes of {@code flopsEach} there were
   */
  private AttributionTrial(
      AttributionRequest request, double flopsEach, String counted, int[] owners) {
    this.attributor = ServiceLoader.load(Attributor.class).findFirst().orElseThrow();
    this.request = request;
    this.flopsEach = flopsEach;
    this.counted = counted;
    this.owners = owners;
  }

  /**
   * Of a method that takes gradients at points.
   *
   * @param x one example
   */
  public static Trial of(Model model, Tensor x, String method, Map<String, String> options) {
    double flops = Flops.of(GradientTrial.graph(GradientTrial.subject(model, x), 1));
    return new AttributionTrial(request(model, x, method, options), flops, "steps", new int[0]);
  }

  /** Of occlusion. */
  public static Trial ofWindows(Model model, Tensor x, Map<String, String> options) {
    double flops = Flops.of(Zoo.graph(model, 1));
    return new AttributionTrial(request(model, x, "occlusion", options), flops, "work", new int[0]);
  }

  /**
   * Of Shapley values; the answer is one number a player.
   *
   * @param owners each element's player
   */
  public static Trial ofPlayers(Model model, Tensor x, Map<String, String> options, int[] owners) {
    return new AttributionTrial(
        request(model, x, "shap", options), Flops.of(Zoo.graph(model, 1)), "coalitions", owners);
  }

  private static AttributionRequest request(
      Model model, Tensor x, String method, Map<String, String> options) {
    return AttributionRequest.of(model, x, method)
        .withOptions(options)
        .withTarget(Target.of(Zoo.TARGET))
        .withBaseline(new Baseline.Zero())
        .withBackend("cpu");
  }

  @Override
  public void run() {
    last = attributor.attribute(request);
  }

  @Override
  public float[] answer() {
    run();
    float[] elements = answered().value().toFloats();
    return owners.length == 0 ? elements : ofPlayers(elements);
  }

  private float[] ofPlayers(float[] elements) {
    float[] players = new float[Arrays.stream(owners).max().orElseThrow() + 1];
    for (int e = 0; e < elements.length; e++) {
      players[owners[e]] += elements[e];
    }
    return players;
  }

  private Attribution answered() {
    return Objects.requireNonNull(last, "not run yet");
  }

  private double fact(String name) {
    Double value = answered().facts().get(name);
    return value == null ? Double.NaN : value;
  }

  /** The points' gradients, the coalitions' forward passes, or what windows took of them. */
  @Override
  public double flops() {
    return fact(counted) * flopsEach;
  }

  @Override
  public String detail() {
    return switch (counted) {
      case "coalitions" -> "%.0f coalitions".formatted(fact("coalitions"));
      case "work" ->
          "%.0f windows, arithmetic of %.0f passes".formatted(fact("windows"), fact("work"));
      default -> {
        double change = fact("output") - fact("output-at-baseline");
        yield "%.0f points, residual %.2g %%"
            .formatted(fact("steps"), 100 * Math.abs(fact("residual") / change));
      }
    };
  }

  @Override
  public void close() {
    // The attributor's executables end with the process.
  }
}
