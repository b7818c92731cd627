package wherefore.method.causal;

import java.util.EnumSet;
import java.util.stream.IntStream;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Moments;
import wherefore.attribution.Need;
import wherefore.attribution.Option;
import wherefore.attribution.ProvidesMethod;

/**
 * The average causal effect.
 *
 * <p>Question: what does it do to the target that an element has the value it has, whatever the
 * others are? Formula: ACE_i = E[f_t | do(x_i = a)] at a = the input's x_i, minus the mean of the
 * same over a uniform grid of a from {@code low} to {@code high}; the expectation is the mean over
 * the baselines (a background set), whose other elements stay as they are. By default the range of
 * an element is that of its values in the background and the input. Shape: the input's; unit: the
 * target's. Elements are independent causes here: none follows when another is set. Cost: elements
 * × (grid + 1) × baselines × F. Source: Chattopadhyay, Manupriya, Sarkar, Balasubramanian 2019, who
 * take the mean over the background by a Taylor polynomial of second order; here it is the mean
 * itself.
 *
 * <p>Standard errors are those of the mean over the background, where it has at least two rows.
 * Facts: {@code baselines}, {@code grid}; for the element that {@code curve} names, {@code
 * effect-at-A}, the effect of setting it to each A of its grid.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "average-causal-effect")
public final class AverageCausalEffect implements AttributionMethod<AverageCausalEffect.Settings> {
  /** The options. */
  public record Settings(
      @Option(
              value = "How many values each element is set to, evenly from one end to the other.",
              byDefault = "16",
              min = 2,
              max = 100_000,
              unit = "values")
          int grid,
      @Option(
              value =
                  "The range of the values as 'low,high'; auto is each element's own in the"
                      + " background and the input.",
              byDefault = "auto")
          String range,
      @Option(
              value =
                  "The number of the element whose effect at every value is among the facts; -1 for"
                      + " none.",
              byDefault = "-1",
              min = -1)
          int curve) {}

  @Override
  public String id() {
    return "average-causal-effect";
  }

  @Override
  public Class<Settings> options() {
    return Settings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "What does it do to the target that an element has its value, whatever the others are?",
        EnumSet.of(Need.FORWARD, Need.BASELINE),
        "elements × (grid + 1) × baselines × F",
        "Chattopadhyay, Manupriya, Sarkar, Balasubramanian 2019, arXiv:1902.02302");
  }

  @Override
  public Attribution attribute(AttributionRequest request, Settings options, Evaluator evaluator) {
    Layout layout = new Layout(evaluator.subject().variables());
    if (options.curve() >= layout.size()) {
      throw new AttributionException(
          "average-causal-effect: option curve is %d; the input has elements 0 to %d"
              .formatted(options.curve(), layout.size() - 1));
    }
    Settling settling = new Settling(layout, Ranges.parse(options.range(), layout), options.grid());
    double[][][] outputs = settling.outputs(evaluator);
    Moments moments = new Moments(layout.size());
    for (int k = 0; k < layout.baselines(); k++) {
      int baseline = k;
      moments.add(i -> effect(outputs[i], 0, baseline));
    }
    Attribution answer =
        Attribution.of(layout.attributions(moments.means()))
            .fact("baselines", layout.baselines())
            .fact("grid", options.grid());
    for (int k = 1; options.curve() >= 0 && k <= options.grid(); k++) {
      double at = settling.value(options.curve(), k);
      answer = answer.fact("effect-at-" + at, effect(outputs[options.curve()], k));
    }
    return layout.baselines() < 2
        ? answer
        : answer.withErrors(layout.attributions(moments.errorsOfMeans()));
  }

  /** The mean over the baselines. */
  private static double effect(double[][] outputs, int value) {
    return IntStream.range(0, outputs[0].length)
        .mapToDouble(b -> effect(outputs, value, b))
        .average()
        .orElseThrow();
  }

  /** In a baseline the output at a value minus the mean over the grid. */
  private static double effect(double[][] outputs, int value, int baseline) {
    double effect = 0;
    for (int k = 1; k < outputs.length; k++) {
      effect += (outputs[value][baseline] - outputs[k][baseline]) / (outputs.length - 1);
    }
    return effect;
  }
}
