package wherefore.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A convolution by {@link Winograd}, bound to memory. */
final class WinogradRun implements Runnable {
  /** What a thread has for chunks of one size. */
  private record Bound(MemorySegment operands, MemorySegment results, Runnable product) {}

  private record Slot(
      WinogradTransforms transforms, WinogradScratch scratch, Map<Integer, Bound> bySize) {}

  private final Frame frame;
  private final WinogradTiling tiling;
  private final int block;
  private final List<WinogradTiling.Chunk> chunks;
  private final boolean relu;
  private final List<Slot> slots = new ArrayList<>();
  private MemorySegment source = MemorySegment.NULL;
  private MemorySegment target = MemorySegment.NULL;

  WinogradRun(
      Frame frame,
      WinogradTiling tiling,
      int block,
      List<WinogradTiling.Chunk> chunks,
      boolean relu) {
    this.frame = frame;
    this.tiling = tiling;
    this.block = block;
    this.chunks = chunks;
    this.relu = relu;
  }

  void bind(Place from, Place to) {
    source = frame.segment(from.buffer()).asSlice(from.bytes());
    target = frame.segment(to.buffer()).asSlice(to.bytes());
  }

  /** Gives a thread its part of the memory. */
  void bind(
      int slot, List<WinogradProduct> products, Winograd.Shares shares, MemorySegment memory) {
    MemorySegment own = memory.asSlice(slot * shares.bytes(), shares.bytes());
    MemorySegment scratch = own.asSlice(shares.operands() + shares.results(), shares.scratch());
    Map<Integer, Bound> bySize = new HashMap<>();
    for (WinogradProduct product : products) {
      MemorySegment operands = own.asSlice(0, product.operandBytes());
      MemorySegment results = own.asSlice(shares.operands(), product.resultBytes());
      Runnable bound = product.bind(frame, operands, results, scratch);
      bySize.put(product.tiles(), new Bound(operands, results, bound));
    }
    int length = (tiling.tileColumns() + 1) * tiling.group() * block;
    var size = new WinogradScratch.Size(chunks.get(0).rows(), length);
    slots.add(new Slot(new WinogradTransforms(tiling, block), frame.scratch(slot, size), bySize));
  }

  @Override
  public void run() {
    if (slots.size() == 1) {
      part(0, 0, chunks.size());
      return;
    }
    frame.team().each(chunks.size(), Long.MAX_VALUE, this::part);
    frame.oneDnn().threads(slots.size());
  }

  private void part(int slot, long from, long to) {
    frame.oneDnn().threads(1);
    Slot own = slots.get(slot);
    for (int i = (int) from; i < to; i++) {
      chunk(own, chunks.get(i));
    }
  }

  private void chunk(Slot slot, WinogradTiling.Chunk chunk) {
    Bound bound = Objects.requireNonNull(slot.bySize().get(tiling.tiles(chunk)));
    for (int c = 0; c < tiling.channels() / block; c++) {
      slot.transforms().input(slot.scratch(), chunk, c, source, bound.operands());
    }
    bound.product().run();
    for (int k = 0; k < tiling.filters() / block; k++) {
      slot.transforms().output(slot.scratch(), chunk, k, bound.results(), target, relu);
    }
  }
}
