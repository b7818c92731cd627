package wherefore.method.deeplift;

import java.util.function.BinaryOperator;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Comparison;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Lowering;
import wherefore.graph.Primitive;
import wherefore.graph.Value;
import wherefore.propagate.Step;

/**
 * Maxima of several elements ({@link Maximum}). The cross maximum is c = max(y, y'): what is the
 * greatest at the input is given c − y', what is the greatest at the reference y − c, which
 * together is Δy (Lundberg 2017). Each is at most that element's Δx and 0 where that is 0, so that
 * the multiplier is never above 1.
 */
final class Maxima {
  private final GraphBuilder b;
  private final Twins twins;
  private final Maximum kind;

  Maxima(GraphBuilder b, Twins twins, Maximum kind) {
    this.b = b;
    this.twins = twins;
    this.kind = kind;
  }

  Value pool(Step s, Composite.MaxPool pool) {
    Composite back = new Composite.MaxPoolGrad(pool.window());
    return multiplier(s, (x, share) -> b.apply(back, x, share));
  }

  Value reduce(Step s, Primitive.ReduceMax max) {
    return multiplier(s, (x, share) -> b.mul(Lowering.firstMaximum(b, x, max.axis()), share));
  }

  /**
   * @param toGreatest hands what the maxima are given to the elements of x that are the greatest
   */
  private Value multiplier(Step s, BinaryOperator<Value> toGreatest) {
    Value from = s.input(0);
    Value x = twins.at(from);
    if (kind == Maximum.WINNER) {
      return toGreatest.apply(x, s.arriving());
    }
    Value cross = b.binary(BinaryFunction.MAX, twins.at(s.output()), s.output());
    Value rise = b.mul(s.arriving(), b.sub(cross, s.output()));
    Value fall = b.mul(s.arriving(), b.sub(twins.at(s.output()), cross));
    Value given = b.add(toGreatest.apply(x, rise), toGreatest.apply(from, fall));
    return b.where(
        b.compare(Comparison.EQUAL, x, from),
        toGreatest.apply(from, s.arriving()),
        b.div(given, b.sub(x, from)));
  }
}
