package wherefore.backend.cpu;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Primitive;
import wherefore.graph.Value;
import wherefore.graph.Window;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * How the output of a 3×3 convolution with stride 1 is cut into tiles of 4×4, and these into chunks
 * that one thread computes at a time.
 *
 * @param images N
 * @param channels C, of what is read
 * @param height of what is read
 * @param width of what is read
 * @param filters K, channels of what is written
 * @param outHeight of what is written
 * @param outWidth of what is written
 * @param top zeros above the first row of what is read
 * @param left zeros before the first column
 */
record WinogradTiling(
    int images,
    int channels,
    int height,
    int width,
    int filters,
    int outHeight,
    int outWidth,
    int top,
    int left) {
  /** Outputs of a tile along an axis. */
  static final int TILE = 4;

  /** Inputs of a tile along an axis, and elements of its transform. */
  static final int PATCH = 6;

  /** Products: one for each element of a transformed tile. */
  static final int POINTS = PATCH * PATCH;

  /** From how many tiles on a row of them is long enough for vector instructions. */
  private static final int LONG_ROW = 28;

  /** Tiles for which it pays to read the weights once more. */
  private static final int MANY_TILES = 96;

  /** Bytes of transformed tiles that stay close to a core. */
  private static final long NEAR = 3L << 20;

  /** So many tile rows, from one on, of so many images, from one on. */
  record Chunk(int image, int images, int row, int rows) {}

  /** Multiplications of the direct form. */
  long multiplications() {
    return 9L * images * channels * filters * outHeight * outWidth;
  }

  /** The same for another number of images. */
  WinogradTiling images(int number) {
    return new WinogradTiling(
        number, channels, height, width, filters, outHeight, outWidth, top, left);
  }

  /** The convolution as a graph, with weights of zero. */
  Graph graph() {
    GraphBuilder b = new GraphBuilder();
    Window window =
        new Window(
            List.of(3, 3),
            List.of(1, 1),
            List.of(1, 1),
            List.of(top, left),
            List.of(outHeight + 2 - height - top, outWidth + 2 - width - left));
    Value x = b.input("x", ElementType.FLOAT32, Shape.of(images, channels, height, width));
    Value w = b.constant(Tensor.zeros(ElementType.FLOAT32, Shape.of(filters, channels, 3, 3)));
    return b.output("y", b.apply(new Primitive.Conv(window, 1), List.of(x, w))).build();
  }

  int tileRows() {
    return (outHeight + TILE - 1) / TILE;
  }

  int tileColumns() {
    return (outWidth + TILE - 1) / TILE;
  }

  /** How many images lie side by side in a row of tiles: a divisor of their number. */
  int group() {
    int group = 1;
    while (group < images && (images % group != 0 || group * tileColumns() < LONG_ROW)) {
      group++;
    }
    return group;
  }

  /** Tile rows of a chunk, at most. */
  int rows(int threads) {
    long bytes = 4L * POINTS * (channels + filters) * group() * tileColumns();
    long near = Math.max(1, NEAR / bytes);
    int enough = Math.ceilDiv(MANY_TILES, group() * tileColumns());
    int most = (int) Math.min(tileRows(), Math.max(near, enough));
    int groups = images / group();
    int chunks = groups * Math.ceilDiv(tileRows(), most);
    if (chunks < threads) {
      most = Math.ceilDiv(tileRows(), Math.ceilDiv(threads, groups));
    }
    return Math.ceilDiv(tileRows(), Math.ceilDiv(tileRows(), most));
  }

  /** All chunks, the largest first. */
  List<Chunk> chunks(int threads) {
    int most = rows(threads);
    List<Chunk> chunks = new ArrayList<>();
    for (int image = 0; image < images; image += group()) {
      for (int row = 0; row < tileRows(); row += most) {
        chunks.add(new Chunk(image, group(), row, Math.min(most, tileRows() - row)));
      }
    }
    chunks.sort(Comparator.comparingInt(c -> -c.rows()));
    return chunks;
  }

  /** Tiles of a chunk. */
  int tiles(Chunk chunk) {
    return chunk.images() * chunk.rows() * tileColumns();
  }
}
