package wherefore.method.activationmaps;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Form;
import wherefore.attribution.MapFrame;
import wherefore.attribution.MapLayer;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.Program;
import wherefore.attribution.ProvidesMethod;
import wherefore.attribution.Rows;
import wherefore.attribution.SpatialLayers;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Score-CAM.
 *
 * <p>Question: where is the input that alone, without all else, gives the target its score?
 * Formula: the mask of channel c is A_c at the input's extents, scaled to [0, 1]; w = softmax over
 * the channels of f_t(x ⊙ mask_c), which the score of an empty input does not change; map =
 * ReLU(Σ_c w_c A_c). A channel that is the same everywhere has no mask, and weight 0. Shape: the
 * input's with one channel, or the layer's; unit: the layer's. Cost: (channels + 1) · F. Source:
 * Wang et al. 2020.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "score-cam")
public final class ScoreCam implements AttributionMethod<MapSettings> {
  private static final String CHANNEL = "wherefore.channel";

  @Override
  public String id() {
    return "score-cam";
  }

  @Override
  public Class<MapSettings> options() {
    return MapSettings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "Where is the input that alone, without all else, gives the target its score?",
        EnumSet.of(Need.GRAPH),
        "(channels + 1) × F",
        "Wang et al. 2020, arXiv:1910.01279",
        Form.MAP);
  }

  @Override
  public Optional<String> layer(AttributionRequest request) {
    return Optional.of(SpatialLayers.required(request));
  }

  @Override
  public Attribution attribute(
      AttributionRequest request, MapSettings options, Evaluator evaluator) {
    MapLayer layer = MapLayer.of(request);
    Tensor a = evaluator.subject().variables().get(0).value();
    List<Integer> varying =
        IntStream.range(0, layer.channels())
            .filter(c -> varies(channel(layer, a, c)))
            .boxed()
            .toList();
    double[] weights = new double[layer.channels()];
    if (!varying.isEmpty()) {
      Rows rows =
          new Rows(
              varying.size(),
              (from, to) ->
                  Map.of(
                      CHANNEL,
                      Tensor.concatRows(
                          varying.subList(from, to).stream()
                              .map(c -> channel(layer, a, c))
                              .toList())),
              Map.of());
      MapFrame frame = MapFrame.ofInput(request, layer);
      Tensor f = Subject.target(evaluator.map(masked(evaluator.subject(), layer, frame), rows));
      double[] shares = softmax(f.toDoubles());
      for (int k = 0; k < shares.length; k++) {
        weights[varying.get(k)] = shares[k];
      }
    }
    return Weighed.map(request, options, evaluator, weights);
  }

  /** A channel's activations, [1, 1, extents…]. */
  private static Tensor channel(MapLayer layer, Tensor a, int c) {
    return a.reshape(layer.shape().with(0, layer.channels()).with(1, 1)).rows(c, c + 1);
  }

  private static boolean varies(Tensor channel) {
    return IntStream.range(1, channel.size()).anyMatch(i -> channel.get(i) != channel.get(0));
  }

  private static double[] softmax(double[] scores) {
    double max = Arrays.stream(scores).max().orElse(0);
    double[] e = Arrays.stream(scores).map(s -> Math.exp(s - max)).toArray();
    double sum = Arrays.stream(e).sum();
    return Arrays.stream(e).map(v -> v / sum).toArray();
  }

  private static Program masked(Subject subject, MapLayer layer, MapFrame frame) {
    return new Program(
        rows -> {
          GraphBuilder b = new GraphBuilder();
          Variable source =
              subject.sources().stream()
                  .filter(v -> v.name().equals(frame.name()))
                  .findFirst()
                  .orElseThrow();
          SequencedMap<String, Value> one = subject.inputs(b, 1, List.of(source));
          Value x = one.firstEntry().getValue();
          Shape shape = layer.shape().with(0, rows).with(1, 1);
          Value mask = scaled(frame.spread(b.input(CHANNEL, x.element(), shape)));
          Value f = subject.trace(b, rows, Map.of(frame.name(), b.mul(x, mask))).target();
          return b.output(Subject.TARGET, f).build();
        });
  }

  /** (m − min) / (max − min), over all axes but the first. */
  private static Value scaled(Value mask) {
    GraphBuilder b = mask.builder();
    List<Integer> axes = IntStream.range(1, mask.shape().rank()).boxed().toList();
    Value low = b.neg(b.max(b.neg(mask), axes));
    return Ratio.of(b.sub(mask, low), b.expand(b.sub(b.max(mask, axes), low), mask.shape()));
  }
}
