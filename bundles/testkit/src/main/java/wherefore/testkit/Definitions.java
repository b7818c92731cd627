package wherefore.testkit;

import static wherefore.testkit.Indices.each;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import wherefore.graph.Graph;
import wherefore.graph.Leaf;
import wherefore.graph.Lowering;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.graph.TensorType;
import wherefore.graph.Widening;
import wherefore.graph.Window;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Every primitive by brute force, from its definition: for each element of the result, found by
 * index arithmetic, what it is. In float64; as slow as can be, and meant to be read.
 */
public final class Definitions {
  private final List<Tensor> in;
  private final TensorType out;

  private Definitions(List<Tensor> in, TensorType out) {
    this.in = in;
    this.out = out;
  }

  /** The element of the result at an index. */
  private interface Element {
    double at(int[] index);
  }

  /** A graph's outputs; composites by their bodies. */
  public static Map<String, Tensor> run(Graph graph, Map<String, Tensor> feeds) {
    Graph lowered = Lowering.all().apply(Widening.widen(graph));
    List<Tensor> values = new ArrayList<>();
    for (Node node : lowered.nodes()) {
      List<Tensor> operands = node.inputs().stream().map(values::get).toList();
      values.add(
          switch (node.op()) {
            case Leaf.Input input -> Run.get(feeds, input.name());
            case Leaf.Constant constant -> constant.value();
            case Primitive p -> primitive(p, operands, node.type());
            default -> throw new AssertionError("not lowered: " + node);
          });
    }
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    lowered.outputs().forEach((name, id) -> outputs.put(name, values.get(id)));
    return outputs;
  }

  /** What a primitive yields; floating results are float64. */
  public static Tensor primitive(Primitive primitive, List<Tensor> in, TensorType out) {
    Definitions d = new Definitions(in, out);
    Element element = d.element(primitive);
    double[] values = new double[out.shape().size()];
    int[] place = {0};
    each(out.shape(), index -> values[place[0]++] = element.at(index));
    ElementType type = out.element().isFloating() ? ElementType.FLOAT64 : out.element();
    return Tensor.of(out.shape(), values).to(type);
  }

  private double x(int... index) {
    return get(0, index);
  }

  private double get(int operand, int... index) {
    int flat = Indices.flat(in.get(operand).shape(), index);
    return in.get(operand).get(flat);
  }

  private Shape shape(int operand) {
    return in.get(operand).shape();
  }

  private Element element(Primitive primitive) {
    boolean integer = in.get(0).type() == ElementType.INT64;
    return switch (primitive) {
      case Primitive.Unary u -> i -> Scalars.unary(u.function(), x(i));
      case Primitive.Binary b -> i -> Scalars.binary(b.function(), x(i), get(1, i), integer);
      case Primitive.Compare c -> i -> Scalars.compare(c.relation(), x(i), get(1, i)) ? 1 : 0;
      case Primitive.Where w -> i -> x(i) != 0 ? get(1, i) : get(2, i);
      case Primitive.Cast c -> i -> Scalars.cast(x(i), c.to());
      case Primitive.Reshape r -> i -> in.get(0).get(Indices.flat(out.shape(), i));
      case Primitive.Transpose t ->
          i -> x(IntStream.range(0, i.length).map(a -> i[t.permutation().indexOf(a)]).toArray());
      case Primitive.Reverse r ->
          i -> x(mapped(i, a -> r.axes().contains(a) ? shape(0).dim(a) - 1 - i[a] : i[a]));
      case Primitive.Slice s -> i -> x(mapped(i, a -> s.starts().get(a) + i[a] * s.steps().get(a)));
      case Primitive.Expand e -> i -> x(mapped(i, a -> shape(0).dim(a) == 1 ? 0 : i[a]));
      case Primitive.Pad p -> i -> pad(p, i);
      case Primitive.Concat c -> i -> concat(c.axis(), i);
      case Primitive.Gather g -> i -> gather(g.axis(), i);
      case Primitive.ScatterAdd s -> i -> scatter(s, i);
      case Primitive.ReduceSum r -> i -> sum(r, i);
      case Primitive.ReduceMax r -> i -> x(maximum(r.axis(), i));
      case Primitive.ArgMax a -> i -> maximum(a.axis(), i)[a.axis()];
      case Primitive.MatMul m -> i -> matMul(m, i);
      case Primitive.Conv c -> i -> conv(c, i);
      case Primitive.ConvTranspose c -> i -> convTranspose(c, i);
      case Primitive.Windows w -> i -> windows(w.window(), i);
      case Primitive.OverlapAdd o -> i -> overlapAdd(o.window(), i);
    };
  }

  private static int[] mapped(int[] index, IntUnaryOperator axis) {
    return IntStream.range(0, index.length).map(axis).toArray();
  }

  private double pad(Primitive.Pad p, int[] index) {
    int[] from = new int[index.length];
    for (int a = 0; a < index.length; a++) {
      int step = p.between().get(a) + 1;
      int inside = index[a] - p.before().get(a);
      if (inside < 0 || inside % step != 0 || inside / step >= shape(0).dim(a)) {
        return Scalars.cast(p.value(), out.element());
      }
      from[a] = inside / step;
    }
    return x(from);
  }

  private double concat(int axis, int[] index) {
    int[] from = index.clone();
    int part = 0;
    while (from[axis] >= shape(part).dim(axis)) {
      from[axis] -= shape(part).dim(axis);
      part++;
    }
    return get(part, from);
  }

