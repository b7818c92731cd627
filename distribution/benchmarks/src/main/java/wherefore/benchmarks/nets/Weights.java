package wherefore.benchmarks.nets;

import java.nio.FloatBuffer;
import java.util.SplittableRandom;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Random weights, the same in every process. */
public final class Weights {
  private final SplittableRandom random;

  private Weights(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** From this seed. */
  public static Weights seeded(long seed) {
    return new Weights(seed);
  }

  /**
   * He's initialization in its uniform form: within ±√(6 / fan in), so that the variance survives a
   * ReLU. Source: He 2015.
   */
  public Tensor he(int... dims) {
    return uniform(Math.sqrt(6.0 / fanIn(dims)), dims);
  }

  /** Biases as PyTorch makes them: within ±1/√(fan in) of the weights that they belong to. */
  public Tensor bias(int... weights) {
    return uniform(1 / Math.sqrt(fanIn(weights)), weights[0]);
  }

  private static int fanIn(int... dims) {
    int fan = 1;
    for (int i = 1; i < dims.length; i++) {
      fan *= dims[i];
    }
    return fan;
  }

  /** Within ±bound. */
  public Tensor uniform(double bound, int... dims) {
    return between(-bound, bound, dims);
  }

  /** Within bounds. */
  public Tensor between(double least, double most, int... dims) {
    Shape shape = Shape.of(dims);
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (least + (most - least) * random.nextDouble());
    }
    return Tensor.wrap(shape, FloatBuffer.wrap(values));
  }
}
