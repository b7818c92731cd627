package wherefore.model.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;

/**
 * Where the channel axis is. Operators have it second; DL4J's {@code NHWC} and {@code NWC} have it
 * last, and activations between layers stay as DL4J has them.
 */
final class Layouts {
  private Layouts() {}

  /** With channels second. */
  static Value channelsSecond(GraphBuilder b, Value x, boolean last) {
    if (!last) {
      return x;
    }
    int rank = x.shape().rank();
    List<Integer> axes = new ArrayList<>(List.of(0, rank - 1));
    IntStream.range(1, rank - 1).forEach(axes::add);
    return b.transpose(x, axes);
  }

  /** Back from channels second. */
  static Value restored(GraphBuilder b, Value x, boolean last) {
    if (!last) {
      return x;
    }
    List<Integer> axes = new ArrayList<>(List.of(0));
    IntStream.range(2, x.shape().rank()).forEach(axes::add);
    axes.add(1);
    return b.transpose(x, axes);
  }

  /** What makes channels second of what has none, back in DL4J's layout. */
  static Emitter.Unary restoring(boolean last, Emitter.Unary inner) {
    return (b, x) -> restored(b, inner.emit(b, x), last);
  }

  /** Does with channels second what is written for channels second. */
  static Emitter.Unary wrap(boolean last, Emitter.Unary inner) {
    return (b, x) -> restored(b, inner.emit(b, channelsSecond(b, x, last)), last);
  }
}
