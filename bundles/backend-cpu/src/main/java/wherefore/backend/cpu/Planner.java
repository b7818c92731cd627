package wherefore.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import wherefore.backend.cpu.onednn.Argument;
import wherefore.backend.cpu.onednn.Format;
import wherefore.backend.cpu.onednn.OneDnn;
import wherefore.backend.cpu.onednn.Scope;
import wherefore.graph.Graph;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Window;
import wherefore.tensor.ElementType;
import wherefore.tensor.Tensor;

/** A plan under construction: the values so far and the steps that yield them. */
final class Planner {
  private record Chosen(MemorySegment descriptor, Place place) {}

  private final Graph graph;
  private final Fusion fusion;
  private final OneDnn oneDnn;
  private final Constants.Lease constants;
  private final Scope scope;
  private final int threads;
  private final Predicate<WinogradTiling> winograd;
  private final List<Step> steps = new ArrayList<>();
  private final @Nullable View[] values;
  private final Map<View, List<Chosen>> reordered = new HashMap<>();
  private final Map<View, View> denseCopies = new HashMap<>();
  private int current;
  private int block;

  /**
   * @param threads how many the plan runs on
   * @param winograd which convolutions are computed so
   */
  Planner(
      Graph graph,
      Fusion fusion,
      OneDnn oneDnn,
      Constants.Lease constants,
      Scope scope,
      int threads,
      Predicate<WinogradTiling> winograd) {
    this.graph = graph;
    this.fusion = fusion;
    this.oneDnn = oneDnn;
    this.constants = constants;
    this.scope = scope;
    this.threads = threads;
    this.winograd = winograd;
    this.values = new View[graph.nodes().size()];
  }

  Graph graph() {
    return graph;
  }

  Fusion fusion() {
    return fusion;
  }

  OneDnn oneDnn() {
    return oneDnn;
  }

  Constants.Lease constants() {
    return constants;
  }

  Scope scope() {
    return scope;
  }

  int threads() {
    return threads;
  }

  Predicate<WinogradTiling> winograd() {
    return winograd;
  }

  List<Step> steps() {
    return steps;
  }

  /** From here on, steps belong to this node. */
  void at(Node node) {
    current = node.id();
  }

  void emit(
      String name,
      List<Buffer> reads,
      List<Buffer> writes,
      @Nullable Buffer replaces,
      Function<Frame, Runnable> binding) {
    steps.add(new Step(name, current, reads, writes, replaces, binding));
  }

  void set(Node node, View view) {
    values[node.id()] = view.with(view.format().simplified());
  }

  boolean isSet(Node node) {
    return values[node.id()] != null;
  }

  /** The tensor behind a node, if it is a constant. */
  Optional<Tensor> constant(int id) {
    return graph.node(id).op() instanceof Leaf.Constant c
        ? Optional.of(c.value())
        : Optional.empty();
  }

  /** Where a node's value lies; a constant is brought to native memory when it is first wanted. */
  View view(int id) {
    View view = values[id];
    if (view == null) {
      Tensor tensor =
          constant(id)
              .orElseThrow(
                  () -> new IllegalStateException(graph.node(id) + " has no value of its own"));
      view = View.dense(Buffer.constant(constants.dense(tensor)), tensor.shape(), tensor.type());
      values[id] = view;
    }
    return view;
  }

  View allocate(ElementType type, Format format) {
    long size = format.block() == 1 ? 1 : format.block();
    for (int a = 0; a < format.dims().length; a++) {
      long extent = format.dims()[a];
      size *=
          a == 1 && format.block() != 1 ? (extent + format.block() - 1) / format.block() : extent;
    }
    return new View(Buffer.inArena(size * type.bytes()), 0, format, type);
  }

  /** How many channels the library's convolutions like to have in a block; 1 for no blocks. */
  int block() {
    if (block == 0) {
      long[] image = {1, 64, 8, 8};
      MemorySegment any = oneDnn.any(scope, image);
      MemorySegment made =
          oneDnn.convolution(
              scope,
              Window.of(3, 3).pads(1, 1),
              any,
              oneDnn.any(scope, new long[] {64, 64, 3, 3}),
              MemorySegment.NULL,
              any,
              oneDnn.attributes(scope, List.of()));
      block = oneDnn.format(oneDnn.chosen(made, Argument.DST)).map(Format::block).orElse(1);
    }
    return block;
  }

