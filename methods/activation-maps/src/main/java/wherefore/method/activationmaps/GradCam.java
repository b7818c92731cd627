package wherefore.method.activationmaps;

import org.osgi.service.component.annotations.Component;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.MapLayer;
import wherefore.attribution.ProvidesMethod;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;

/**
 * Grad-CAM.
 *
 * <p>Question: where does the layer see what raises the target? Formula: w_c = mean over the places
 * of ∂f_t/∂A_c; map = ReLU(Σ_c w_c A_c). Shape: the input's with one channel, or the layer's; unit:
 * the target's by place. Cost: F + B behind the layer. Source: Selvaraju et al. 2017.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "grad-cam")
public final class GradCam extends GradientMap {
  /** The method. */
  public GradCam() {
    super(
        "grad-cam",
        "Where does the layer see what raises the target, by the channels' mean gradients?",
        "Selvaraju et al. 2017, arXiv:1610.02391");
  }

  @Override
  Value map(MapLayer layer, Value a, Value g) {
    GraphBuilder b = a.builder();
    return layer.overChannels(b.mul(layer.overPlaces(g), 1.0 / layer.places()), a);
  }
}
