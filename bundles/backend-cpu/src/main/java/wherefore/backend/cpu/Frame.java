package wherefore.backend.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import wherefore.backend.cpu.onednn.OneDnn;
import wherefore.backend.cpu.onednn.Scope;

/** The memory of one run at a time, with the steps bound to it. */
final class Frame implements AutoCloseable {
  private record Own(int slot, WinogradScratch.Size size) {}

  private final Map<Own, WinogradScratch> scratch = new HashMap<>();
  private final Arena arena = Arena.ofShared();
  private final Scope scope = new Scope();
  private final OneDnn oneDnn;
  private final Team team;
  private final NativeMemory.Block block;
  private final MemorySegment memory;
  private final MemorySegment stream;
  private final List<Runnable> steps;

  Frame(OneDnn oneDnn, Team team, NativeMemory.Block block, List<Step> plan) {
    this.oneDnn = oneDnn;
    this.team = team;
    this.block = block;
    this.memory = block.segment();
    try {
      this.stream = oneDnn.stream(scope);
      this.steps = plan.stream().map(s -> s.binding().apply(this)).toList();
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  OneDnn oneDnn() {
    return oneDnn;
  }

  Team team() {
    return team;
  }

  /** Native objects that live as long as this frame. */
  Scope scope() {
    return scope;
  }

  Arena arena() {
    return arena;
  }

  MemorySegment stream() {
    return stream;
  }

  /** A thread's arrays for tiles, shared by all steps of this frame. */
  WinogradScratch scratch(int slot, WinogradScratch.Size size) {
    return scratch.computeIfAbsent(new Own(slot, size), own -> own.size().allocate());
  }

  /** A buffer's memory. */
  MemorySegment segment(Buffer buffer) {
    MemorySegment constant = buffer.constant;
    return constant != null ? constant : memory.asSlice(buffer.place, buffer.bytes);
  }

  List<Runnable> steps() {
    return steps;
  }

  @Override
  public void close() {
    scope.close();
    arena.close();
    block.close();
  }
}
