package wherefore.method.bottleneck;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import wherefore.attribution.SpatialLayers;
import wherefore.attribution.Subject;
import wherefore.tensor.Tensor;

/**
 * Information bottleneck attribution, for one example.
 *
 * <p>Question: which parts of a layer must tell something for the target's class to be recognised,
 * and how many bits? Noise restricts what each unit of the layer's output R says: Z = λ R + (1 − λ)
 * ε, ε ~ N(μ, σ²), where μ and σ are the unit's mean and deviation over a background, the request's
 * baselines; λ = blur(sigmoid(α)), a Gaussian along the places of a layer that has some. Formula: α
 * minimises E_ε[−ln p_t(Z)] + β · mean over the units of KL[N(λ R + (1 − λ) μ, (1 − λ)² σ²) ‖ N(μ,
 * σ²)], by Adam from one α for all; a unit's attribution is its KL / ln 2, at least 0.
 *
 * <p>Shape: of a layer with places their sums over the channels, brought to the input's extents
 * (linear interpolation, scaled by the places an element stands for, so that they still sum to all
 * bits but for the interpolation at the edges), or at the layer's with {@code upsample=false}; of
 * all else the variable's. Unit: bits. Without {@code --to} the last layer with places is taken;
 * where there is none, the inputs themselves, or the layers that look integers up.
 *
 * <p>A bit costs β / units: in a small layer the paper's β lets less through than the class needs,
 * and the cross entropy that is left says so. No standard error is known, since the noise enters by
 * way of a search; other seeds show what it does.
 *
 * <p>The class' probability is that of a softmax, or of the sigmoid that the model ends in: a model
 * whose outputs are no classes has no such loss; of those with several numbers this can't be seen.
 * Facts: {@code bits}, of all units; {@code cross-entropy}, in nats, in the mean over fresh noise,
 * of what got through; {@code examples}, of the background; {@code iterations}; {@code samples}.
 * Cost: iterations · samples · (F + B), and samples · F, behind the layer; the background · F
 * before it.
 *
 * <p>Source: Schulz et al. 2020, the per-sample bottleneck, whose weight β / k of the sum over k
 * units is β of the mean; there the least deviation is 0.01 of the layer's unit, and the last KL is
 * that before the last step.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = InformationBottleneck.ID)
public final class InformationBottleneck
    implements AttributionMethod<InformationBottleneck.Settings> {
  static final String ID = "information-bottleneck";

  /** The options. */
  public record Settings(
      @Option(
              value =
                  "What the units' mean information costs beside the cross entropy; 10 suits layers"
                      + " of 100000 units, small ones need less.",
              byDefault = "10",
              min = 0,
              max = 1e9)
          double beta,
      @Option(
              value = "How many steps Adam takes.",
              byDefault = "10",
              min = 1,
              max = 100_000,
              unit = "steps")
          int iterations,
      @Option(
              value = "How often noise is drawn for each step.",
              byDefault = "10",
              min = 1,
              max = 100_000,
              unit = "samples")
          int samples,
      @Option(value = "Adam's step width.", byDefault = "1", min = 1e-9, max = 100) double rate,
      @Option(
              value = "Where α begins; by 5 nearly all of R passes.",
              byDefault = "5",
              min = -30,
              max = 30)
          double start,
      @Option(
              value = "The deviation of the Gaussian that λ is blurred with; 0 for none.",
              byDefault = "1",
              min = 0,
              max = 1000,
              unit = "places of the layer")
          double smoothing,
      @Option(
              value = "The least σ of a unit, as a fraction of the root of the mean variance.",
              byDefault = "0.01",
              min = 1e-6,
              max = 1)
          double floor,
      @Option(
              value =
                  "Bring the map to the input's extents by linear interpolation; else it has the"
                      + " layer's.",
              byDefault = "true")
          boolean upsample) {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public Class<Settings> options() {
    return Settings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "Which parts of a layer must tell something for the target's class, and how many bits?",
        EnumSet.of(Need.GRAPH, Need.BASELINE, Need.SEED),
        "baselines × F + iterations × samples × (F + B behind the layer)",
        "Schulz et al. 2020, arXiv:2001.00396",
        Form.MAP);
  }

  @Override
  public Optional<String> layer(AttributionRequest request) {
    return SpatialLayers.last(request);
  }

  @Override
  public Attribution attribute(AttributionRequest request, Settings options, Evaluator evaluator) {
    Subject subject = evaluator.subject();
    CrossEntropy.check(ID, subject);
    List<Restricted> parts =
        subject.variables().stream().map(v -> Restricted.of(request, v, options)).toList();
    Flow flow = new Flow(evaluator, parts, options.samples());
    double price = options.beta() / parts.stream().mapToInt(Restricted::size).sum();
    for (int k = 0; k < options.iterations(); k++) {
      Map<String, Tensor> slopes = flow.slopes(k);
      parts.forEach(p -> p.step(Flow.of(slopes, p.name()).toDoubles(), price));
    }
    return answer(request, options, evaluator, parts)
        .fact("cross-entropy", flow.crossEntropy(options.iterations()))
        .fact("examples", subject.variables().get(0).baselines())
        .fact("iterations", options.iterations())
        .fact("samples", options.samples());
  }

  private static Attribution answer(
      AttributionRequest request, Settings options, Evaluator evaluator, List<Restricted> parts) {
    Map<String, Tensor> values = new LinkedHashMap<>();
    double bits = 0;
    for (Restricted part : parts) {
      double[] each = part.nats();
      Arrays.setAll(each, i -> each[i] / Math.log(2));
      bits += Arrays.stream(each).sum();
      if (part.isSpatial()) {
        values.putAll(BitMap.of(request, options.upsample(), evaluator, each));
      } else {
        values.put(part.name(), Tensor.of(part.shape(), each));
      }
    }
    return Attribution.of(values).fact("bits", bits);
  }
}
