package wherefore.method.bottleneck;

import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.testkit.MethodContract;

class InformationBottleneckTest extends MethodContract {
  @Override
  protected AttributionMethod<?> method() {
    return new InformationBottleneck();
  }

  @Override
  protected AttributionRequest request(Model model, long seed) {
    return super.request(model, seed).withBaseline(new Baseline.Uniform(-2, 2, 12));
  }

  /** Places where there are some, else the inputs themselves. */
  @Override
  protected Shape answered(Shape shape) {
    return shape.rank() > 2 ? super.answered(shape) : shape;
  }
}
