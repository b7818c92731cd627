package wherefore.method.lrp;

import java.util.Optional;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;

/**
 * From the relevance R of a linear layer's output to that of its input. Notation: z⁺ = max(z, 0),
 * z⁻ = min(z, 0), s_ε(z) = z + ε sign(z) with sign(0) = 1, s = s_ε with ε = 10⁻⁶; w'(v) is the
 * layer's transpose with weights w.
 */
@FunctionalInterface
interface LinearRule {
  /** What of R goes where. */
  Shares shares(Linear layer, Value relevance);

  /** The ε where a rule names none. */
  double STABILISER = 1e-6;

  /**
   * x ⊙ w'(R / s_ε(z)); the bias takes its share. Source: Bach 2015; ε → 0 is LRP-0.
   *
   * @param bias false to leave the bias out of z, so that it takes nothing
   */
  static LinearRule epsilon(double epsilon, boolean bias) {
    return (layer, r) -> {
      GraphBuilder b = layer.builder();
      Value z = bias ? layer.z() : layer.product(layer.x(), layer.w());
      Value share = Stable.div(b, r, z, epsilon);
      return new Shares(
          b.mul(layer.x(), layer.back(layer.w(), share)),
          layer.bias().filter(c -> bias).map(c -> b.mul(c, share)));
    };
  }

  /**
   * x⁺ ⊙ w⁺'(R/s(D)) + x⁻ ⊙ w⁻'(R/s(D)) with D = z(x⁺, w⁺, b⁺) + z(x⁻, w⁻, 0). Source: Montavon
   * 2017.
   */
  static LinearRule zPlus() {
    return (layer, r) -> {
      Signs s = new Signs(layer);
      return s.share(r, s.positive(layer.w()), s.negative(layer.w()), s.positiveBias());
    };
  }

  /**
   * α times {@link #zPlus} less β times the same of what inhibits: D = z(x⁺, w⁻, b⁻) + z(x⁻, w⁺,
   * 0). Source: Bach 2015.
   */
  static LinearRule alphaBeta(double alpha, double beta) {
    return (layer, r) -> {
      Signs s = new Signs(layer);
      Value positive = s.positive(layer.w());
      Value negative = s.negative(layer.w());
      Shares excited = s.share(r, positive, negative, s.positiveBias()).times(alpha);
      return beta == 0
          ? excited
          : excited.plus(s.share(r, negative, positive, s.negativeBias()).times(-beta));
    };
  }

  /**
   * Where z is positive the share of {@link #zPlus} with w + γw⁺ for w⁺ and w + γw⁻ for w⁻, where
   * it is negative the mirror image, where it is 0 nothing. Source: Montavon 2019, generalised to
   * inputs of both signs.
   */
  static LinearRule gamma(double gamma) {
    return (layer, r) -> {
      Signs s = new Signs(layer);
      GraphBuilder b = layer.builder();
      Value up = b.add(layer.w(), b.mul(s.positive(layer.w()), gamma));
      Value down = b.add(layer.w(), b.mul(s.negative(layer.w()), gamma));
      Optional<Value> upBias = layer.bias().map(c -> b.add(c, b.mul(s.positive(c), gamma)));
      Optional<Value> downBias = layer.bias().map(c -> b.add(c, b.mul(s.negative(c), gamma)));
      Shares above = s.share(Stable.where(b, layer.z(), r, true), up, down, upBias);
      Shares below = s.share(Stable.where(b, layer.z(), r, false), down, up, downBias);
      return above.plus(below);
    };
  }

  /** (w²)'(R/s(D)) with D = Σ w² + b². Source: Montavon 2017. */
  static LinearRule wSquare() {
    return (layer, r) -> {
      GraphBuilder b = layer.builder();
      Value squares = b.mul(layer.w(), layer.w());
      return spread(layer, r, squares, layer.bias().map(c -> b.mul(c, c)));
    };
  }

  /** {@link #wSquare} with every weight 1 and no bias. Source: Lapuschkin 2019. */
  static LinearRule flat() {
    return (layer, r) -> {
      GraphBuilder b = layer.builder();
      Value ones = b.expand(b.number(1, layer.w()), layer.w().shape());
      return spread(layer, r, ones, Optional.empty());
    };
  }

  private static Shares spread(Linear layer, Value r, Value weights, Optional<Value> bias) {
    GraphBuilder b = layer.builder();
    Value ones = b.expand(b.number(1, layer.x()), layer.x().shape());
    Value product = layer.product(ones, weights);
    Value sum = bias.map(c -> b.add(product, c)).orElse(product);
    Value share = Stable.div(b, r, sum, STABILISER);
    return new Shares(layer.back(weights, share), bias.map(c -> b.mul(c, share)));
  }

  /**
   * x ⊙ w'(R/s(D)) − l ⊙ w⁺'(R/s(D)) − h ⊙ w⁻'(R/s(D)) with D = z(x, w, b) − z(l, w⁺, b⁺) − z(h,
   * w⁻, b⁻), for inputs between l and h. Source: Montavon 2017.
   */
  static LinearRule zBox(Box box) {
    return (layer, r) -> {
      GraphBuilder b = layer.builder();
      Signs s = new Signs(layer);
      Value l = b.expand(box.low().apply(layer.x()), layer.x().shape());
      Value h = b.expand(box.high().apply(layer.x()), layer.x().shape());
      Value positive = s.positive(layer.w());
      Value negative = s.negative(layer.w());
      Value ends = b.add(layer.product(l, positive), layer.product(h, negative));
      Value biased = layer.bias().map(c -> b.add(ends, c)).orElse(ends);
      Value share = Stable.div(b, r, b.sub(layer.z(), biased), STABILISER);
      Value fromLow = b.mul(layer.back(positive, share), box.low().apply(layer.x()));
      Value fromHigh = b.mul(layer.back(negative, share), box.high().apply(layer.x()));
      Value whole = b.mul(layer.x(), layer.back(layer.w(), share));
      Value input = b.sub(whole, b.add(fromLow, fromHigh));
      return new Shares(input, Optional.empty());
    };
  }
}
