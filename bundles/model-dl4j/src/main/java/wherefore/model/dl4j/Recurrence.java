package wherefore.model.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Primitive;
import wherefore.graph.Value;
import wherefore.tensor.Shape;

/** What runs over the steps of sequences. */
@FunctionalInterface
interface Recurrence {
  /** The most steps that are unrolled. */
  int STEP_LIMIT = 4096;

  /**
   * Appends the nodes.
   *
   * @param x [N, C, T]
   * @param mask [N, T]: 0 for steps that are left out, else 1; empty for none
   * @return [N, H, T], or [N, H] of one step
   */
  Value emit(GraphBuilder b, Value x, Optional<Value> mask);

  /**
   * What happens at a step.
   *
   * @see #unrolled
   */
  @FunctionalInterface
  interface Cell {
    /**
     * Appends the nodes.
     *
     * @param projected what the cell reads of this step's input, [N, k]
     * @param state what it returned at the step before; empty at the first
     * @return [N, H] each; the first is the step's output
     */
    List<Value> step(GraphBuilder b, Value projected, List<Value> state);
  }

  /**
   * A cell repeated over all steps.
   *
   * @param projection from inputs of all steps [T · N, C] to what the cell reads of them
   * @param forwards false to run from the last step to the first
   */
  static Recurrence unrolled(Emitter.Unary projection, Cell cell, boolean forwards) {
    return (b, x, mask) -> {
      Shape shape = checked(x);
      int batch = shape.dim(0);
      int steps = shape.dim(2);
      Value ordered = b.transpose(x, List.of(2, 0, 1));
      Value rows = b.reshape(ordered, Shape.of(steps * batch, shape.dim(1)));
      Value projected = projection.emit(b, rows);
      Value[] outputs = new Value[steps];
      List<Value> state = List.of();
      for (int i = 0; i < steps; i++) {
        int t = forwards ? i : steps - 1 - i;
        Value now = b.slice(projected, 0, t * batch, (t + 1) * batch);
        state = masked(b, cell.step(b, now, state), mask, t);
        outputs[t] = state.getFirst();
      }
      return stacked(b, Arrays.asList(outputs));
    };
  }

  private static Shape checked(Value x) {
    Shape shape = x.shape();
    if (shape.rank() != 3) {
      throw new GraphException("takes sequences, [batch, features, steps]; gets " + shape);
    }
    if (shape.dim(2) > STEP_LIMIT) {
      throw new GraphException(
          "%,d steps; at most %,d are unrolled".formatted(shape.dim(2), STEP_LIMIT));
    }
    return shape;
  }

  private static List<Value> masked(
      GraphBuilder b, List<Value> state, Optional<Value> mask, int step) {
    if (mask.isEmpty()) {
      return state;
    }
    Value column = b.slice(mask.get(), 1, step, step + 1);
    return state.stream().map(s -> b.mul(s, column)).toList();
  }

  /** Values [N, H] of all steps as [N, H, T]. */
  static Value stacked(GraphBuilder b, List<Value> steps) {
    Shape one = steps.getFirst().shape();
    Value rows = b.concat(0, steps);
    Value split = b.reshape(rows, Shape.of(steps.size()).concat(one));
    return b.transpose(split, List.of(1, 2, 0));
  }

  /** Only what comes out at the last step, or the last that the mask leaves in. */
  default Recurrence lastStep() {
    return (b, x, mask) -> {
      Value all = emit(b, x, mask);
      int steps = all.shape().dim(2);
      Value picked =
          mask.isPresent()
              ? b.sum(b.mul(all, lastOf(b, mask.get())), List.of(2))
              : b.slice(all, 2, steps - 1, steps);
      return b.reshape(picked, all.shape().axes(0, 2));
    };
  }

  /** [N, 1, T]: 1 at the last step of the mask that is 1. */
  private static Value lastOf(GraphBuilder b, Value mask) {
    int steps = mask.shape().dim(1);
    List<Value> columns = new ArrayList<>();
    Value none = b.add(b.mul(b.slice(mask, 1, 0, 1), 0), 1);
    for (int t = steps - 1; t >= 0; t--) {
      Value column = b.slice(mask, 1, t, t + 1);
      columns.addFirst(b.mul(none, column));
      none = b.mul(none, b.add(b.neg(column), 1));
    }
    Value picks = b.concat(1, columns);
    return b.reshape(picks, Shape.of(mask.shape().dim(0), 1, steps));
  }

  /** The same over steps in opposite order, its outputs in the order of the steps. */
  default Recurrence reversed() {
    return (b, x, mask) -> {
      Optional<Value> turned = mask.map(m -> b.apply(new Primitive.Reverse(List.of(1)), m));
      Value y = emit(b, b.apply(new Primitive.Reverse(List.of(2)), x), turned);
      return y.shape().rank() == 2 ? y : b.apply(new Primitive.Reverse(List.of(2)), y);
    };
  }
}
