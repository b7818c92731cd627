package wherefore.attribution;

import java.util.Locale;
import wherefore.tensor.Tensor;

/**
 * What an input is compared with: the x' of path methods, DeepLIFT and Shapley values. Several
 * baselines (drawn, or rows of a data set) give the mean of their attributions.
 */
public sealed interface Baseline {
  /** What the model's card says, else {@link Zero}. */
  record Default() implements Baseline {}

  /** Zero everywhere. */
  record Zero() implements Baseline {}

  /** One number everywhere. */
  record Constant(double value) implements Baseline {}

  /**
   * Given values.
   *
   * @param value of the input's shape; several along the first axis are several baselines
   * @param source where they came from, for provenance
   */
  record Given(Tensor value, String source) implements Baseline {
    /**
     * The mean over the first axis as the one baseline.
     *
     * @throws AttributionException if the values are integers
     */
    public Given mean() {
      String text = "mean(" + source + ")";
      if (!value.type().isFloating()) {
        throw new AttributionException(
            "baseline %s: of %s%s there is no mean; only of floating-point numbers"
                .formatted(text, value.type().symbol(), value.shape()));
      }
      int rows = value.shape().dim(0);
      double[] mean = new double[value.size() / rows];
      for (int i = 0; i < value.size(); i++) {
        mean[i % mean.length] += value.get(i) / rows;
      }
      return new Given(Tensor.of(value.shape().with(0, 1), mean).to(value.type()), text);
    }
  }

  /**
   * Where the decision falls the other way: on the lines from the input to given points, the place
   * closest to the input. The decision is whether the target is the largest score; of a single
   * score or of a layer's neuron, whether it is above 0. Each place is found by bisection, up to
   * the element type's precision, and lies beyond the boundary.
   *
   * @param value points of the input's shape, along the first axis; those that are decided as the
   *     input is are passed over
   * @param source where they came from, for provenance
   */
  record Boundary(Tensor value, String source) implements Baseline {}

  /**
   * The orthogonal projection onto the decision boundary of an affine unit: x − f_t(x) w / |w|²
   * with w = ∂f_t/∂x. A target that is not affine in the input is refused.
   */
  record Projection() implements Baseline {}

  /** The input itself, blurred over rows and columns by a Gaussian of this many elements. */
  record Blurred(double sigma) implements Baseline {}

  /** Drawn from [low, high], {@code count} times. */
  record Uniform(double low, double high, int count) implements Baseline {}

  /** The input plus noise of deviation {@code sigma}, {@code count} times. */
  record Gaussian(double sigma, int count) implements Baseline {}

  /**
   * Reads the short form: {@code default}, {@code zero}, {@code constant(0.5)}, {@code blurred(3)},
   * {@code uniform(0,1,20)}, {@code gaussian(0.1,20)}, {@code projection}. What is given has no
   * short form but its file.
   *
   * @throws AttributionException if it isn't one; the message lists the known ones
   */
  static Baseline parse(String text) {
    String[] parts = text.strip().toLowerCase(Locale.ROOT).split("[(),\\s]+");
    try {
      return switch (parts[0] + "/" + (parts.length - 1)) {
        case "default/0" -> new Default();
        case "zero/0" -> new Zero();
        case "constant/1" -> new Constant(Double.parseDouble(parts[1]));
        case "blurred/1" -> new Blurred(Double.parseDouble(parts[1]));
        case "uniform/3" ->
            new Uniform(
                Double.parseDouble(parts[1]),
                Double.parseDouble(parts[2]),
                Integer.parseInt(parts[3]));
        case "projection/0" -> new Projection();
        case "gaussian/2" -> new Gaussian(Double.parseDouble(parts[1]), Integer.parseInt(parts[2]));
        default -> throw unknown(text);
      };
    } catch (NumberFormatException e) {
      throw unknown(text);
    }
  }

  private static AttributionException unknown(String text) {
    return new AttributionException(
        "baseline %s is not known; known: zero, constant(v), blurred(sigma), uniform(low,high,n), "
                .formatted(text)
            + "gaussian(sigma,n), projection, or a file that exists");
  }

  /** The short form; for given values their source. */
  default String text() {
    return switch (this) {
      case Default d -> "default";
      case Zero z -> "zero";
      case Constant c -> "constant(" + c.value() + ")";
      case Given g -> g.source();
      case Blurred b -> "blurred(" + b.sigma() + ")";
      case Uniform u -> "uniform(%s,%s,%d)".formatted(u.low(), u.high(), u.count());
      case Gaussian g -> "gaussian(%s,%d)".formatted(g.sigma(), g.count());
      case Boundary b -> "boundary(" + b.source() + ")";
      case Projection p -> "projection";
    };
  }
}
