package wherefore.backend.cpu;

import java.lang.foreign.MemorySegment;

/**
 * Arrays that one thread transforms tiles in. The rows are cut by column modulo 4, so that what
 * stands at one index of the arrays is at one place in its tile.
 *
 * @param rows inputs: for each row of a chunk and each of four columns of its tiles
 * @param rowSegments the same as segments
 * @param six for each of six rows six columns of a row of tiles
 * @param results six rows
 * @param resultSegments the same as segments
 */
record WinogradScratch(
    float[][][] rows,
    MemorySegment[][] rowSegments,
    float[][][] six,
    float[][] results,
    MemorySegment[] resultSegments) {
  private static final int TILE = WinogradTiling.TILE;
  private static final int PATCH = WinogradTiling.PATCH;

  /**
   * How large the arrays are.
   *
   * @param tileRows of a chunk
   * @param length floats in a row of tiles, one more than there are
   */
  record Size(int tileRows, int length) {
    WinogradScratch allocate() {
      float[][][] rows = new float[TILE * tileRows + PATCH - TILE][TILE][length];
      float[][] results = new float[PATCH][length];
      MemorySegment[][] rowSegments = new MemorySegment[rows.length][];
      for (int y = 0; y < rows.length; y++) {
        rowSegments[y] = segments(rows[y]);
      }
      float[][][] six = new float[PATCH][PATCH][length];
      return new WinogradScratch(rows, rowSegments, six, results, segments(results));
    }

    private static MemorySegment[] segments(float[][] arrays) {
      MemorySegment[] segments = new MemorySegment[arrays.length];
      for (int i = 0; i < arrays.length; i++) {
        segments[i] = MemorySegment.ofArray(arrays[i]);
      }
      return segments;
    }
  }
}
