package wherefore.testkit;

import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Seeded tensors. Floating ones hold numbers that float32 has, so that all backends get the same.
 */
public final class Data {
  private final SplittableRandom random;

  /** The same seed gives the same tensors. */
  public Data(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** The generator behind it. */
  public SplittableRandom random() {
    return random;
  }

  /** Normally distributed, mean 0, deviation 1; float32. */
  public Tensor normal(int... dims) {
    return floats(random::nextGaussian, dims);
  }

  /** Evenly distributed; float32. */
  public Tensor uniform(double from, double to, int... dims) {
    return floats(() -> random.nextDouble(from, to), dims);
  }

  /** Whole numbers from −3 to 3, so that many are equal; float32. */
  public Tensor ties(int... dims) {
    return floats(() -> random.nextInt(-3, 4), dims);
  }

  private static Tensor floats(DoubleSupplier source, int... dims) {
    Shape shape = Shape.of(dims);
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) source.getAsDouble();
    }
    return Tensor.of(shape, values);
  }

  /** Whole numbers from {@code from} to below {@code to}; int64. */
  public Tensor integers(int from, int to, int... dims) {
    return floats(() -> random.nextInt(from, to), dims).to(ElementType.INT64);
  }

  /** Truth values. */
  public Tensor truths(int... dims) {
    return floats(() -> random.nextInt(2), dims).to(ElementType.BOOL);
  }
}