  private double gather(int axis, int[] index) {
    int rank = shape(1).rank();
    int[] which = Arrays.copyOfRange(index, axis, axis + rank);
    int[] from = new int[index.length - rank + 1];
    System.arraycopy(index, 0, from, 0, axis);
    System.arraycopy(index, axis + rank, from, axis + 1, from.length - axis - 1);
    from[axis] = Math.floorMod((int) get(1, which), shape(0).dim(axis));
    return x(from);
  }

  private double scatter(Primitive.ScatterAdd s, int[] index) {
    double[] sum = {0};
    each(
        shape(1),
        which -> {
          if (Math.floorMod((int) get(1, which), s.extent()) == index[s.axis()]) {
            int[] from = new int[index.length + which.length - 1];
            System.arraycopy(index, 0, from, 0, s.axis());
            System.arraycopy(which, 0, from, s.axis(), which.length);
            int rest = index.length - s.axis() - 1;
            System.arraycopy(index, s.axis() + 1, from, s.axis() + which.length, rest);
            sum[0] += x(from);
          }
        });
    return sum[0];
  }

  private double sum(Primitive.ReduceSum r, int[] index) {
    double[] sum = {0};
    each(
        shape(0),
        i -> {
          boolean counts =
              IntStream.range(0, i.length).allMatch(a -> r.axes().contains(a) || i[a] == index[a]);
          sum[0] += counts ? x(i) : 0;
        });
    return sum[0];
  }

  private int[] maximum(int axis, int[] index) {
    int[] best = index.clone();
    int[] next = index.clone();
    for (next[axis] = 1; next[axis] < shape(0).dim(axis); next[axis]++) {
      if (x(next) > x(best) || (Double.isNaN(x(next)) && !Double.isNaN(x(best)))) {
        best = next.clone();
      }
    }
    return best;
  }

  private double matMul(Primitive.MatMul m, int[] index) {
    int rank = index.length;
    int depth = shape(0).dim(m.transposeA() ? -2 : -1);
    int[] left = index.clone();
    int[] right = index.clone();
    double sum = 0;
    for (int k = 0; k < depth; k++) {
      left[rank - 2] = m.transposeA() ? k : index[rank - 2];
      left[rank - 1] = m.transposeA() ? index[rank - 2] : k;
      right[rank - 2] = m.transposeB() ? index[rank - 1] : k;
      right[rank - 1] = m.transposeB() ? k : index[rank - 1];
      sum += get(0, left) * get(1, right);
    }
    return sum;
  }

  private double conv(Primitive.Conv c, int[] y) {
    Window w = c.window();
    int inputs = shape(1).dim(1);
    int group = y[1] / (shape(1).dim(0) / c.group());
    double[] sum = {in.size() > 2 ? get(2, y[1]) : 0};
    int[] x = y.clone();
    int[] k = new int[y.length];
    k[0] = y[1];
    for (int i = 0; i < inputs; i++) {
      k[1] = i;
      x[1] = group * inputs + i;
      each(
          shape(1).axes(2, y.length),
          tap -> {
            boolean inside = true;
            for (int a = 0; a < tap.length; a++) {
              k[a + 2] = tap[a];
              x[a + 2] =
                  y[a + 2] * w.strides().get(a)
                      + tap[a] * w.dilations().get(a)
                      - w.padBegin().get(a);
              inside &= x[a + 2] >= 0 && x[a + 2] < shape(0).dim(a + 2);
            }
            sum[0] += inside ? get(0, x) * get(1, k) : 0;
          });
    }
    return sum[0];
  }

  private double convTranspose(Primitive.ConvTranspose c, int[] y) {
    Window w = c.window();
    int outputs = shape(1).dim(1);
    int inputs = shape(1).dim(0) / c.group();
    double[] sum = {in.size() > 2 ? get(2, y[1]) : 0};
    int[] x = y.clone();
    int[] k = new int[y.length];
    for (int i = 0; i < inputs; i++) {
      x[1] = y[1] / outputs * inputs + i;
      k[0] = x[1];
      k[1] = y[1] % outputs;
      each(
          shape(1).axes(2, y.length),
          tap -> {
            boolean inside = true;
            for (int a = 0; a < tap.length; a++) {
              int stride = w.strides().get(a);
              int from = y[a + 2] + w.padBegin().get(a) - tap[a] * w.dilations().get(a);
              k[a + 2] = tap[a];
              x[a + 2] = Math.floorDiv(from, stride);
              inside &= from % stride == 0 && from >= 0 && x[a + 2] < shape(0).dim(a + 2);
            }
            sum[0] += inside ? get(0, x) * get(1, k) : 0;
          });
    }
    return sum[0];
  }

  private double windows(Window w, int[] index) {
    int outer = index.length - 2 * w.rank();
    int[] from = Arrays.copyOf(index, outer + w.rank());
    for (int a = 0; a < w.rank(); a++) {
      from[outer + a] = met(w, a, index, outer);
    }
    return x(from);
  }

  private static int met(Window w, int axis, int[] index, int outer) {
    return index[outer + axis] * w.strides().get(axis)
        + index[outer + w.rank() + axis] * w.dilations().get(axis);
  }

  private double overlapAdd(Window w, int[] index) {
    int outer = index.length - w.rank();
    double[] sum = {0};
    each(
        shape(0).axes(outer, shape(0).rank()),
        place -> {
          int[] i = Arrays.copyOf(index, outer + place.length);
          System.arraycopy(place, 0, i, outer, place.length);
          boolean here = true;
          for (int a = 0; a < w.rank(); a++) {
            here &= index[outer + a] == met(w, a, i, outer);
          }
          sum[0] += here ? x(i) : 0;
        });
    return sum[0];
  }
}
