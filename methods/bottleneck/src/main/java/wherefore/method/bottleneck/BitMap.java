package wherefore.method.bottleneck;

import java.util.Map;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.MapFrame;
import wherefore.attribution.MapLayer;
import wherefore.attribution.Program;
import wherefore.attribution.Rows;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** The bits of a layer's places, over the input or the layer. */
final class BitMap {
  private static final String BITS = "wherefore.bits";

  private BitMap() {}

  /**
   * Sums over the channels, laid over the frame, by its name; an element gets its part of a place.
   *
   * @param bits of each of the layer's units
   */
  static Map<String, Tensor> of(
      AttributionRequest request, boolean upsample, Evaluator evaluator, double[] bits) {
    MapLayer layer = MapLayer.of(request);
    MapFrame frame = MapFrame.of(request, layer, upsample);
    double share = (double) layer.places() / frame.extents().stream().reduce(1, (a, b) -> a * b);
    double[] places = new double[layer.places()];
    for (int i = 0; i < bits.length; i++) {
      places[i % places.length] += share * bits[i];
    }
    Shape shape = layer.shape().with(1, 1);
    Tensor map = Tensor.of(shape, places);
    return upsample ? spread(frame, map, layer, evaluator) : Map.of(frame.name(), map);
  }

  private static Map<String, Tensor> spread(
      MapFrame frame, Tensor map, MapLayer layer, Evaluator evaluator) {
    ElementType type = layer.node().type().element();
    Program program =
        new Program(
            rows -> {
              GraphBuilder b = new GraphBuilder();
              Value narrow = b.input(BITS, type, map.shape().with(0, rows));
              return b.output(frame.name(), frame.spread(narrow)).build();
            });
    return evaluator.map(program, Rows.of(Map.of(BITS, map.to(type))));
  }
}
