package wherefore.model.dl4j;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Primitive;
import wherefore.graph.Value;
import wherefore.tensor.Shape;

/**
 * What changes the extents of sequences, images and volumes without weights: padding, cropping,
 * upsampling, moving blocks of pixels to channels or examples. Channels second.
 */
final class Borders {
  private Borders() {}

  /** Zeros around: two numbers for each spatial axis, before and after. */
  static Emitter.Unary padding(int... borders) {
    return (b, x) -> {
      List<Integer> before = new ArrayList<>(List.of(0, 0));
      List<Integer> after = new ArrayList<>(List.of(0, 0));
      for (int i = 0; i < borders.length; i += 2) {
        before.add(borders[i]);
        after.add(borders[i + 1]);
      }
      return b.pad(x, before, after, 0);
    };
  }

  /** Without borders: two numbers for each spatial axis, before and after. */
  static Emitter.Unary cropping(int... borders) {
    return (b, x) -> {
      Value rest = x;
      for (int i = 0; i < borders.length; i += 2) {
        int axis = 2 + i / 2;
        rest = b.slice(rest, axis, borders[i], x.shape().dim(axis) - borders[i + 1]);
      }
      return rest;
    };
  }

  /** Each element repeated along each spatial axis. */
  static Emitter.Unary upsampling(int... size) {
    return (b, x) -> {
      Shape from = x.shape();
      List<Integer> single = new ArrayList<>(List.of(from.dim(0), from.dim(1)));
      List<Integer> repeated = new ArrayList<>(single);
      List<Integer> merged = new ArrayList<>(single);
      for (int axis = 0; axis < size.length; axis++) {
        int extent = from.dim(axis + 2);
        Collections.addAll(single, extent, 1);
        Collections.addAll(repeated, extent, size[axis]);
        merged.add(extent * size[axis]);
      }
      Value split = b.reshape(x, shape(single));
      return b.reshape(b.expand(split, shape(repeated)), shape(merged));
    };
  }

  private static Shape shape(List<Integer> extents) {
    return Shape.of(extents.stream().mapToInt(i -> i).toArray());
  }

  /** [N, C, H, W] → [N, s · s · C, H/s, W/s]: the place within a block varies slowest. */
  static Emitter.Unary spaceToDepth(int size) {
    return (b, x) -> {
      Shape s = x.shape();
      Value blocks = b.transpose(blocks(b, x, size, size), List.of(0, 3, 5, 1, 2, 4));
      return b.reshape(
          blocks, Shape.of(s.dim(0), size * size * s.dim(1), s.dim(2) / size, s.dim(3) / size));
    };
  }

  /** [N, C, H, W] → [r · c · N, C, H/r, W/c], after padding with zeros. */
  static Emitter.Unary spaceToBatch(int rows, int columns, int... borders) {
    Emitter.Unary padding = padding(borders);
    return (b, x) -> {
      Value padded = padding.emit(b, x);
      Shape s = padded.shape();
      Value blocks = b.transpose(blocks(b, padded, rows, columns), List.of(3, 5, 0, 1, 2, 4));
      return b.reshape(
          blocks,
          Shape.of(rows * columns * s.dim(0), s.dim(1), s.dim(2) / rows, s.dim(3) / columns));
    };
  }

  /** [N, C, H/r, r, W/c, c]. */
  private static Value blocks(GraphBuilder b, Value x, int rows, int columns) {
    Shape s = x.shape();
    if (s.dim(2) % rows != 0 || s.dim(3) % columns != 0) {
      throw new GraphException(
          "%d rows and %d columns are no whole blocks of %d by %d"
              .formatted(s.dim(2), s.dim(3), rows, columns));
    }
    return b.reshape(
        x, Shape.of(s.dim(0), s.dim(1), s.dim(2) / rows, rows, s.dim(3) / columns, columns));
  }

  /** [N, C] → [N, C, n]: the same at each step. */
  static Emitter.Unary repeated(int times) {
    return (b, x) -> repeated(b, x, times);
  }

  /** [N, C] → [N, C, n]. */
  static Value repeated(GraphBuilder b, Value x, int times) {
    Shape once = x.shape().concat(Shape.of(1));
    return b.expand(b.reshape(x, once), x.shape().concat(Shape.of(times)));
  }

  /** In opposite order along an axis. */
  static Value reversed(GraphBuilder b, Value x, int axis) {
    return b.apply(new Primitive.Reverse(List.of(axis)), x);
  }
}