  /** A new row-major tensor of a node's type. */
  View result(Node node) {
    return allocate(node.type().element(), Format.dense(View.longs(node.shape())));
  }

  /** The same tensor without blocks. */
  View plain(View view) {
    return view.isBlocked() ? dense(view) : view;
  }

  /** The same tensor, row-major from its buffer's start. */
  View dense(View view) {
    if (view.isDense()) {
      return view;
    }
    return denseCopies.computeIfAbsent(view, this::copy);
  }

  private View copy(View view) {
    View copy = allocate(view.type(), Format.dense(view.dims()));
    if (view.isBlocked() && !Chains.walks(view)) {
      Place from = new Place(view.buffer(), view.byteOffset());
      reorder(from, oneDnn.descriptor(scope, view.format()), copy);
    } else {
      Moves.copy(this, view, copy);
    }
    return copy;
  }

  private void reorder(Place from, MemorySegment descriptor, View to) {
    MemorySegment target = oneDnn.descriptor(scope, to.format());
    MemorySegment attributes = oneDnn.attributes(scope, List.of());
    MemorySegment made = oneDnn.reorder(scope, descriptor, target, attributes);
    new Call(this, "reorder", made)
        .read(Argument.SRC, from)
        .write(Argument.DST, new Place(to.buffer(), to.byteOffset()))
        .emit();
  }

  /** A float32 tensor in the order that a primitive has chosen; reordered where it is not. */
  Place ordered(View view, MemorySegment wanted) {
    List<Chosen> known = reordered.computeIfAbsent(view, v -> new ArrayList<>());
    for (Chosen chosen : known) {
      if (oneDnn.same(chosen.descriptor(), wanted)) {
        return chosen.place();
      }
    }
    Place place = reorderedTo(view, wanted);
    known.add(new Chosen(wanted, place));
    return place;
  }

  private Place reorderedTo(View view, MemorySegment wanted) {
    View readable = isDescribable(view) ? view : dense(view);
    MemorySegment own = oneDnn.descriptor(scope, readable.format());
    Place place = new Place(readable.buffer(), readable.byteOffset());
    if (oneDnn.same(own, wanted)) {
      return place;
    }
    Buffer buffer = Buffer.inArena(oneDnn.bytes(wanted));
    MemorySegment attributes = oneDnn.attributes(scope, List.of());
    new Call(this, "reorder", oneDnn.reorder(scope, own, wanted, attributes))
        .read(Argument.SRC, place)
        .write(Argument.DST, new Place(buffer, 0))
        .emit();
    return new Place(buffer, 0);
  }

  /** True if oneDNN can be told where the elements lie: no repeated axes, none backwards. */
  static boolean isDescribable(View view) {
    for (int a = 0; a < view.rank(); a++) {
      if (view.dims()[a] != 1 && view.strides()[a] <= 0) {
        return false;
      }
    }
    return !overlaps(view);
  }

  private static boolean overlaps(View view) {
    if (view.isBlocked()) {
      return false;
    }
    long[][] axes = new long[view.rank()][];
    for (int a = 0; a < axes.length; a++) {
      axes[a] = new long[] {view.strides()[a], view.dims()[a]};
    }
    Arrays.sort(axes, Comparator.comparingLong(x -> x[0]));
    long reach = 1;
    for (long[] axis : axes) {
      if (axis[1] != 1) {
        if (axis[0] < reach) {
          return true;
        }
        reach = axis[0] * axis[1];
      }
    }
    return false;
  }

  /** Finishes a call that writes a tensor in the order that its primitive has chosen. */
  View written(Call call, Argument argument, MemorySegment chosen, long[] dims) {
    Buffer buffer = Buffer.inArena(oneDnn.bytes(chosen));
    call.write(argument, new Place(buffer, 0)).emit();
    Optional<Format> format = oneDnn.format(chosen);
    if (format.isPresent()) {
      return new View(buffer, 0, format.get(), ElementType.FLOAT32);
    }
    View plain = allocate(ElementType.FLOAT32, Format.dense(dims));
    reorder(new Place(buffer, 0), chosen, plain);
    return plain;
  }
}
