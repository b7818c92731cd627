package wherefore.method.bottleneck;

/**
 * What a unit behind the bottleneck still says of the input, in nats.
 *
 * <p>With z = λ r + (1 − λ) ε, ε ~ N(μ, σ²), given the input z ~ N(λ r + (1 − λ) μ, (1 − λ)² σ²);
 * with s = (r − μ) / σ the divergence from Q = N(μ, σ²) is KL(λ) = ½ ((1 − λ)² + λ² s² − 1) − ln (1
 * − λ). It grows from 0 at λ = 0, and beyond all bounds towards λ = 1. Source: Schulz et al. 2020,
 * equation 6 and appendix.
 */
final class Information {
  private Information() {}

  /**
   * KL(λ), at least 0.
   *
   * @param open λ
   * @param shut 1 − λ, which subtracting from 1 would round away near λ = 1
   * @param surprise s
   */
  static double nats(double open, double shut, double surprise) {
    double log = open < 0.5 ? Math.log1p(-open) : Math.log(shut);
    double square = open * open * (1 + surprise * surprise);
    return Math.max(square / 2 - open - log, 0);
  }

  /** ∂KL/∂λ, at least 0; its arguments as those of {@link #nats}. */
  static double slope(double open, double shut, double surprise) {
    return open * surprise * surprise + open * (1 + shut) / shut;
  }
}
