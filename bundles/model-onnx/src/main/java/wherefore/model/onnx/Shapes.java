package wherefore.model.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Value;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** The same elements under another shape, type or order. */
final class Shapes {
  private Shapes() {}

  static void register(Operators table) {
    table.add("Reshape", 1, Shapes::reshape);
    table.add("Flatten", 1, Shapes::flatten);
    table.add("Squeeze", 1, Shapes::squeeze);
    table.add("Unsqueeze", 1, Shapes::unsqueeze);
    table.add("Transpose", 1, Shapes::transpose);
    table.add("Expand", 8, Shapes::expand);
    table.add("Tile", 6, Shapes::tile);
    table.add("Identity", 1, Call::x);
    table.add("Cast", 1, Shapes::cast);
    table.add("CastLike", 15, c -> c.like(c.x(), c.in(1)));
    table.addAll("Dropout", 1, Shapes::dropout);
    table.add("DepthToSpace", 1, Shapes::depthToSpace);
    table.add("SpaceToDepth", 1, Shapes::spaceToDepth);
    table.add("Shape", 1, Shapes::shape);
    table.add("Size", 1, c -> c.literal(Tensor.of(Shape.SCALAR, (long) c.x().shape().size())));
  }

  private static Value reshape(Call c) {
    long[] target =
        c.opset() < 5 && !c.has(1)
            ? c.attributes()
                .longs("shape")
                .orElseThrow(() -> new GraphException("attribute shape is missing"))
            : c.longs(1, "shape");
    Shape from = c.x().shape();
    boolean perExample = target.length > 0 && c.isBatchOne(target[0], from);
    if (perExample) {
      target[0] = c.batch();
    }
    boolean zeros = c.attributes().flag("allowzero", false);
    long rest = 1;
    int free = -1;
    for (int a = 0; a < target.length; a++) {
      if (target[a] == 0 && !zeros) {
        target[a] = from.dim(a);
      }
      if (target[a] == -1 && free < 0) {
        free = a;
      } else {
        rest = Math.multiplyExact(rest, target[a]);
      }
    }
    if (free >= 0) {
      if (rest <= 0 || from.size() % rest != 0) {
        throw new GraphException(
            "shape %s does not divide the %d elements of %s"
                .formatted(Arrays.toString(target), from.size(), from));
      }
      target[free] = from.size() / rest;
    }
    Value result = c.b().reshape(c.x(), Shape.of(target));
    return perExample ? c.perExample(result) : result;
  }

  private static Value flatten(Call c) {
    Shape shape = c.x().shape();
    int axis = c.attributes().integer("axis", 1);
    int at = axis == shape.rank() ? axis : shape.rank() == 0 ? 0 : shape.axis(axis);
    return c.b()
        .reshape(c.x(), Shape.of(shape.axes(0, at).size(), shape.axes(at, shape.rank()).size()));
  }

  private static Value squeeze(Call c) {
    Shape shape = c.x().shape();
    TreeSet<Integer> axes = new TreeSet<>();
    c.ints("axes", 1)
        .map(Arrays::stream)
        .orElseGet(() -> IntStream.range(0, shape.rank()).filter(a -> shape.dim(a) == 1))
        .forEach(a -> axes.add(shape.axis(a)));
    if (axes.stream().anyMatch(a -> shape.dim(a) != 1)) {
      throw new GraphException("axes %s of %s have not all extent 1".formatted(axes, shape));
    }
    int[] dims =
        IntStream.range(0, shape.rank()).filter(a -> !axes.contains(a)).map(shape::dim).toArray();
    return c.b().reshape(c.x(), Shape.of(dims));
  }

  private static Value unsqueeze(Call c) {
    int[] axes = c.ints("axes", 1).orElseThrow(() -> new GraphException("its axes are missing"));
    int rank = Math.addExact(c.x().shape().rank(), axes.length);
    List<Integer> dims = new ArrayList<>(Arrays.stream(c.x().shape().dims()).boxed().toList());
    Arrays.stream(axes).map(a -> a < 0 ? a + rank : a).sorted().forEach(a -> dims.add(a, 1));
    return c.b().reshape(c.x(), shape(dims));
  }

  static Shape shape(List<Integer> dims) {
    return Shape.of(dims.stream().mapToInt(Integer::intValue).toArray());
  }

  private static Value transpose(Call c) {
    List<Integer> backwards = Axes.range(c.x().shape().rank()).reversed();
    return c.b().transpose(c.x(), c.attributes().integers("perm").orElse(backwards));
  }

