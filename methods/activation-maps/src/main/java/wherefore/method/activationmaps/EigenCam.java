package wherefore.method.activationmaps;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Form;
import wherefore.attribution.MapLayer;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.ProvidesMethod;
import wherefore.attribution.SpatialLayers;
import wherefore.tensor.Tensor;

/**
 * Eigen-CAM.
 *
 * <p>Question: what does the layer see most of, whatever the target? Formula: with the activations
 * as a matrix of channels × places and u its first left singular vector, map = ReLU(Σ_c u_c A_c);
 * of the two signs the one whose map has a sum that is not negative. Shape: the input's with one
 * channel, or the layer's; unit: the layer's. Cost: F. Source: Muhammad, Yeasin 2020.
 *
 * <p>Facts: {@code share} of the activations' squares that the map keeps; {@code iterations} that
 * the vector took.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "eigen-cam")
public final class EigenCam implements AttributionMethod<MapSettings> {
  private static final int MOST = 10_000;
  private static final double ENOUGH = 1e-13;

  @Override
  public String id() {
    return "eigen-cam";
  }

  @Override
  public Class<MapSettings> options() {
    return MapSettings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "What does the layer see most of, whatever the target?",
        EnumSet.of(Need.GRAPH),
        "F",
        "Muhammad, Yeasin 2020, arXiv:2008.00299",
        Form.MAP);
  }

  @Override
  public Optional<String> layer(AttributionRequest request) {
    return Optional.of(SpatialLayers.required(request));
  }

  @Override
  public Attribution attribute(
      AttributionRequest request, MapSettings options, Evaluator evaluator) {
    Tensor a = evaluator.subject().variables().get(0).value();
    MapLayer layer = MapLayer.of(request);
    First first = First.of(a.toDoubles(), layer.channels(), layer.places());
    return Weighed.map(request, options, evaluator, first.vector())
        .fact("share", first.share())
        .fact("iterations", first.iterations());
  }

  /**
   * The first left singular vector, by iterating u ← A Aᵀ u from the channel sums.
   *
   * @param share σ₁² / Σσ²
   */
  private record First(double[] vector, double share, int iterations) {
    static First of(double[] a, int channels, int places) {
      double all = Arrays.stream(a).map(v -> v * v).sum();
      double[] u = start(a, channels, places);
      if (all == 0) {
        return new First(new double[channels], 0, 0);
      }
      double before = -1;
      int k = 0;
      for (boolean moves = true; moves && k < MOST; k++) {
        double[] map = places(a, u, places);
        double square = Arrays.stream(map).map(v -> v * v).sum();
        double[] next = unit(channels(a, map, channels));
        moves = distance(u, next) > ENOUGH || Math.abs(square - before) > ENOUGH * square;
        before = square;
        u = next;
      }
      double sum = Arrays.stream(places(a, u, places)).sum();
      double sign = sum < 0 ? -1 : 1;
      return new First(Arrays.stream(u).map(v -> sign * v).toArray(), before / all, k);
    }

    /** The channel with the greatest squares, so that it is not orthogonal to what is sought. */
    private static double[] start(double[] a, int channels, int places) {
      double[] u = new double[channels];
      for (int c = 0; c < channels; c++) {
        for (int p = 0; p < places; p++) {
          u[c] += a[c * places + p];
        }
      }
      double[] moved = places(a, u, places);
      boolean vanishes = Arrays.stream(moved).allMatch(v -> v == 0);
      if (vanishes) {
        Arrays.setAll(u, c -> 1.0 / (c + 1));
      }
      return unit(u);
    }

    /** Aᵀ u. */
    private static double[] places(double[] a, double[] u, int places) {
      double[] map = new double[places];
      for (int c = 0; c < u.length; c++) {
        for (int p = 0; p < places; p++) {
          map[p] += u[c] * a[c * places + p];
        }
      }
      return map;
    }

    /** A m. */
    private static double[] channels(double[] a, double[] map, int channels) {
      double[] u = new double[channels];
      for (int c = 0; c < channels; c++) {
        for (int p = 0; p < map.length; p++) {
          u[c] += a[c * map.length + p] * map[p];
        }
      }
      return u;
    }

    private static double[] unit(double[] v) {
      double norm = Math.sqrt(Arrays.stream(v).map(x -> x * x).sum());
      return norm == 0 ? v : Arrays.stream(v).map(x -> x / norm).toArray();
    }

    private static double distance(double[] a, double[] b) {
      double sum = 0;
      for (int i = 0; i < a.length; i++) {
        sum += (a[i] - b[i]) * (a[i] - b[i]);
      }
      return Math.sqrt(sum);
    }
  }
}
