package wherefore.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import wherefore.backend.cpu.onednn.Argument;
import wherefore.backend.cpu.onednn.Format;
import wherefore.backend.cpu.onednn.OneDnn;
import wherefore.graph.Window;
import wherefore.tensor.Tensor;

/**
 * The sums over channels of a chunk of tiles: at each point a matrix product, which oneDNN computes
 * fastest as a convolution of 1×1 taps over a row of tiles.
 */
final class WinogradProduct {
  private static final int POINTS = WinogradTiling.POINTS;

  /** The point whose product adds to all outputs of a tile alike: where the bias goes. */
  private static final int BIASED = WinogradTiling.PATCH + 1;

  private static final List<Argument> OPERANDS =
      List.of(Argument.SRC, Argument.DST, Argument.SCRATCHPAD, Argument.WEIGHTS);

  private final OneDnn oneDnn;
  private final int tiles;
  private final @Nullable View bias;
  private final MemorySegment plain;
  private final MemorySegment biased;
  private final MemorySegment plainPrimitive;
  private final MemorySegment biasedPrimitive;
  private final Buffer weights;

  /**
   * @param block channels in a block
   * @param tiles of the chunk
   * @param kernel the convolution's weights
   * @param transform how they are transformed
   * @param bias dense; null for none
   */
  WinogradProduct(
      Planner planner,
      WinogradTiling tiling,
      int block,
      int tiles,
      Tensor kernel,
      WinogradWeights transform,
      @Nullable View bias) {
    this.oneDnn = planner.oneDnn();
    this.tiles = tiles;
    this.bias = bias;
    oneDnn.threads(1);
    try {
      plain = describe(planner, tiling, block, false);
      biased = bias == null ? plain : describe(planner, tiling, block, true);
      plainPrimitive = oneDnn.primitive(planner.scope(), plain);
      biasedPrimitive = oneDnn.primitive(planner.scope(), biased);
      MemorySegment order = oneDnn.chosen(plain, Argument.WEIGHTS);
      weights = Buffer.constant(planner.constants().transformed(kernel, transform, order));
    } finally {
      oneDnn.threads(planner.threads());
    }
  }

  private MemorySegment describe(
      Planner planner, WinogradTiling tiling, int block, boolean withBias) {
    var scope = planner.scope();
    long channels = tiling.channels();
    long filters = tiling.filters();
    return oneDnn.convolution(
        scope,
        Window.of(1, 1),
        oneDnn.descriptor(scope, Formats.blocked(new long[] {1, channels, 1, tiles}, block)),
        oneDnn.any(scope, filters, channels, 1, 1),
        withBias ? oneDnn.descriptor(scope, Format.dense(filters)) : MemorySegment.NULL,
        oneDnn.descriptor(scope, Formats.blocked(new long[] {1, filters, 1, tiles}, block)),
        oneDnn.attributes(scope, List.of()));
  }

  int tiles() {
    return tiles;
  }

  String kernel() {
    return oneDnn.kernel(plain);
  }

  /** What it reads besides the operands. */
  List<Buffer> reads() {
    return bias == null ? List.of(weights) : List.of(weights, bias.buffer());
  }

  /** Bytes of the operands of all points. */
  long operandBytes() {
    return POINTS * oneDnn.bytes(oneDnn.chosen(plain, Argument.SRC));
  }

  /** Bytes of the results of all points. */
  long resultBytes() {
    return POINTS * oneDnn.bytes(oneDnn.chosen(plain, Argument.DST));
  }

  /** Bytes that it needs besides. */
  long scratchBytes() {
    return Math.max(
        oneDnn.bytes(oneDnn.chosen(plain, Argument.SCRATCHPAD)),
        oneDnn.bytes(oneDnn.chosen(biased, Argument.SCRATCHPAD)));
  }

  /** What computes all points from one place to another. */
  Runnable bind(Frame frame, MemorySegment operands, MemorySegment results, MemorySegment scratch) {
    List<Runnable> all = new ArrayList<>();
    for (int p = 0; p < POINTS; p++) {
      all.add(point(frame, p, operands, results, scratch));
    }
    Runnable[] points = all.toArray(Runnable[]::new);
    return () -> {
      for (Runnable point : points) {
        point.run();
      }
    };
  }

  private Runnable point(
      Frame frame, int p, MemorySegment operands, MemorySegment results, MemorySegment scratch) {
    View addend = p == BIASED ? bias : null;
    MemorySegment description = addend == null ? plain : biased;
    List<MemorySegment> places =
        List.of(part(operands, p), part(results, p), scratch, part(frame.segment(weights), p));
    List<Argument> names = new ArrayList<>(OPERANDS);
    List<MemorySegment> memories = new ArrayList<>();
    for (int i = 0; i < OPERANDS.size(); i++) {
      MemorySegment descriptor = oneDnn.chosen(description, OPERANDS.get(i));
      memories.add(oneDnn.memory(frame.scope(), descriptor, places.get(i)));
    }
    if (addend != null) {
      names.add(Argument.BIAS);
      MemorySegment vector = frame.segment(addend.buffer()).asSlice(addend.byteOffset());
      memories.add(oneDnn.memory(frame.scope(), oneDnn.chosen(description, Argument.BIAS), vector));
    }
    MemorySegment primitive = addend == null ? plainPrimitive : biasedPrimitive;
    MemorySegment arguments = OneDnn.arguments(frame.arena(), names, memories);
    MemorySegment stream = frame.stream();
    int count = names.size();
    return () -> oneDnn.execute(primitive, stream, count, arguments);
  }

  private static MemorySegment part(MemorySegment all, int p) {
    long bytes = all.byteSize() / POINTS;
    return all.asSlice(p * bytes, bytes);
  }
}