  private static Value expand(Call c) {
    Shape target = Shape.of(c.longs(1, "shape"));
    return c.b().expand(c.x(), Shape.broadcast(c.x().shape(), target));
  }

  /** Each axis gets one of repetitions in front of it. */
  private static Value tile(Call c) {
    int[] repeats = c.ints(1, "repeats");
    int[] dims = c.x().shape().dims();
    if (repeats.length != dims.length) {
      throw new GraphException(
          "repeats %s: needs an entry for each axis of %s"
              .formatted(Arrays.toString(repeats), c.x().shape()));
    }
    List<Integer> single = new ArrayList<>();
    List<Integer> repeated = new ArrayList<>();
    int[] whole = new int[dims.length];
    for (int a = 0; a < dims.length; a++) {
      single.addAll(List.of(1, dims[a]));
      repeated.addAll(List.of(repeats[a], dims[a]));
      whole[a] = Math.multiplyExact(repeats[a], dims[a]);
    }
    GraphBuilder b = c.b();
    Value columns = b.reshape(c.x(), shape(single));
    return b.reshape(b.expand(columns, shape(repeated)), Shape.of(whole));
  }

  private static Value cast(Call c) {
    ElementType to =
        Call.element(
            c.attributes()
                .integer("to")
                .orElseThrow(() -> new GraphException("attribute to is missing")));
    return c.b().cast(c.x(), to);
  }

  /** At inference the identity; nothing is masked. */
  private static List<Value> dropout(Call c) {
    if (c.has(2) && c.constant(2, "training mode").get(0) != 0) {
      throw new GraphException("is in training mode; export the model for inference");
    }
    return c.wants(1)
        ? List.of(c.x(), c.filled(Tensor.of(Shape.SCALAR, true), c.x().shape()))
        : List.of(c.x());
  }

  private static Value depthToSpace(Call c) {
    int[] d = image(c);
    int size = c.attributes().integer("blocksize", 0);
    int depth = blocks(d[1], Math.multiplyExact(size, size));
    boolean columns = c.attributes().text("mode", "DCR").equals("CRD");
    GraphBuilder b = c.b();
    Value split =
        columns
            ? b.reshape(c.x(), Shape.of(d[0], depth, size, size, d[2], d[3]))
            : b.reshape(c.x(), Shape.of(d[0], size, size, depth, d[2], d[3]));
    Value moved =
        b.transpose(split, columns ? List.of(0, 1, 4, 2, 5, 3) : List.of(0, 3, 4, 1, 5, 2));
    return b.reshape(moved, Shape.of(d[0], depth, d[2] * size, d[3] * size));
  }

  private static Value spaceToDepth(Call c) {
    int[] d = image(c);
    int size = c.attributes().integer("blocksize", 0);
    int rows = blocks(d[2], size);
    int columns = blocks(d[3], size);
    GraphBuilder b = c.b();
    Value split = b.reshape(c.x(), Shape.of(d[0], d[1], rows, size, columns, size));
    boolean columnsFirst = c.attributes().text("mode", "DCR").equals("CRD");
    Value moved =
        b.transpose(split, columnsFirst ? List.of(0, 1, 3, 5, 2, 4) : List.of(0, 3, 5, 1, 2, 4));
    return b.reshape(moved, Shape.of(d[0], size * size * d[1], rows, columns));
  }

  private static int[] image(Call c) {
    if (c.x().shape().rank() != 4) {
      throw new GraphException("needs data [N, C, H, W], not " + c.x().shape());
    }
    return c.x().shape().dims();
  }

  private static int blocks(int extent, int size) {
    if (size <= 0 || extent % size != 0) {
      throw new GraphException("blocksize does not divide " + extent);
    }
    return extent / size;
  }

  private static Value shape(Call c) {
    Shape shape = c.x().shape();
    int start = bound(c.attributes().integer("start", 0), shape.rank());
    int end = bound(c.attributes().integer("end", shape.rank()), shape.rank());
    long[] dims =
        Arrays.stream(shape.axes(start, Math.max(start, end)).dims()).asLongStream().toArray();
    return c.literal(Tensor.of(Shape.of(dims.length), dims));
  }

  private static int bound(int at, int rank) {
    return Math.max(0, Math.min(rank, at < 0 ? at + rank : at));
  }

  static List<Integer> filled(int length, int value) {
    return new ArrayList<>(Collections.nCopies(length, value));
  }
}
