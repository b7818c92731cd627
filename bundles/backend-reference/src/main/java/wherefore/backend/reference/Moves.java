package wherefore.backend.reference;

import java.util.List;
import java.util.stream.IntStream;
import wherefore.compute.ComputeException;
import wherefore.graph.Primitive;
import wherefore.graph.TensorType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Operators that move elements, or add them up where they come to lie on each other. */
final class Moves {
  private Moves() {}

  /** A copy of the operand, seen from another side. */
  static Kernel copy(TensorType out, View source) {
    return (in, work) -> {
      Array y = Array.zeros(out);
      Strided.copy(in.get(0).data(), source, y.data(), View.of(out.shape()), work);
      return y;
    };
  }

  static View slice(Primitive.Slice slice, Shape operand, Shape out) {
    return View.of(operand).part(ints(slice.starts()), ints(slice.steps()), out.dims());
  }

  static Kernel pad(Primitive.Pad pad, TensorType operand, TensorType out) {
    int[] apart = pad.between().stream().mapToInt(b -> b + 1).toArray();
    View inside = View.of(out.shape()).part(ints(pad.before()), apart, operand.shape().dims());
    return (in, work) -> {
      Array y = Array.of(Tensor.full(out.element(), out.shape(), pad.value()));
      Strided.copy(in.get(0).data(), View.of(operand.shape()), y.data(), inside, work);
      return y;
    };
  }

  static Kernel concat(int axis, TensorType out) {
    return (in, work) -> {
      Array y = Array.zeros(out);
      int[] starts = new int[out.shape().rank()];
      int[] ones = IntStream.generate(() -> 1).limit(starts.length).toArray();
      for (Array part : in) {
        View target = View.of(out.shape()).part(starts, ones, part.shape().dims());
        Strided.copy(part.data(), View.of(part.shape()), y.data(), target, work);
        starts[axis] += part.shape().dim(axis);
      }
      return y;
    };
  }

  static Kernel reduceSum(TensorType out) {
    return (in, work) -> {
      Array y = Array.zeros(out);
      View whole = View.of(in.get(0).shape());
      View sums = View.of(out.shape()).repeated(in.get(0).shape());
      Strided.add(in.get(0).data(), whole, y.data(), sums, work);
      return y;
    };
  }

  static Kernel overlapAdd(Primitive.OverlapAdd o, TensorType operand, TensorType out) {
    View windows = View.of(out.shape()).windows(o.window(), operand.shape());
    return (in, work) -> {
      Array y = Array.zeros(out);
      Strided.add(in.get(0).data(), View.of(operand.shape()), y.data(), windows, work);
      return y;
    };
  }

  static Kernel gather(int axis, TensorType out) {
    return (in, work) -> {
      Array data = in.get(0);
      long[] indices = in.get(1).longs();
      int extent = data.shape().dim(axis);
      int inner = data.shape().axes(axis + 1, data.shape().rank()).size();
      int outer = data.shape().axes(0, axis).size();
      int[] places = places(indices, extent);
      Array y = Array.zeros(out);
      for (int o = 0; o < outer; o++) {
        work.check();
        for (int k = 0; k < places.length; k++) {
          int from = (o * extent + places[k]) * inner;
          System.arraycopy(data.data(), from, y.data(), (o * places.length + k) * inner, inner);
        }
      }
      return y;
    };
  }

  static Kernel scatterAdd(Primitive.ScatterAdd s, TensorType out) {
    return (in, work) -> {
      Array updates = in.get(0);
      int[] places = places(in.get(1).longs(), s.extent());
      int inner = out.shape().axes(s.axis() + 1, out.shape().rank()).size();
      int outer = out.shape().axes(0, s.axis()).size();
      Array y = Array.zeros(out);
      for (int o = 0; o < outer; o++) {
        work.check();
        for (int k = 0; k < places.length; k++) {
          int from = (o * places.length + k) * inner;
          add(updates.data(), from, y.data(), (o * s.extent() + places[k]) * inner, inner);
        }
      }
      return y;
    };
  }

  private static void add(Object from, int at, Object to, int start, int count) {
    switch (to) {
      case double[] y -> {
        for (int i = 0; i < count; i++) {
          y[start + i] += ((double[]) from)[at + i];
        }
      }
      case long[] y -> {
        for (int i = 0; i < count; i++) {
          y[start + i] += ((long[]) from)[at + i];
        }
      }
      default -> throw new AssertionError(to.getClass());
    }
  }

  private static int[] places(long[] indices, int extent) {
    int[] places = new int[indices.length];
    for (int k = 0; k < places.length; k++) {
      long index = indices[k] < 0 ? indices[k] + extent : indices[k];
      if (index < 0 || index >= extent) {
        throw new ComputeException(
            "the index %d lies outside of an axis of extent %d".formatted(indices[k], extent));
      }
      places[k] = (int) index;
    }
    return places;
  }

  private static int[] ints(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }
}
