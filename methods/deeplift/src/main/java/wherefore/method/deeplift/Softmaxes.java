package wherefore.method.deeplift;

import java.util.List;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.propagate.Step;

/**
 * Softmax y = e^z with z = x − ln Σ e^x, exactly and without exponentials of x.
 *
 * <p>Δy = ρ Δz with ρ = Δy/Δz, the logarithmic mean of y and y'. The Δy sum to 0, so Δ ln Σ e^x = Σ
 * ρ Δx / Σ ρ. Hence x receives ρ ⊙ (m − Σ ρ m / Σ ρ): the derivative's formula with ρ for y. For
 * the logarithm z itself: m − ρ Σ m / Σ ρ.
 */
final class Softmaxes {
  private final GraphBuilder b;
  private final Twins twins;
  private final Quotients quotients;

  Softmaxes(GraphBuilder b, Twins twins, Quotients quotients) {
    this.b = b;
    this.twins = twins;
    this.quotients = quotients;
  }

  Value softmax(Step s, int axis) {
    Composite logarithm = new Composite.LogSoftmax(axis);
    Value z = b.apply(logarithm, twins.at(s.input(0)));
    Value from = b.apply(logarithm, s.input(0));
    Value mean = logarithmicMean(z, from, twins.at(s.output()), s.output());
    List<Integer> axes = List.of(axis);
    Value centre = b.div(b.sum(b.mul(mean, s.arriving()), axes), b.sum(mean, axes));
    return b.mul(mean, b.sub(s.arriving(), centre));
  }

  Value logSoftmax(Step s, int axis) {
    Value z = twins.at(s.output());
    Value from = s.output();
    Value y = b.unary(UnaryFunction.EXP, z);
    Value mean = logarithmicMean(z, from, y, b.unary(UnaryFunction.EXP, from));
    List<Integer> axes = List.of(axis);
    Value share = b.div(b.sum(s.arriving(), axes), b.sum(mean, axes));
    return b.sub(s.arriving(), b.mul(mean, share));
  }

  /** (y − y') / (z − z'), and e^z half-way where these are close. */
  private Value logarithmicMean(Value z, Value zFrom, Value y, Value yFrom) {
    Value run = b.sub(z, zFrom);
    Value half = b.mul(b.add(z, zFrom), 0.5);
    return b.where(
        quotients.isFar(run, half, Quotients.Smoothness.SMOOTH),
        b.div(b.sub(y, yFrom), run),
        b.unary(UnaryFunction.EXP, half));
  }
}
