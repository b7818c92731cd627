package wherefore.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import wherefore.tensor.Shape;

/** Boxes behind and in front of an operator. */
final class Spread {
  private Spread() {}

  /** Where the result may differ when operands differ within boxes. */
  static Boxes forward(Locality locality, List<Boxes> operands, Node node) {
    Shape shape = node.shape();
    return switch (locality) {
      case Locality.Pointwise p -> hull(operands, shape);
      case Locality.Sliding s -> slid(s, operands.get(0), shape);
      case Locality.Shifted s -> moved(operands.get(0), s.by());
      case Locality.Repeated r -> scaled(operands.get(0), r.factors());
    };
  }

  /** What of the operands the result's boxes are made of; it may reach over their ends. */
  static Boxes back(Locality locality, Boxes result) {
    return switch (locality) {
      case Locality.Pointwise p -> result;
      case Locality.Sliding s -> sources(s, result);
      case Locality.Shifted s -> moved(result, s.by().stream().map(n -> -n).toList());
      case Locality.Repeated r -> divided(result, r.factors());
    };
  }

  private static Boxes hull(List<Boxes> boxes, Shape shape) {
    if (boxes.size() == 1) {
      return boxes.get(0);
    }
    List<int[]> lows = new ArrayList<>();
    List<int[]> highs = new ArrayList<>();
    Boxes first = boxes.get(0);
    for (int a = 0; a < first.extents().size(); a++) {
      int axis = a;
      int[] low = first.starts().get(a).clone();
      int[] high = new int[low.length];
      for (Boxes b : boxes) {
        Arrays.setAll(low, k -> Math.min(low[k], b.starts().get(axis)[k]));
        int extent = b.extents().get(a);
        Arrays.setAll(high, k -> Math.max(high[k], b.starts().get(axis)[k] + extent));
      }
      lows.add(low);
      highs.add(high);
    }
    return Boxes.around(lows, highs, shape);
  }

  private static Boxes slid(Locality.Sliding sliding, Boxes x, Shape shape) {
    List<int[]> lows = new ArrayList<>();
    List<int[]> highs = new ArrayList<>();
    for (int a = 0; a < x.extents().size(); a++) {
      Locality.Reach reach = sliding.axes().get(a);
      int extent = x.extents().get(a);
      int dim = shape.dim(a + 2);
      int[] starts = x.starts().get(a);
      lows.add(Arrays.stream(starts).map(s -> Math.clamp(reach.first(s), 0, dim)).toArray());
      highs.add(
          Arrays.stream(starts)
              .map(s -> Math.clamp(reach.last(s + extent - 1) + 1, 0, dim))
              .toArray());
    }
    return Boxes.around(lows, highs, shape);
  }

  private static Boxes sources(Locality.Sliding sliding, Boxes result) {
    List<Integer> extents = new ArrayList<>();
    List<int[]> starts = new ArrayList<>();
    for (int a = 0; a < result.extents().size(); a++) {
      Locality.Reach reach = sliding.axes().get(a);
      extents.add(reach.extent(result.extents().get(a)));
      starts.add(Arrays.stream(result.starts().get(a)).map(reach::start).toArray());
    }
    return new Boxes(extents, starts);
  }

  private static Boxes moved(Boxes x, List<Integer> by) {
    List<int[]> starts = new ArrayList<>();
    for (int a = 0; a < by.size(); a++) {
      int far = by.get(a);
      starts.add(Arrays.stream(x.starts().get(a)).map(s -> s + far).toArray());
    }
    return new Boxes(x.extents(), starts);
  }

  private static Boxes scaled(Boxes x, List<Integer> factors) {
    List<Integer> extents = new ArrayList<>();
    List<int[]> starts = new ArrayList<>();
    for (int a = 0; a < factors.size(); a++) {
      int factor = factors.get(a);
      extents.add(x.extents().get(a) * factor);
      starts.add(Arrays.stream(x.starts().get(a)).map(s -> s * factor).toArray());
    }
    return new Boxes(extents, starts);
  }

  private static Boxes divided(Boxes x, List<Integer> factors) {
    List<Integer> extents = new ArrayList<>();
    List<int[]> starts = new ArrayList<>();
    for (int a = 0; a < factors.size(); a++) {
      int factor = factors.get(a);
      extents.add(x.extents().get(a) / factor);
      starts.add(Arrays.stream(x.starts().get(a)).map(s -> s / factor).toArray());
    }
    return new Boxes(extents, starts);
  }
}
