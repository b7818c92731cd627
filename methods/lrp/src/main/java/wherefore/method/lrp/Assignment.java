package wherefore.method.lrp;

import java.util.List;
import wherefore.attribution.AttributionException;
import wherefore.graph.Node;
import wherefore.graph.Primitive;

/** Which rule each linear layer has, as the options say. */
final class Assignment {
  private final Lrp.Settings options;
  private final List<RuleText> texts;
  private final Box box;

  Assignment(Lrp.Settings options, Box box) {
    this.options = options;
    this.texts = RuleText.parse(options.rules());
    this.box = options.low() < options.high() ? Box.of(options.low(), options.high()) : box;
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
      case Z_BOX -> LinearRule.zBox(box(text));
      case NONE -> throw new AssertionError("no rule");
    };
  }

  private Box box(RuleText text) {
    return switch (text.numbers().size()) {
      case 0 -> box;
      case 2 -> Box.of(text.number(0, 0), text.number(1, 0));
      default ->
          throw new AttributionException(
              "rules: z-box has %s in brackets; it takes two numbers, low;high, or none"
                  .formatted(text.numbers()));
    };
  }
}
