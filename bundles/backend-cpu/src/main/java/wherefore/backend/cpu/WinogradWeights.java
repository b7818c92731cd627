package wherefore.backend.cpu;

import wherefore.tensor.Tensor;

/**
 * The weights' transform U = G g Gᵀ, in float64, rounded once.
 *
 * @param flipped false for g[k, c] = w[k, c]; true for the adjoint's, w[c, k] turned by half a turn
 */
record WinogradWeights(boolean flipped) {
  private static final double[][] G = {
    {1 / 4.0, 0, 0},
    {-1 / 6.0, -1 / 6.0, -1 / 6.0},
    {-1 / 6.0, 1 / 6.0, -1 / 6.0},
    {1 / 24.0, 1 / 12.0, 1 / 6.0},
    {1 / 24.0, -1 / 12.0, 1 / 6.0},
    {0, 0, 1}
  };

  private static final int TAPS = 9;

  /** Filters: the extent K of what the convolution writes. */
  int filters(Tensor weights) {
    return weights.shape().dim(flipped ? 1 : 0);
  }

  /** Channels: the extent C of what it reads. */
  int channels(Tensor weights) {
    return weights.shape().dim(flipped ? 0 : 1);
  }

  /**
   * U at every point.
   *
   * @return for each point, row by row, an array [k, c]
   */
  float[][] transform(Tensor weights) {
    float[] w = weights.toFloats();
    int filters = filters(weights);
    int channels = channels(weights);
    float[][] all = new float[WinogradTiling.POINTS][filters * channels];
    double[][] taps = new double[TAPS][channels];
    double[][] rows = new double[3][channels];
    float[] point = new float[channels];
    for (int k = 0; k < filters; k++) {
      for (int c = 0; c < channels; c++) {
        int from = TAPS * (flipped ? c * filters + k : k * channels + c);
        for (int t = 0; t < TAPS; t++) {
          taps[t][c] = w[from + (flipped ? TAPS - 1 - t : t)];
        }
      }
      for (int p = 0; p < WinogradTiling.POINTS; p++) {
        double[] down = G[p / WinogradTiling.PATCH];
        for (int s = 0; s < 3 && p % WinogradTiling.PATCH == 0; s++) {
          combine(down, taps[s], taps[3 + s], taps[6 + s], rows[s]);
        }
        combine(G[p % WinogradTiling.PATCH], rows[0], rows[1], rows[2], point);
        System.arraycopy(point, 0, all[p], k * channels, channels);
      }
    }
    return all;
  }

  private static void combine(double[] g, double[] a, double[] b, double[] c, double[] y) {
    double g0 = g[0];
    double g1 = g[1];
    double g2 = g[2];
    for (int i = 0; i < y.length; i++) {
      y[i] = g0 * a[i] + g1 * b[i] + g2 * c[i];
    }
  }

  private static void combine(double[] g, double[] a, double[] b, double[] c, float[] y) {
    double g0 = g[0];
    double g1 = g[1];
    double g2 = g[2];
    for (int i = 0; i < y.length; i++) {
      y[i] = (float) (g0 * a[i] + g1 * b[i] + g2 * c[i]);
    }
  }
}
