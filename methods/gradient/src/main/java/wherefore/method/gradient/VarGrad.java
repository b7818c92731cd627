package wherefore.method.gradient;

import org.osgi.service.component.annotations.Component;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.Moments;
import wherefore.attribution.ProvidesMethod;

/**
 * VarGrad.
 *
 * <p>Question: how much does the attribution change around the input? Formula: variance over k of
 * a(x + n_k), unbiased (divided by samples − 1), n_k ~ N(0, σ²), with a the gradient or the method
 * that {@code of} names. Shape: that method's; unit: its square. Errors: the variances' standard
 * errors. Cost: samples × that method's. Source: Adebayo et al. 2018.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "vargrad")
public final class VarGrad extends UnderNoise {
  /** The method. */
  public VarGrad() {
    super(
        "How much does the attribution change around the input?",
        "Adebayo et al. 2018, arXiv:1810.03307");
  }

  @Override
  public String id() {
    return "vargrad";
  }

  @Override
  boolean isOfSquares() {
    return false;
  }

  @Override
  double[] statistic(Moments moments) {
    return moments.variances();
  }

  @Override
  double[] errors(Moments moments) {
    return moments.errorsOfVariances();
  }
}
