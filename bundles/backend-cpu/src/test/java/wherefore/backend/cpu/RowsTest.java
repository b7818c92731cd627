package wherefore.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import wherefore.compute.Executable;
import wherefore.graph.Batch;
import wherefore.graph.Composite;
import wherefore.graph.ExpandLate;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.InterpolateLate;
import wherefore.graph.Primitive;
import wherefore.graph.Rewrite;
import wherefore.graph.Stages;
import wherefore.graph.SumEarly;
import wherefore.graph.Value;
import wherefore.graph.Window;
import wherefore.propagate.Backward;
import wherefore.propagate.Vjp;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;

/** What the rewrites for rows emit: rows from a base and a slope, and rows added to a sum. */
class RowsTest {
  private static final int TOTAL = 200;

  private final SplittableRandom random = new SplittableRandom(91);

  private Value conv(GraphBuilder b, Value x, int channels, int taps) {
    Shape w = Shape.of(channels, x.shape().dim(1), taps, taps);
    Window window = Window.of(taps, taps).pads(taps / 2, taps / 2);
    Value weights = b.constant(Agreement.random(random, ElementType.FLOAT32, w));
    return b.apply(new Primitive.Conv(window, 1), x, weights);
  }

  private Stages stages(int rows, int channels) {
    GraphBuilder b = new GraphBuilder();
    ElementType f32 = ElementType.FLOAT32;
    Value alpha = b.input("alpha", f32, Shape.of(rows));
    Value from = b.input("from", f32, Shape.of(1, 3, 37, 34));
    Value delta = b.input("delta", f32, from.shape());
    Value point = b.add(from, b.mul(b.reshape(alpha, Shape.of(rows, 1, 1, 1)), delta));
    Value h = b.apply(new Composite.Relu(), conv(b, point, channels, 7));
    h = b.apply(new Composite.MaxPool(Window.of(2, 2).strides(2, 2)), h);
    h = b.apply(new Composite.Relu(), conv(b, h, channels, 3));
    Value y = b.reshape(b.sum(h, List.of(1, 2, 3)), Shape.of(rows));
    Value one = b.expand(b.number(1, y), y.shape());
    Value gradient = Backward.run(b, Map.of(y, one), List.of(point), Vjp.book()).get(0);
    Graph graph = b.output("x", SumEarly.sum(b.at(""), gradient)).build();
    Batch batch = new Batch(rows, TOTAL, Set.of("alpha", SumEarly.WEIGHTS));
    List<Rewrite> rewrites =
        List.of(new ExpandLate(batch), new InterpolateLate(batch), new SumEarly(batch));
    return Stages.of(Rewrite.all(graph, rewrites), batch, true);
  }

  @ParameterizedTest
  @CsvSource({"1, 16", "2, 16", "9, 16", "9, 12", "11, 64"})
  void agrees(int rows, int channels) {
    Stages stages = stages(rows, channels);
    assertEquals(1, stages.sums().size());
    for (Graph graph : List.of(stages.once(), stages.each(), stages.last())) {
      Agreement.check(graph, random, 1e-4, rows + " rows of " + channels + " channels");
    }
  }

  /**
   * Rows are interpolated, masked and added as the library's kernels have them: nothing is moved.
   */
  @Test
  void staysInBlocks() {
    Graph each = stages(9, 64).each();
    try (Executable executable = Agreement.CPU.compile(each)) {
      String plan = executable.toString();
      assertFalse(plan.contains("nchw"), plan);
      assertFalse(plan.contains("copy"), plan);
      assertEquals(2, plan.split("reorder").length - 1, plan);
    }
  }
}
