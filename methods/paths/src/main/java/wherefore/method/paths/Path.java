package wherefore.method.paths;

import java.util.List;
import wherefore.attribution.Program;
import wherefore.attribution.Rows;
import wherefore.graph.Graph;
import wherefore.tensor.Tensor;

/** Something that is integrated along a path from a baseline to the input. */
interface Path {
  /** What the integral is multiplied with, for each variable in order, float64. */
  List<Tensor> deltas();

  /** At each α f_t under {@code TARGET}, and for each variable what is integrated. */
  Program integrand();

  /** f_t alone at so many α, under {@code TARGET}. */
  Graph function(int rows);

  /** What the programs are fed with at these α. */
  Rows at(double[] alphas);
}
