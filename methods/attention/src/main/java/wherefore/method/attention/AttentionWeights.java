package wherefore.method.attention;

import java.util.EnumSet;
import java.util.List;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.Option;
import wherefore.attribution.ProvidesMethod;

/**
 * Attention weights.
 *
 * <p>Question: from where does an attention take its values? Formula: A[layer, head, query, key] =
 * softmax(QK') as the model computes it, of one head or the mean over all. Shape: the variable's,
 * each token's weight shared equally by its elements; unit: none, the sum is 1. The target only
 * says which attentions count: those that it depends on. Cost: F. Source: Bahdanau, Cho, Bengio
 * 2015; Vaswani 2017.
 *
 * <p>Facts: {@code layers}; {@code heads}, {@code queries}, {@code keys} of the layer shown.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "attention")
public final class AttentionWeights implements AttributionMethod<AttentionWeights.Settings> {
  /** The options. */
  public record Settings(
      @Option(
              value = "The attention's number, the first is 0; from the end if it is negative.",
              byDefault = "-1")
          int layer,
      @Option(value = "The head's number; -1 for the mean over all.", byDefault = "-1", min = -1)
          int head,
      @Option(
              value = "The token that attends: mean, or its number; from the end if negative.",
              byDefault = "mean")
          String query) {}

  @Override
  public String id() {
    return "attention";
  }

  @Override
  public Class<Settings> options() {
    return Settings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "From where does an attention take its values?",
        EnumSet.of(Need.GRAPH),
        "F",
        "Bahdanau, Cho, Bengio 2015, arXiv:1409.0473; Vaswani 2017, arXiv:1706.03762");
  }

  @Override
  public Attribution attribute(AttributionRequest request, Settings options, Evaluator evaluator) {
    List<Heads> layers = Heads.of(evaluator, id(), false);
    int number = options.layer() < 0 ? options.layer() + layers.size() : options.layer();
    if (number < 0 || number >= layers.size()) {
      throw refused("layer", options.layer(), -layers.size(), layers.size() - 1);
    }
    Heads layer = layers.get(number);
    if (options.head() >= layer.weights().size()) {
      throw refused("head", options.head(), -1, layer.weights().size() - 1);
    }
    double[] matrix = options.head() < 0 ? layer.mean() : layer.weights().get(options.head());
    double[] row = Tokens.row(matrix, layer.queries(), layer.keys(), options.query(), id());
    return Attribution.of(Tokens.spread(row, evaluator.subject().variables(), id()))
        .fact("layers", layers.size())
        .fact("heads", layer.weights().size())
        .fact("queries", layer.queries())
        .fact("keys", layer.keys());
  }

  private static AttributionException refused(String option, int value, int from, int to) {
    return new AttributionException(
        "attention: option %s is %d; it must be from %d to %d".formatted(option, value, from, to));
  }
}
