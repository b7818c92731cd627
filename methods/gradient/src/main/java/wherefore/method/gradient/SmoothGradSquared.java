package wherefore.method.gradient;

import org.osgi.service.component.annotations.Component;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.Moments;
import wherefore.attribution.ProvidesMethod;

/**
 * SmoothGrad².
 *
 * <p>Question: how large is the attribution around the input, whatever its sign? Formula: mean over
 * k of a(x + n_k)², n_k ~ N(0, σ²), with a the gradient or the method that {@code of} names. Shape:
 * that method's; unit: its square. Errors: the means' standard errors. Cost: samples × that
 * method's. Source: Hooker et al. 2019.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "smoothgrad-squared")
public final class SmoothGradSquared extends UnderNoise {
  /** The method. */
  public SmoothGradSquared() {
    super(
        "How large is the attribution around the input, whatever its sign?",
        "Hooker et al. 2019, arXiv:1806.10758");
  }

  @Override
  public String id() {
    return "smoothgrad-squared";
  }

  @Override
  boolean isOfSquares() {
    return true;
  }

  @Override
  double[] statistic(Moments moments) {
    return moments.means();
  }

  @Override
  double[] errors(Moments moments) {
    return moments.errorsOfMeans();
  }
}
