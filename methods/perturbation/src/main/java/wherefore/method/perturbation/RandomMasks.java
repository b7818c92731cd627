package wherefore.method.perturbation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import wherefore.attribution.Players;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Masks that are smooth over the positions of images and sequences. Only the coarse grids are kept;
 * a mask is made anew whenever it is asked for.
 */
final class RandomMasks {
  /**
   * The positions of a variable that share a number.
   *
   * @param first the number of the first one
   * @param cell positions between two grid points, down and across
   * @param points grid points, down and across
   */
  private record Plane(int first, int height, int width, int[] cell, int[] points) {
    int size() {
      return height * width;
    }
  }

  private final List<Plane> planes = new ArrayList<>();
  private final Players positions;
  private final double probability;
  private final long[] seeds;

  RandomMasks(Subject subject, int cells, double probability, int count, SplittableRandom random) {
    this.probability = probability;
    this.seeds = random.longs(count).toArray();
    List<String> names = new ArrayList<>();
    SequencedMap<String, Tensor> owners = new LinkedHashMap<>();
    for (Variable v : subject.variables()) {
      List<Integer> axes = axes(subject, v);
      Plane plane = plane(v.value().shape(), axes, cells, names.size());
      planes.add(plane);
      owners.put(v.name(), owners(v.value().shape(), axes, plane));
      for (int p = 0; p < plane.size(); p++) {
        names.add("%s %d,%d".formatted(v.name(), p / plane.width(), p % plane.width()));
      }
    }
    this.positions = new Players(names, owners);
  }

  /** Images over rows and columns, sequences over the second axis, tables over none. */
  private static List<Integer> axes(Subject subject, Variable v) {
    Shape shape = v.value().shape();
    return shape.rank() == 3 ? List.of(1) : subject.model().plane(v.name(), shape);
  }

  /** Of a table each element by itself. */
  private static Plane plane(Shape shape, List<Integer> axes, int cells, int first) {
    int height = axes.size() < 2 ? 1 : shape.dim(axes.get(0));
    int width = axes.isEmpty() ? shape.size() : shape.dim(axes.getLast());
    int[] cell =
        axes.isEmpty()
            ? new int[] {1, 1}
            : new int[] {Math.ceilDiv(height, cells), Math.ceilDiv(width, cells)};
    int[] points = {points(height, cell[0]), points(width, cell[1])};
    return new Plane(first, height, width, cell, points);
  }

  /** So many that the last position lies between two, whatever the shift. */
  private static int points(int extent, int cell) {
    return (extent + cell - 2) / cell + 2;
  }

  private static Tensor owners(Shape shape, List<Integer> axes, Plane plane) {
    long[] owners = new long[shape.size()];
    int inner = axes.isEmpty() ? 1 : shape.strides()[axes.getLast()];
    for (int e = 0; e < owners.length; e++) {
      owners[e] = plane.first() + e / inner % plane.size();
    }
    return Tensor.of(shape, owners);
  }

  /** Who has a number in a mask. */
  Players positions() {
    return positions;
  }

  /** One of the masks, a number a position. */
  float[] mask(int number) {
    SplittableRandom random = new SplittableRandom(seeds[number]);
    float[] mask = new float[positions.count()];
    for (Plane plane : planes) {
      int down = random.nextInt(plane.cell()[0]);
      int across = random.nextInt(plane.cell()[1]);
      float[] grid = new float[plane.points()[0] * plane.points()[1]];
      for (int i = 0; i < grid.length; i++) {
        grid[i] = random.nextDouble() < probability ? 1 : 0;
      }
      fill(mask, plane, grid, down, across);
    }
    return mask;
  }

  private static void fill(float[] mask, Plane plane, float[] grid, int down, int across) {
    int columns = plane.points()[1];
    for (int i = 0; i < plane.height(); i++) {
      int row = (i + down) / plane.cell()[0];
      float y = (float) ((i + down) % plane.cell()[0]) / plane.cell()[0];
      for (int j = 0; j < plane.width(); j++) {
        int at = row * columns + (j + across) / plane.cell()[1];
        float x = (float) ((j + across) % plane.cell()[1]) / plane.cell()[1];
        float upper = grid[at] + x * (grid[at + 1] - grid[at]);
        float lower = grid[at + columns] + x * (grid[at + columns + 1] - grid[at + columns]);
        mask[plane.first() + i * plane.width() + j] = upper + y * (lower - upper);
      }
    }
  }
}
