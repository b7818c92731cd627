package wherefore.method.causal;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Form;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.Option;
import wherefore.attribution.ProvidesMethod;
import wherefore.attribution.Subject;
import wherefore.model.Model;
import wherefore.tensor.Tensor;

/**
 * Activation maximization (feature visualisation).
 *
 * <p>Question: what does a unit look for? The answer is no attribution but the input found: argmax
 * over x of f_t(x) − variation · V(x) − decay/2 · Σ x², climbed from the baseline, with V(x) = Σ
 * (x_{k+1} − x_k)² along the spatial axes (those behind batch and channels). Each of the {@code
 * steps} goes {@code rate} far, measured as the root of the mean square over all elements, less and
 * less towards the end; before it, an input with spatial axes is moved along each by up to {@code
 * jitter} of its extent, drawn anew. Where nothing slopes, a step goes at random. Shape and unit:
 * the input's. The explained input itself only says which unit {@code predicted} is. Cost: steps ×
 * (F + B). Source: Erhan, Bengio, Courville, Vincent 2009; the variation: Mahendran, Vedaldi 2015
 * (β = 2); the jitter: Mordvintsev, Olah, Tyka 2015.
 *
 * <p>Facts: {@code output-at-start}, {@code output} of the target at the baseline and at the input
 * found, {@code variation} V there.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "activation-maximization")
public final class ActivationMaximization
    implements AttributionMethod<ActivationMaximization.Settings> {
  /** The options. */
  public record Settings(
      @Option(
              value = "How many steps are climbed.",
              byDefault = "128",
              min = 1,
              max = 1_000_000,
              unit = "steps")
          int steps,
      @Option(
              value = "How far the first step goes, in the input's unit.",
              byDefault = "0.1",
              min = 0)
          double rate,
      @Option(
              value = "The most that the input is moved before a step, of each axis' extent.",
              byDefault = "0.03",
              min = 0,
              max = 1)
          double jitter,
      @Option(value = "The price of differences between neighbours.", byDefault = "0.001", min = 0)
          double variation,
      @Option(value = "The price of size.", byDefault = "0.001", min = 0) double decay,
      @Option(value = "The least value that an element may take.", byDefault = "-Infinity")
          double low,
      @Option(value = "The greatest value that an element may take.", byDefault = "Infinity")
          double high) {
    /** Checks the bounds. */
    public Settings {
      if (low >= high) {
        throw new IllegalArgumentException(
            "option low is %s and high is %s; low must be less".formatted(low, high));
      }
    }
  }

  @Override
  public String id() {
    return "activation-maximization";
  }

  @Override
  public Class<Settings> options() {
    return Settings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "What does a unit look for?",
        EnumSet.of(Need.GRAPH, Need.BASELINE, Need.SEED),
        "steps × (F + B)",
        "Erhan, Bengio, Courville, Vincent 2009; Mahendran, Vedaldi 2015, arXiv:1412.0035",
        Form.VALUE);
  }

  @Override
  public Attribution attribute(AttributionRequest request, Settings options, Evaluator evaluator) {
    Model model = evaluator.subject().model();
    Layout layout = new Layout(evaluator.subject().variables());
    double[] x = layout.baseline(0);
    double start = output(evaluator, layout, x);
    SplittableRandom random = evaluator.random("steps");
    for (int step = 0; step < options.steps(); step++) {
      double[] slope = uphill(slope(evaluator, layout, options, x, random), random);
      double rate = options.rate() * (options.steps() - step) / options.steps();
      x = stepped(x, slope, rate, options);
      evaluator.progress((double) step / options.steps());
    }
    return Attribution.of(layout.attributions(x))
        .fact("output-at-start", start)
        .fact("output", output(evaluator, layout, x))
        .fact("variation", layout.sum(x, (v, part) -> Planes.of(model, v).variation(part)));
  }

  private static double output(Evaluator evaluator, Layout layout, double[] x) {
    Map<String, Tensor> out = evaluator.map(evaluator.subject().forward(), layout.rows(List.of(x)));
    return Subject.target(out).get(0);
  }

  /** The gradient of the target at the moved input, moved back, with that of the prices. */
  private static double[] slope(
      Evaluator evaluator, Layout layout, Settings options, double[] x, SplittableRandom random) {
    Model model = evaluator.subject().model();
    Map<String, int[]> moves = new HashMap<>();
    double[] moved =
        layout.mapped(
            x,
            (v, part) -> {
              int[] move = move(Planes.of(model, v), options.jitter(), random);
              moves.put(v.name(), move);
              return Planes.of(model, v).moved(part, move);
            });
    Map<String, Tensor> out =
        evaluator.map(evaluator.subject().gradient(), layout.rows(List.of(moved)));
    double[] gradient =
        layout.mapped(
            layout.row(out, 0),
            (v, part) -> {
              int[] move = Objects.requireNonNull(moves.get(v.name()));
              int[] back = Arrays.stream(move).map(m -> -m).toArray();
              return Planes.of(model, v).moved(part, back);
            });
    double[] rough = layout.mapped(x, (v, part) -> Planes.of(model, v).variationGradient(part));
    for (int i = 0; i < x.length; i++) {
      gradient[i] -= options.variation() * rough[i] + options.decay() * x[i];
    }
    return gradient;
  }

  /** A direction at random where nothing slopes, as at the zero of a network of ReLUs. */
  private static double[] uphill(double[] slope, SplittableRandom random) {
    return Arrays.stream(slope).allMatch(s -> s == 0)
        ? Arrays.stream(slope).map(s -> random.nextGaussian()).toArray()
        : slope;
  }

  private static int[] move(Planes planes, double part, SplittableRandom random) {
    return planes.axes().stream()
        .mapToInt(axis -> (int) (part * planes.shape().dim(axis)))
        .map(most -> random.nextInt(-most, most + 1))
        .toArray();
  }

  private static double[] stepped(double[] x, double[] slope, double rate, Settings options) {
    double squares = Arrays.stream(slope).map(s -> s * s).sum();
    double scale = rate / Math.sqrt(squares / slope.length);
    double[] next = new double[x.length];
    for (int i = 0; i < next.length; i++) {
      next[i] = Math.min(Math.max(x[i] + scale * slope[i], options.low()), options.high());
    }
    return next;
  }
}
