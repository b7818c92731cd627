package wherefore.method.lrp;

import java.util.List;
import java.util.stream.DoubleStream;
import wherefore.attribution.AttributionException;
import wherefore.attribution.Variable;
import wherefore.graph.Node;
import wherefore.graph.Primitive;

/** Which rule each linear layer has, as the options say. */
final class Assignment {
  private final Lrp.Settings options;
  private final List<RuleText> texts;
  private final double low;
  private final double high;

  Assignment(Lrp.Settings options, List<Variable> variables) {
    this.options = options;
    this.texts = RuleText.parse(options.rules());
    double[] values =
        variables.stream().flatMapToDouble(v -> DoubleStream.of(v.value().toDoubles())).toArray();
    boolean given = options.low() < options.high();
    this.low = given ? options.low() : DoubleStream.of(values).min().orElse(0);
    this.high = given ? options.high() : DoubleStream.of(values).max().orElse(0);
    if (options.alpha() - options.beta() != 1) {
      throw new AttributionException(
          "alpha %s and beta %s: alpha - beta must be 1, or relevance is not conserved"
              .formatted(options.alpha(), options.beta()));
    }
  }

  LinearRule rule(Layers layers, Node node) {
    for (RuleText text : texts) {
      if (text.fits(node.origin(), node.op().name())) {
        return rule(text.rule(), text);
      }
    }
    if (options.rule() != Rule.NONE) {
      return rule(options.rule(), NOTHING);
    }
    boolean convolution =
        node.op() instanceof Primitive.Conv || node.op() instanceof Primitive.ConvTranspose;
    return rule(options.composite().rule(convolution, layers.isFirst(node)), NOTHING);
  }

  private static final RuleText NOTHING = new RuleText("", Rule.NONE, List.of());

  private LinearRule rule(Rule rule, RuleText text) {
    return switch (rule) {
      case EPSILON -> LinearRule.epsilon(text.number(0, options.epsilon()), options.bias());
      case Z_PLUS -> LinearRule.zPlus();
      case ALPHA_BETA ->
          LinearRule.alphaBeta(text.number(0, options.alpha()), text.number(1, options.beta()));
      case GAMMA -> LinearRule.gamma(text.number(0, options.gamma()));
      case W_SQUARE -> LinearRule.wSquare();
      case FLAT -> LinearRule.flat();
      case Z_BOX -> LinearRule.zBox(text.number(0, low), text.number(1, high));
      case NONE -> throw new AssertionError("no rule");
    };
  }
}
