package wherefore.backend.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The two-dimensional transforms of F(4×4, 3×3) for one block of channels of a chunk: Bᵀ d B from
 * an image into the products' operands, Aᵀ m A from their results into an image. Images lie in
 * blocks of channels; a chunk's operands as [point, channel block, tile row, tile column, image,
 * channel], so that a loop runs over many tiles.
 */
final class WinogradTransforms {
  private static final int TILE = WinogradTiling.TILE;
  private static final int PATCH = WinogradTiling.PATCH;

  private final WinogradTiling tiling;
  private final int block;
  private final int blockBytes;
  private final float[][] columns = new float[PATCH][];
  private final float[][] targets = new float[PATCH][];

  /**
   * For one thread.
   *
   * @param block channels in a block
   */
  WinogradTransforms(WinogradTiling tiling, int block) {
    this.tiling = tiling;
    this.block = block;
    this.blockBytes = Float.BYTES * block;
  }

  /**
   * Writes the operands of one block of channels.
   *
   * @param image what the convolution reads, from its first element on
   * @param operands of the chunk
   */
  void input(
      WinogradScratch scratch,
      WinogradTiling.Chunk chunk,
      int channelBlock,
      MemorySegment image,
      MemorySegment operands) {
    int rows = TILE * chunk.rows() + PATCH - TILE;
    int first = TILE * chunk.row() - tiling.top();
    for (int y = 0; y < rows; y++) {
      split(scratch, chunk, channelBlock, image, y, first + y);
    }
    int run = chunk.images() * tiling.tileColumns() * block;
    int wide = run + chunk.images() * block;
    long plane = (long) tiling.tiles(chunk) * tiling.channels();
    long target = (long) channelBlock * tiling.tiles(chunk) * block;
    for (int r = 0; r < chunk.rows(); r++) {
      down(scratch, r, wide);
      for (int i = 0; i < PATCH; i++) {
        across(scratch, i, chunk.images() * block, run);
        for (int j = 0; j < PATCH; j++) {
          long at = (i * PATCH + j) * plane + target + (long) r * run;
          MemorySegment.copy(scratch.results()[j], 0, operands, JAVA_FLOAT, at * Float.BYTES, run);
        }
      }
    }
  }

  /** A row of all images of the chunk, cut by column modulo 4. */
  private void split(
      WinogradScratch scratch,
      WinogradTiling.Chunk chunk,
      int channelBlock,
      MemorySegment image,
      int row,
      int y) {
    boolean inside = y >= 0 && y < tiling.height();
    for (int b = 0; b < TILE; b++) {
      float[] array = scratch.rows()[row][b];
      int slots = tiling.tileColumns() + (b < PATCH - TILE ? 1 : 0);
      int begin = inside ? Math.ceilDiv(Math.max(0, tiling.left() - b), TILE) : slots;
      int reach = tiling.width() + tiling.left() - b;
      int end = inside ? Math.clamp(Math.ceilDiv(reach, TILE), begin, slots) : slots;
      int stride = chunk.images() * block;
      Arrays.fill(array, 0, Math.min(begin, slots) * stride, 0);
      Arrays.fill(array, end * stride, slots * stride, 0);
      for (int g = 0; g < chunk.images() && begin < end; g++) {
        long line = at(chunk.image() + g, tiling.channels(), channelBlock, tiling.height(), y);
        WinogradLoops.split(
            image,
            (line * tiling.width() + TILE * begin + b - tiling.left()) * blockBytes,
            (long) TILE * blockBytes,
            scratch.rowSegments()[row][b],
            (long) (begin * chunk.images() + g) * blockBytes,
            (long) chunk.images() * blockBytes,
            end - begin,
            blockBytes);
      }
    }
  }

  /** The number of a row of an image in blocks of channels. */
  private long at(int image, int channels, int channelBlock, int height, int y) {
    return ((long) image * (channels / block) + channelBlock) * height + y;
  }

  /** Bᵀ d for each of four columns. */
  private void down(WinogradScratch scratch, int row, int n) {
    for (int b = 0; b < TILE; b++) {
      for (int i = 0; i < PATCH; i++) {
        columns[i] = scratch.rows()[TILE * row + i][b];
        targets[i] = scratch.six()[i][b];
      }
      WinogradLoops.input(columns, targets, n);
    }
  }

  /** · B for one row: columns 4 and 5 of a tile are 0 and 1 of the next. */
  private void across(WinogradScratch scratch, int i, int slot, int n) {
    float[][] row = scratch.six()[i];
    for (int j = TILE; j < PATCH; j++) {
      System.arraycopy(row[j - TILE], slot, row[j], 0, n);
    }
    WinogradLoops.input(row, scratch.results(), n);
  }

  /**
   * Writes one block of channels of the convolution's result.
   *
   * @param products of the chunk
   * @param image what the convolution writes
   * @param relu true if max(·, 0) follows
   */
  void output(
      WinogradScratch scratch,
      WinogradTiling.Chunk chunk,
      int channelBlock,
      MemorySegment products,
      MemorySegment image,
      boolean relu) {
    int run = chunk.images() * tiling.tileColumns() * block;
    long plane = (long) tiling.tiles(chunk) * tiling.filters();
    long source = (long) channelBlock * tiling.tiles(chunk) * block;
    for (int r = 0; r < chunk.rows(); r++) {
      up(scratch, products, plane, source + (long) r * run, run);
      int y = TILE * (chunk.row() + r);
      for (int a = 0; a < TILE && y + a < tiling.outHeight(); a++) {
        for (int j = 0; j < PATCH; j++) {
          columns[j] = scratch.six()[a][j];
        }
        WinogradLoops.output(columns, scratch.results(), run);
        join(scratch, chunk, channelBlock, image, y + a, relu);
      }
    }
  }

  /** Aᵀ m for each of six columns. */
  private void up(
      WinogradScratch scratch, MemorySegment products, long plane, long source, int run) {
    for (int j = 0; j < PATCH; j++) {
      for (int i = 0; i < PATCH; i++) {
        columns[i] = scratch.rows()[i][0];
        long at = (i * PATCH + j) * plane + source;
        MemorySegment.copy(products, JAVA_FLOAT, at * Float.BYTES, columns[i], 0, run);
      }
      for (int a = 0; a < TILE; a++) {
        targets[a] = scratch.six()[a][j];
      }
      WinogradLoops.output(columns, targets, run);
    }
  }

  private void join(
      WinogradScratch scratch,
      WinogradTiling.Chunk chunk,
      int channelBlock,
      MemorySegment image,
      int y,
      boolean relu) {
    int run = chunk.images() * tiling.tileColumns() * block;
    for (int b = 0; b < TILE; b++) {
      if (relu) {
        WinogradLoops.relu(scratch.results()[b], run);
      }
      int count = Math.max(0, Math.ceilDiv(tiling.outWidth() - b, TILE));
      for (int g = 0; g < chunk.images(); g++) {
        long line = at(chunk.image() + g, tiling.filters(), channelBlock, tiling.outHeight(), y);
        WinogradLoops.join(
            scratch.resultSegments()[b],
            (long) g * blockBytes,
            (long) chunk.images() * blockBytes,
            image,
            (line * tiling.outWidth() + b) * blockBytes,
            (long) TILE * blockBytes,
            count,
            blockBytes);
      }
    }
  }
}
