package wherefore.method.activationmaps;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Form;
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
 * Ablation-CAM.
 *
 * <p>Question: where does the layer see what the target would lose without? Formula: w_c = (f_t −
 * f_t with channel c set to 0) / |f_t|; map = ReLU(Σ_c w_c A_c). Shape: the input's with one
 * channel, or the layer's; unit: the layer's. Cost: F, and (channels + 1) · F behind the layer;
 * what lies before it is not computed again. Source: Desai, Ramaswamy 2020, who divide by f_t,
 * which for a negative one would turn the sign; undivided where f_t is 0.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "ablation-cam")
public final class AblationCam implements AttributionMethod<MapSettings> {
  private static final String KEPT = "wherefore.kept";

  @Override
  public String id() {
    return "ablation-cam";
  }

  @Override
  public Class<MapSettings> options() {
    return MapSettings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "Where does the layer see what the target would lose without?",
        EnumSet.of(Need.GRAPH),
        "F + (channels + 1) × F behind the layer",
        "Desai, Ramaswamy 2020, doi:10.1109/WACV45572.2020.9093360",
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
    Variable a = evaluator.subject().variables().get(0);
    Rows rows =
        new Rows(
            layer.channels() + 1,
            (from, to) -> Map.of(KEPT, kept(layer.channels(), from, to)),
            Map.of(a.name(), a.value()));
    Tensor f = Subject.target(evaluator.map(ablated(evaluator.subject(), layer), rows));
    double scale = f.get(0) == 0 ? 1 : Math.abs(f.get(0));
    double[] weights = new double[layer.channels()];
    for (int c = 0; c < weights.length; c++) {
      weights[c] = (f.get(0) - f.get(c + 1)) / scale;
    }
    return Weighed.map(request, options, evaluator, weights).fact("output", f.get(0));
  }

  /** Row 0 keeps all channels, row k all but channel k − 1. */
  private static Tensor kept(int channels, int from, int to) {
    float[] kept = new float[(to - from) * channels];
    Arrays.fill(kept, 1);
    for (int row = Math.max(1, from); row < to; row++) {
      kept[(row - from) * channels + row - 1] = 0;
    }
    return Tensor.of(Shape.of(to - from, channels), kept);
  }

  private static Program ablated(Subject subject, MapLayer layer) {
    return new Program(
        rows -> {
          GraphBuilder b = new GraphBuilder();
          SequencedMap<String, Value> one = subject.inputs(b, 1);
          Value a = one.firstEntry().getValue();
          int[] dims = new int[layer.shape().rank()];
          Arrays.fill(dims, 1);
          Shape column = Shape.of(dims).with(0, rows).with(1, layer.channels());
          Value kept = b.input(KEPT, a.element(), Shape.of(rows, layer.channels()));
          Value ablated = b.mul(a, b.reshape(kept, column));
          Value f = subject.trace(b, rows, Map.of(layer.name(), ablated)).target();
          return b.output(Subject.TARGET, f).build();
        });
  }
}
