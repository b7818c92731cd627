package wherefore.method.activationmaps;

import org.osgi.service.component.annotations.Component;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.MapLayer;
import wherefore.attribution.ProvidesMethod;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;

/**
 * XGrad-CAM.
 *
 * <p>Question: where does the layer see what raises the target, if a channel's gradients count by
 * its activations? Formula: w_c = Σ over the places of ∂f_t/∂A_c ⊙ A_c / Σ A_c, and 0 where that
 * sum is; map = ReLU(Σ_c w_c A_c). Shape: the input's with one channel, or the layer's; unit: the
 * target's by place. Cost: F + B behind the layer. Source: Fu et al. 2020.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "xgrad-cam")
public final class XGradCam extends GradientMap {
  /** The method. */
  public XGradCam() {
    super(
        "xgrad-cam",
        "Where does the layer see what raises the target, by gradients that count by activation?",
        "Fu et al. 2020, arXiv:2008.02312");
  }

  @Override
  Value map(MapLayer layer, Value a, Value g) {
    GraphBuilder b = a.builder();
    Value weights = Ratio.of(layer.overPlaces(b.mul(a, g)), layer.overPlaces(a));
    return layer.overChannels(weights, a);
  }
}
