package wherefore.backend.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import wherefore.tensor.ElementType;
import wherefore.tensor.Tensor;

/**
 * A convolution of 3×3 taps and stride 1 with a quarter of the multiplications: F(4×4, 3×3).
 *
 * <p>Y = Aᵀ [ Σ_c (G g Gᵀ) ⊙ (Bᵀ d B) ] A for every tile of 4×4 outputs. The sum over channels is a
 * matrix product at each of 36 points. A thread transforms, multiplies and transforms back a chunk
 * of tiles at a time, in memory that stays near to it.
 *
 * <p>Exact in real arithmetic. In float32 an element's error is at most (C + 24) u |Aᵀ| [Σ_c (|G|
 * |g| |Gᵀ|) ⊙ (|Bᵀ| |d| |B|)] |A| with u = 2⁻²⁴; summing directly has (9C + 1) u Σ |g| |d|. On
 * layers of 64 to 512 channels with normally distributed weights and inputs the largest error is
 * 10⁻⁵ of the largest output.
 *
 * <p>Source: Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016.
 */
final class Winograd {
  /** Channels that lie together, as oneDNN's convolutions like it. */
  static final int BLOCK = 8;

  private final Planner planner;
  private final WinogradTiling tiling;

  Winograd(Planner planner, WinogradTiling tiling) {
    this.planner = planner;
    this.tiling = tiling;
  }

  /**
   * Emits the step.
   *
   * @param kernel the convolution's weights
   * @param transform how they are transformed
   * @param bias dense; null for none
   * @param relu true if max(·, 0) follows
   * @return the result, in blocks of channels
   */
  View emit(View x, Tensor kernel, WinogradWeights transform, @Nullable View bias, boolean relu) {
    long[] read = {tiling.images(), tiling.channels(), tiling.height(), tiling.width()};
    long[] written = {tiling.images(), tiling.filters(), tiling.outHeight(), tiling.outWidth()};
    var format = planner.oneDnn().descriptor(planner.scope(), Formats.blocked(read, BLOCK));
    Place source = planner.ordered(x, format);
    View y = planner.allocate(ElementType.FLOAT32, Formats.blocked(written, BLOCK));
    List<WinogradTiling.Chunk> chunks = tiling.chunks(planner.threads());
    List<WinogradProduct> products =
        chunks.stream()
            .map(tiling::tiles)
            .distinct()
            .map(t -> new WinogradProduct(planner, tiling, BLOCK, t, kernel, transform, bias))
            .toList();
    Shares shares = new Shares(products);
    Buffer memory = Buffer.inArena(shares.bytes() * planner.threads());
    List<Buffer> reads = new ArrayList<>(products.get(0).reads());
    reads.add(source.buffer());
    planner.emit(
        "winograd F(4x4,3x3) " + products.get(0).kernel(),
        reads,
        List.of(y.buffer(), memory),
        null,
        frame -> {
          WinogradRun run = new WinogradRun(frame, tiling, BLOCK, chunks, relu);
          run.bind(source, Place.of(y));
          for (int slot = 0; slot < planner.threads(); slot++) {
            run.bind(slot, products, shares, frame.segment(memory));
          }
          return run;
        });
    return y;
  }

  /**
   * How a thread's memory is shared out.
   *
   * @param operands bytes
   * @param results bytes
   * @param scratch bytes
   */
  record Shares(long operands, long results, long scratch) {
    private static final long ALIGNMENT = 64;

    Shares(List<WinogradProduct> products) {
      this(
          most(products, WinogradProduct::operandBytes),
          most(products, WinogradProduct::resultBytes),
          most(products, WinogradProduct::scratchBytes));
    }

    private static long most(List<WinogradProduct> products, ToLongFunction<WinogradProduct> size) {
      long most = products.stream().mapToLong(size).max().orElseThrow();
      return Math.ceilDiv(most, ALIGNMENT) * ALIGNMENT;
    }

    long bytes() {
      return operands + results + scratch;
    }
  }
}
