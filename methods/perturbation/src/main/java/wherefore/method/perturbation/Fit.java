package wherefore.method.perturbation;

/**
 * A linear model.
 *
 * @param weights one a player
 * @param errors their standard errors
 * @param rSquared the share of the weighted variance that it explains
 */
record Fit(double[] weights, double[] errors, double intercept, double rSquared) {}
