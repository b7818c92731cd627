package wherefore.method.activationmaps;

import org.osgi.service.component.annotations.Component;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.MapLayer;
import wherefore.attribution.ProvidesMethod;
import wherefore.graph.BinaryFunction;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;

/**
 * Grad-CAM++.
 *
 * <p>Question: where does the layer see what raises the target, also if that is there several
 * times? Formula: with g = ∂f_t/∂A_c, α = g² / (2g² + g³ Σ A_c), and 0 where that divisor is; w_c =
 * Σ over the places of α ⊙ g⁺; map = ReLU(Σ_c w_c A_c). Shape: the input's with one channel, or the
 * layer's; unit: the target's by place. Cost: F + B behind the layer. Source: Chattopadhyay et al.
 * 2018, of whose e^{f_t} the derivatives above are, less the positive factor e^{f_t} that all
 * weights share.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "grad-cam-plus-plus")
public final class GradCamPlusPlus extends GradientMap {
  /** The method. */
  public GradCamPlusPlus() {
    super(
        "grad-cam-plus-plus",
        "Where does the layer see what raises the target, also if that is there several times?",
        "Chattopadhyay et al. 2018, arXiv:1710.11063");
  }

  @Override
  Value map(MapLayer layer, Value a, Value g) {
    GraphBuilder b = a.builder();
    Value square = b.mul(g, g);
    Value sums = b.expand(layer.overPlaces(a), a.shape());
    Value divisor = b.add(b.mul(square, 2), b.mul(b.mul(square, g), sums));
    Value shares = b.mul(Ratio.of(square, divisor), b.binary(BinaryFunction.MAX, g, 0));
    return layer.overChannels(layer.overPlaces(shares), a);
  }
}
