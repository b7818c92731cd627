package wherefore.runtime.attributor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import wherefore.attribution.AttributionException;
import wherefore.attribution.Baseline;
import wherefore.attribution.Blur;
import wherefore.model.Model;
import wherefore.tensor.Npy;
import wherefore.tensor.Tensor;

/** Makes baselines from what the request says of them. */
final class Baselines {
  private Baselines() {}

  /** What {@link Baseline.Default} stands for: what the card says, else zero. */
  static Baseline resolve(Baseline baseline, Model model) {
    if (!(baseline instanceof Baseline.Default)) {
      return baseline;
    }
    String text = model.card().baseline().orElse("zero");
    Path file = beside(model, text);
    if (text.endsWith(".npy") && Files.isRegularFile(file)) {
      return given(file, text);
    }
    Baseline parsed = parse(text, model);
    return parsed instanceof Baseline.Default ? new Baseline.Zero() : parsed;
  }

  private static Path beside(Model model, String name) {
    try {
      return Path.of(model.source()).resolveSibling(name);
    } catch (IllegalArgumentException e) {
      return Path.of(""); // neither is a path: no such file
    }
  }

  private static Baseline given(Path file, String text) {
    try {
      return new Baseline.Given(Npy.read(file), text);
    } catch (IOException e) {
      throw new AttributionException("the card's baseline can't be read: " + e.getMessage(), e);
    }
  }

  private static Baseline parse(String text, Model model) {
    try {
      return Baseline.parse(text);
    } catch (AttributionException e) {
      throw new AttributionException(
          "the card of model %s says %s; a card may name a .npy file beside it"
              .formatted(model.name(), e.getMessage()),
          e);
    }
  }

  /**
   * The baselines of one input.
   *
   * @param baseline not {@link Baseline.Default}
   * @param input its name, or a layer's
   * @return of the input's type, one or several along the first axis
   */
  static Tensor of(Baseline baseline, Model model, String input, Tensor value, Seeds seeds) {
    return switch (baseline) {
      case Baseline.Default d -> throw new IllegalArgumentException("a default is resolved first");
      case Baseline.Zero z -> Tensor.zeros(value.type(), value.shape());
      case Baseline.Constant c -> Tensor.full(value.type(), value.shape(), c.value());
      case Baseline.Given g -> fitting(g, input, value);
      case Baseline.Blurred b ->
          Blur.of(value, model.plane(input, value.shape()), positive(b.sigma(), b));
      case Baseline.Uniform u -> uniform(u, input, value, seeds);
      case Baseline.Gaussian g -> gaussian(g, input, value, seeds);
      case Baseline.Boundary b -> throw new IllegalArgumentException("the model must be asked");
      case Baseline.Projection p -> throw new IllegalArgumentException("the model must be asked");
    };
  }

  /** Given values, of the kind that the input has. */
  static Tensor fitting(Baseline.Given given, String input, Tensor value) {
    Tensor rows = given.value();
    boolean fits =
        rows.shape().rank() == value.shape().rank()
            && rows.shape().dim(0) > 0
            && rows.shape().with(0, 1).equals(value.shape());
    if (!fits || rows.type().isFloating() != value.type().isFloating()) {
      throw new AttributionException(
          "baseline %s is %s%s; input %s needs %s%s, or several along the first axis"
              .formatted(
                  given.source(),
                  rows.type().symbol(),
                  rows.shape(),
                  input,
                  value.type().symbol(),
                  value.shape()));
    }
    return rows.to(value.type());
  }

  private static Tensor uniform(Baseline.Uniform u, String input, Tensor value, Seeds seeds) {
    if (!(u.low() < u.high())) {
      throw new AttributionException(
          "baseline %s: its low end must be less than its high end".formatted(u.text()));
    }
    SplittableRandom random = seeds.random("baseline/" + input);
    return drawn(u.count(), u, value, x -> u.low() + (u.high() - u.low()) * random.nextDouble());
  }

  private static Tensor gaussian(Baseline.Gaussian g, String input, Tensor value, Seeds seeds) {
    double sigma = positive(g.sigma(), g);
    SplittableRandom random = seeds.random("baseline/" + input);
    return drawn(g.count(), g, value, x -> x + sigma * random.nextGaussian());
  }

  private static Tensor drawn(int count, Baseline b, Tensor value, DoubleUnaryOperator draw) {
    if (count < 1) {
      throw new AttributionException(
          "baseline %s: its number of draws must be at least 1".formatted(b.text()));
    }
    return Tensor.concatRows(IntStream.range(0, count).mapToObj(k -> mapped(value, draw)).toList());
  }

  private static Tensor mapped(Tensor value, DoubleUnaryOperator f) {
    double[] out = value.toDoubles();
    for (int i = 0; i < out.length; i++) {
      out[i] = f.applyAsDouble(out[i]);
    }
    return Tensor.of(value.shape(), out).to(value.type());
  }

  private static double positive(double sigma, Baseline b) {
    if (!(sigma > 0 && sigma < 1e6)) {
      throw new AttributionException(
          "baseline %s: its deviation must be a positive number".formatted(b.text()));
    }
    return sigma;
  }
}
