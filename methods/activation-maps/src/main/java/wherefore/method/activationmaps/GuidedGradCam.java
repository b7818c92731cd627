package wherefore.method.activationmaps;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Form;
import wherefore.attribution.MapFrame;
import wherefore.attribution.MapLayer;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.Option;
import wherefore.attribution.ProvidesMethod;
import wherefore.attribution.SpatialLayers;
import wherefore.attribution.Subject;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;
import wherefore.propagate.ReluBooks;
import wherefore.propagate.Vjp;

/**
 * Guided Grad-CAM.
 *
 * <p>Question: which elements of the input excite the target, at places where the layer sees what
 * raises it? Formula: guided backpropagation ⊙ Grad-CAM's map, brought to the input's extents.
 * Shape: the input's; unit: none, since guided backpropagation is no derivative. Cost: F + B, and B
 * behind the layer. Source: Selvaraju et al. 2017.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "guided-grad-cam")
public final class GuidedGradCam implements AttributionMethod<GuidedGradCam.Settings> {
  /** The options. */
  public record Settings(
      @Option(value = "Set negative places of the map to 0, as the paper does.", byDefault = "true")
          boolean relu) {}

  @Override
  public String id() {
    return "guided-grad-cam";
  }

  @Override
  public Class<Settings> options() {
    return Settings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "Which elements excite the target, at places where the layer sees what raises it?",
        EnumSet.of(Need.GRAPH),
        "F + B, and B behind the layer",
        "Selvaraju et al. 2017, arXiv:1610.02391",
        Form.MAP);
  }

  @Override
  public Optional<String> layer(AttributionRequest request) {
    return Optional.of(SpatialLayers.required(request));
  }

  @Override
  public Map<String, Value> firstPass(
      AttributionRequest request, Settings options, Subject.Trace trace) {
    MapLayer layer = MapLayer.of(request);
    MapFrame frame = MapFrame.ofInput(request, layer);
    Value a = trace.network().of(layer.node());
    Value map = new GradCam().map(layer, a, trace.arriving(List.of(a), Vjp.book()).get(0));
    Value x = trace.network().of(layer.graph().input(frame.name()).orElseThrow());
    Value excited = trace.arriving(List.of(x), ReluBooks.guided()).get(0);
    GraphBuilder b = x.builder();
    Value lit = frame.finished(map, options.relu()).values().iterator().next();
    return Map.of(frame.name(), b.mul(excited, lit));
  }

  @Override
  public Attribution attribute(AttributionRequest request, Settings options, Evaluator evaluator) {
    return Attribution.of(evaluator.firstPass());
  }
}
