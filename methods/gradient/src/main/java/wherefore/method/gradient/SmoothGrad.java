package wherefore.method.gradient;

import org.osgi.service.component.annotations.Component;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.Moments;
import wherefore.attribution.ProvidesMethod;

/**
 * SmoothGrad.
 *
 * <p>Question: what is the attribution around the input, without what changes from point to point?
 * Formula: mean over k of a(x + n_k), n_k ~ N(0, σ²), with a the gradient or the method that {@code
 * of} names. Shape and unit: that method's. Errors: the means' standard errors. Cost: samples ×
 * that method's. Source: Smilkov et al. 2017.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "smoothgrad")
public final class SmoothGrad extends UnderNoise {
  /** The method. */
  public SmoothGrad() {
    super(
        "What is the attribution around the input, without what changes from point to point?",
        "Smilkov et al. 2017, arXiv:1706.03825");
  }

  @Override
  public String id() {
    return "smoothgrad";
  }

  @Override
  boolean isOfSquares() {
    return false;
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
