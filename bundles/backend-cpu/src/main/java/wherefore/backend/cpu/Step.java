package wherefore.backend.cpu;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A step of a plan.
 *
 * @param name what it does, as a plan's text says it
 * @param node the node whose value it yields or prepares
 * @param reads what it reads
 * @param writes what it writes; each whole, or in parts by several steps
 * @param replaces a buffer that it reads and that its first written one may be laid over
 * @param binding from a frame to what runs
 */
record Step(
    String name,
    int node,
    List<Buffer> reads,
    List<Buffer> writes,
    @Nullable Buffer replaces,
    Function<Frame, Runnable> binding) {
  Step {
    reads = List.copyOf(reads);
    writes = List.copyOf(writes);
  }
}
