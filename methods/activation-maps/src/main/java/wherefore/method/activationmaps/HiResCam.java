package wherefore.method.activationmaps;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.MapLayer;
import wherefore.attribution.ProvidesMethod;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;

/**
 * HiRes-CAM.
 *
 * <p>Question: which places of the layer raise the target, each by its own gradient? Formula: map =
 * ReLU(Σ_c A_c ⊙ ∂f_t/∂A_c). Where only affine layers follow, the places' sum without ReLU is f_t
 * less the bias. Shape: the input's with one channel, or the layer's; unit: the target's. Cost: F +
 * B behind the layer. Source: Draelos, Carin 2020, who leave the ReLU out ({@code relu=false}).
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "hires-cam")
public final class HiResCam extends GradientMap {
  /** The method. */
  public HiResCam() {
    super(
        "hires-cam",
        "Which places of the layer raise the target, each by its own gradient?",
        "Draelos, Carin 2020, arXiv:2011.08891");
  }

  @Override
  Value map(MapLayer layer, Value a, Value g) {
    GraphBuilder b = a.builder();
    return b.sum(b.mul(a, g), List.of(1));
  }
}
