package wherefore.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import wherefore.benchmarks.nets.Zoo;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Primitive;
import wherefore.graph.Value;
import wherefore.graph.Window;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

class FlopsTest {
  private static final double GIGA = 1e9;

  /** The literature counts 15.5 and 4.1 billion multiplications with additions. */
  @Test
  void countsTheNetworksAsTheLiteratureDoes() {
    assertEquals(2 * 15.47, Flops.of(Zoo.graph(Zoo.model(Zoo.VGG16), 1)) / GIGA, 0.01);
    assertEquals(2 * 4.09, Flops.of(Zoo.graph(Zoo.model(Zoo.RESNET50), 1)) / GIGA, 0.01);
  }

  @Test
  void countsDenseLayersByRows() {
    double row = 2.0 * (30 * 512 + 512 * 512 + 512 * 2);
    assertEquals(7 * row, Flops.of(Zoo.graph(Zoo.model(Zoo.MLP), 7)));
  }

  /** A convolution and its adjoint multiply the same pairs of numbers. */
  @Test
  void countsAConvolutionAsItsAdjoint() {
    Window window = Window.of(3, 2).strides(2, 1);
    Tensor weights = Tensor.zeros(ElementType.FLOAT32, Shape.of(4, 3, 3, 2));
    double forward = Flops.of(graph(new Primitive.Conv(window, 2), Shape.of(5, 6, 9, 8), weights));
    double back =
        Flops.of(
            graph(
                new Primitive.ConvTranspose(window, List.of(0, 0), 2),
                Shape.of(5, 4, 4, 7),
                weights));
    assertEquals(2.0 * (5 * 4 * 4 * 7) * (3 * 3 * 2), forward);
    assertEquals(forward, back);
  }

  private static Graph graph(Primitive op, Shape x, Tensor weights) {
    GraphBuilder b = new GraphBuilder();
    Value y = b.apply(op, b.input("x", ElementType.FLOAT32, x), b.constant(weights));
    return b.output("y", y).build();
  }
}
