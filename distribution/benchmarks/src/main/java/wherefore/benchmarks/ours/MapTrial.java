package wherefore.benchmarks.ours;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Attributor;
import wherefore.attribution.Target;
import wherefore.benchmarks.Flops;
import wherefore.benchmarks.Trial;
import wherefore.benchmarks.nets.Zoo;
import wherefore.model.Model;
import wherefore.tensor.Tensor;

/** A map of a layer, asked through the attributor, beside a forward pass through it. */
public final class MapTrial implements Trial {
  private static final int ROUNDS = 9;
  private static final String BACKEND = "cpu";

  private final Attributor attributor;
  private final AttributionRequest request;
  private final double flops;
  private @Nullable Tensor last;

  private MapTrial(AttributionRequest request) {
    this.attributor = ServiceLoader.load(Attributor.class).findFirst().orElseThrow();
    this.request = request;
    this.flops = Flops.of(request.graph(1));
  }

  /**
   * Of one example, without ReLU: of a network with random weights it would leave little.
   *
   * @param layer that the map is made from
   */
  public static Trial of(Model model, Tensor x, String method, String layer) {
    return new MapTrial(
        AttributionRequest.of(model, x, method)
            .withTarget(Target.of(Zoo.TARGET))
            .withTo(layer)
            .withOption("relu", false)
            .withBackend(BACKEND));
  }

  @Override
  public void run() {
    last = attributor.attribute(request).value();
  }

  @Override
  public float[] answer() {
    run();
    return Objects.requireNonNull(last).toFloats();
  }

  /** The forward pass'. */
  @Override
  public double flops() {
    return flops;
  }

  /** Both in turn, in this process. */
  @Override
  public String detail() {
    double[] maps = new double[ROUNDS];
    double[] passes = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      passes[i] = millis(this::forward);
      maps[i] = millis(this::run);
    }
    double map = median(maps);
    double pass = median(passes);
    return "%.2f forward passes of %.1f ms".formatted(map / pass, pass);
  }

  private void forward() {
    Map<String, Tensor> outputs =
        attributor.predict(request.model(), request.inputs(), Optional.of(BACKEND));
    last = outputs.get(Zoo.OUTPUT);
  }

  private static double millis(Runnable work) {
    long before = System.nanoTime();
    work.run();
    return (System.nanoTime() - before) / 1e6;
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  @Override
  public void close() {
    // The attributor's executables end with the process.
  }
}
