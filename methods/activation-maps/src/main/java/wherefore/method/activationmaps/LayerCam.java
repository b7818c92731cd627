package wherefore.method.activationmaps;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.MapLayer;
import wherefore.attribution.ProvidesMethod;
import wherefore.graph.BinaryFunction;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;

/**
 * Layer-CAM.
 *
 * <p>Question: which places of any layer, also an early one, raise the target? Formula: map =
 * ReLU(Σ_c A_c ⊙ (∂f_t/∂A_c)⁺). Shape: the input's with one channel, or the layer's; unit: the
 * target's. Cost: F + B behind the layer. Source: Jiang et al. 2021.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "layer-cam")
public final class LayerCam extends GradientMap {
  /** The method. */
  public LayerCam() {
    super(
        "layer-cam",
        "Which places of any layer raise the target, by their own positive gradients?",
        "Jiang et al. 2021, doi:10.1109/TIP.2021.3089943");
  }

  @Override
  Value map(MapLayer layer, Value a, Value g) {
    GraphBuilder b = a.builder();
    return b.sum(b.mul(a, b.binary(BinaryFunction.MAX, g, 0)), List.of(1));
  }
}
