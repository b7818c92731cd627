package wherefore.method.activationmaps;

import java.util.Arrays;
import java.util.Map;
import java.util.SequencedMap;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.MapFrame;
import wherefore.attribution.MapLayer;
import wherefore.attribution.Program;
import wherefore.attribution.Rows;
import wherefore.attribution.Variable;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Σ_c w_c A_c for weights that were found otherwise than by a gradient. */
final class Weighed {
  private static final String WEIGHTS = "wherefore.weights";

  private Weighed() {}

  /** The finished map for one weight a channel. */
  static Attribution map(
      AttributionRequest request, MapSettings options, Evaluator evaluator, double[] weights) {
    MapLayer layer = MapLayer.of(request);
    MapFrame frame = MapFrame.of(request, layer, options.upsample());
    Variable a = evaluator.subject().variables().get(0);
    int[] dims = new int[layer.shape().rank()];
    Arrays.fill(dims, 1);
    Shape column = Shape.of(dims).with(1, weights.length);
    Program program =
        new Program(
            rows -> {
              GraphBuilder b = new GraphBuilder();
              SequencedMap<String, Value> inputs = evaluator.subject().inputs(b, rows);
              Value activations = inputs.firstEntry().getValue();
              Value w = b.input(WEIGHTS, activations.element(), column);
              frame.finished(layer.overChannels(w, activations), options.relu()).forEach(b::output);
              return b.build();
            });
    Rows rows =
        Rows.of(Map.of(a.name(), a.value())).with(Map.of(WEIGHTS, Tensor.of(column, weights)));
    return Attribution.of(evaluator.map(program, rows));
  }
}
