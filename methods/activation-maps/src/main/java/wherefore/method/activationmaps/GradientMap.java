package wherefore.method.activationmaps;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Form;
import wherefore.attribution.MapFrame;
import wherefore.attribution.MapLayer;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.SpatialLayers;
import wherefore.attribution.Subject;
import wherefore.graph.Value;
import wherefore.propagate.Vjp;

/**
 * A map from a layer's activations and the target's gradient there: all of it is written into the
 * one forward pass that finds the target, and the walk back ends at the layer.
 */
abstract class GradientMap implements AttributionMethod<MapSettings> {
  private final String id;
  private final String question;
  private final String source;

  GradientMap(String id, String question, String source) {
    this.id = id;
    this.question = question;
    this.source = source;
  }

  /**
   * The map before ReLU and interpolation, [1, 1, extents…].
   *
   * @param a the layer's activations, [1, channels, extents…]
   * @param g the target's gradient there, of the same shape
   */
  abstract Value map(MapLayer layer, Value a, Value g);

  /** Refuses a layer that the method's formula is not defined for. */
  void check(AttributionRequest request, MapLayer layer) {}

  @Override
  public final String id() {
    return id;
  }

  @Override
  public final Class<MapSettings> options() {
    return MapSettings.class;
  }

  @Override
  public final MethodInfo info() {
    return new MethodInfo(
        question, EnumSet.of(Need.GRAPH), "F + B behind the layer", source, Form.MAP);
  }

  @Override
  public final Optional<String> layer(AttributionRequest request) {
    return Optional.of(SpatialLayers.required(request));
  }

  @Override
  public final Map<String, Value> firstPass(
      AttributionRequest request, MapSettings options, Subject.Trace trace) {
    MapLayer layer = MapLayer.of(request);
    check(request, layer);
    Value a = trace.network().of(layer.node());
    Value g = trace.arriving(List.of(a), Vjp.book()).get(0);
    return MapFrame.of(request, layer, options.upsample())
        .finished(map(layer, a, g), options.relu());
  }

  @Override
  public final Attribution attribute(
      AttributionRequest request, MapSettings options, Evaluator evaluator) {
    return Attribution.of(evaluator.firstPass());
  }
}
