package wherefore.method.perturbation;

import java.util.ArrayList;
import java.util.List;
import wherefore.attribution.Variable;
import wherefore.graph.Boxes;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** A variable's value around regions, each with the region's elements taken from a baseline. */
final class Patches {
  private final Variable variable;
  private final List<Region> regions;
  private final Boxes boxes;
  private final double[] x;
  private final double[] baseline;

  private Patches(Variable variable, List<Region> regions, Boxes boxes, int baseline) {
    this.variable = variable;
    this.regions = regions;
    this.boxes = boxes;
    this.x = variable.value().toDoubles();
    this.baseline = variable.baseline(baseline).toDoubles();
  }

  /** Boxes of one size around the regions, along the axes behind the channels. */
  static Boxes boxes(Variable variable, List<Region> regions) {
    List<int[]> lows = new ArrayList<>();
    List<int[]> highs = new ArrayList<>();
    for (int axis = 2; axis < variable.value().shape().rank(); axis++) {
      int a = axis - 1;
      lows.add(regions.stream().mapToInt(r -> r.lows()[a]).toArray());
      highs.add(regions.stream().mapToInt(r -> r.highs()[a]).toArray());
    }
    return Boxes.around(lows, highs, variable.value().shape());
  }

  /** The boxes of a variable around regions. */
  static Patches cut(Variable variable, List<Region> regions, Boxes boxes, int baseline) {
    return new Patches(variable, regions, boxes, baseline);
  }

  /** The whole variable for each region. */
  static Patches whole(Variable variable, List<Region> regions, int baseline) {
    return new Patches(variable, regions, new Boxes(List.of(), List.of()), baseline);
  }

  /** Those of a range of regions, one behind the other. */
  Tensor rows(int from, int to) {
    Shape shape = boxes.of(variable.value().shape(), to - from);
    int size = shape.size() / (to - from);
    double[] values = new double[shape.size()];
    for (int k = from; k < to; k++) {
      for (int p = 0; p < size; p++) {
        int e = element(k, p, shape);
        boolean taken = regions.get(k).elements().test(e);
        values[(k - from) * size + p] = taken ? baseline[e] : x[e];
      }
    }
    return Tensor.of(shape, values).to(variable.value().type());
  }

  /** The element at a place of a row's patch. */
  private int element(int row, int place, Shape patch) {
    int[] strides = variable.value().shape().strides();
    int rest = place;
    int element = 0;
    for (int a = patch.rank() - 1; a > 0; a--) {
      int at = rest % patch.dim(a);
      rest /= patch.dim(a);
      boolean cut = a > 1 && !boxes.starts().isEmpty();
      element += (at + (cut ? boxes.starts().get(a - 2)[row] : 0)) * strides[a];
    }
    return element;
  }
}
