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
   * @return for each point, first along the rows, an array [k, c]
   */
  float[][] transform(Tensor weights) {
    float[] w = weights.toFloats();
    int filters = filters(weights);
    int channels = channels(weights);
    float[][] all = new float[WinogradTiling.POINTS][filters * channels];
    double[] g = new double[TAPS];
    for (int k = 0; k < filters; k++) {
      for (int c = 0; c < channels; c++) {
        int from = TAPS * (flipped ? c * filters + k : k * channels + c);
        for (int t = 0; t < TAPS; t++) {
          g[t] = w[from + (flipped ? TAPS - 1 - t : t)];
        }
        transform(g, all, k * channels + c);
      }
    }
    return all;
  }

  private static void transform(double[] g, float[][] all, int at) {
    for (int i = 0; i < WinogradTiling.PATCH; i++) {
      double a = dot(G[i], g[0], g[3], g[6]);
      double b = dot(G[i], g[1], g[4], g[7]);
      double c = dot(G[i], g[2], g[5], g[8]);
      for (int j = 0; j < WinogradTiling.PATCH; j++) {
        all[i * WinogradTiling.PATCH + j][at] = (float) dot(G[j], a, b, c);
      }
    }
  }

  private static double dot(double[] row, double a, double b, double c) {
    return row[0] * a + row[1] * b + row[2] * c;
  }
}
