package wherefore.method.paths;

import java.util.List;
import wherefore.attribution.Program;
import wherefore.attribution.Rows;
import wherefore.tensor.Tensor;

/** Something that is integrated along a path from a baseline to the input. */
interface Path {
  /** What the integral is multiplied with, for each variable in order, float64. */
  List<Tensor> deltas();

  /** At each α f_t under {@code TARGET}, and for each variable what is integrated. */
  Program integrand();

  /** What the program is fed with at these α. */
  Rows at(double[] alphas);
}
