package wherefore.method.perturbation;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.IntConsumer;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.Option;
import wherefore.attribution.ProvidesMethod;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Occlusion: a window slides over the input and is taken from the baseline.
 *
 * <p>Question: how much does the target lose when a window around an element is hidden? Formula:
 * a_e = mean over the windows W that cover e of f_t(x) − f_t(x with W from x'), and over several
 * baselines. Windows: ⌈(D − w)/s⌉ + 1 positions along an axis of extent D, the last ones cropped.
 * Shape: the input's; unit: the target's. Needs no gradient. With a graph, only what a window can
 * reach is computed anew, layer by layer, with the same numbers as a full pass. Source: Zeiler,
 * Fergus 2014, arXiv:1311.2901; the mean over windows as in Captum.
 *
 * <p>Facts: {@code windows}; {@code baselines}; {@code output}; {@code work}, in full forward
 * passes, that the windows took.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "occlusion")
public final class Occlusion implements AttributionMethod<Occlusion.Settings> {
  /** The options. */
  public record Settings(
      @Option(
              value =
                  "The window's extents, one an axis behind the first: 3,16,16; auto is a"
                      + " fourteenth of an image's height and width over all channels, a token of"
                      + " a sequence, an element of a table.",
              byDefault = "auto",
              unit = "elements")
          String window,
      @Option(
              value = "How far the window goes along each axis; auto is half of an image's window.",
              byDefault = "auto",
              unit = "elements")
          String stride) {}

  @Override
  public String id() {
    return "occlusion";
  }

  @Override
  public Class<Settings> options() {
    return Settings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "How much does the target lose when a window around an element is hidden?",
        EnumSet.of(Need.FORWARD, Need.BASELINE),
        "windows × baselines × F, of which a graph of local layers saves most",
        "Zeiler, Fergus 2014, arXiv:1311.2901");
  }

  @Override
  public Attribution attribute(AttributionRequest request, Settings options, Evaluator evaluator) {
    SequencedMap<String, Tensor> values = new LinkedHashMap<>();
    int windows = 0;
    double work = 0;
    double output = Double.NaN;
    for (Variable v : evaluator.subject().variables()) {
      Removal removal = new Removal(evaluator, v);
      List<Region> regions = regions(evaluator.subject(), v, options);
      values.put(v.name(), mean(v.value().shape(), regions, removal.differences(regions)));
      windows += regions.size();
      work += removal.work();
      output = removal.output();
    }
    return Attribution.of(values)
        .fact("windows", windows)
        .fact("baselines", evaluator.subject().variables().get(0).baselines())
        .fact("output", output)
        .fact("work", work);
  }

  private static List<Region> regions(Subject subject, Variable v, Settings options) {
    Shape shape = v.value().shape();
    SlidingWindow sliding = SlidingWindow.parse(options.window(), options.stride(), subject, v);
    List<Region> regions = new ArrayList<>();
    sliding.each((lows, highs) -> regions.add(Region.box(lows, highs, shape)));
    return regions;
  }

  private static Tensor mean(Shape shape, List<Region> windows, double[] differences) {
    double[] sums = new double[shape.size()];
    int[] counts = new int[shape.size()];
    for (int k = 0; k < differences.length; k++) {
      double difference = differences[k];
      each(
          shape,
          windows.get(k),
          e -> {
            sums[e] += difference;
            counts[e]++;
          });
    }
    for (int e = 0; e < sums.length; e++) {
      sums[e] /= counts[e];
    }
    return Tensor.of(shape, sums);
  }

  /** The elements of a window. */
  private static void each(Shape shape, Region window, IntConsumer action) {
    int[] strides = shape.strides();
    int[] at = window.lows().clone();
    int axes = at.length;
    while (true) {
      int e = 0;
      for (int a = 0; a < axes; a++) {
        e += at[a] * strides[a + 1];
      }
      action.accept(e);
      int a = axes - 1;
      while (a >= 0 && ++at[a] == window.highs()[a]) {
        at[a] = window.lows()[a];
        a--;
      }
      if (a < 0) {
        return;
      }
    }
  }
}
