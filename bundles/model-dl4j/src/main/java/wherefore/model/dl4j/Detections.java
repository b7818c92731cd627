package wherefore.model.dl4j;

import java.util.List;
import org.deeplearning4j.nn.conf.layers.objdetect.Yolo2OutputLayer;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * YOLO's output: for each box of a cell the centre σ(x), σ(y), the size w eˣ, h eʸ of a prior box,
 * the confidence σ(c), and class probabilities. Source: Redmon 2016.
 */
final class Detections {
  private static final int PER_BOX = 5;

  private Detections() {}

  static Emitter.Unary yolo(Yolo2OutputLayer layer) {
    Tensor priors = Weights.copy(layer.getBoundingBoxes());
    return Layouts.wrap(Convolutions.isNhwc(layer.getFormat()), (b, x) -> boxes(b, x, priors));
  }

  private static Value boxes(GraphBuilder b, Value x, Tensor priors) {
    Shape shape = x.shape();
    int boxes = priors.shape().dim(0);
    int each = shape.dim(1) / boxes;
    if (each * boxes != shape.dim(1) || each < PER_BOX) {
      throw new GraphException(
          "%d channels are not those of %d boxes".formatted(shape.dim(1), boxes));
    }
    Value split = b.reshape(x, Shape.of(shape.dim(0), boxes, each, shape.dim(2), shape.dim(3)));
    Value sizes = b.constant(priors.to(x.element()).reshape(Shape.of(1, boxes, 2, 1, 1)));
    Value centre = b.unary(UnaryFunction.SIGMOID, b.slice(split, 2, 0, 2));
    Value size = b.mul(b.unary(UnaryFunction.EXP, b.slice(split, 2, 2, 4)), sizes);
    Value confidence = b.unary(UnaryFunction.SIGMOID, b.slice(split, 2, 4, PER_BOX));
    List<Value> parts =
        each == PER_BOX
            ? List.of(centre, size, confidence)
            : List.of(centre, size, confidence, classes(b, b.slice(split, 2, PER_BOX, each)));
    return b.reshape(b.concat(2, parts), shape);
  }

  private static Value classes(GraphBuilder b, Value x) {
    return b.apply(new Composite.Softmax(2), x);
  }
}
