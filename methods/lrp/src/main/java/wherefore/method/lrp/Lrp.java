package wherefore.method.lrp;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.Option;
import wherefore.attribution.PointwiseMethod;
import wherefore.attribution.ProvidesMethod;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;
import wherefore.propagate.Backward;
import wherefore.tensor.Tensor;

/**
 * Layer-wise relevance propagation.
 *
 * <p>Question: which elements does the target's value come from, if every layer shares what it has
 * received among its inputs? Formula: relevance starts as f_t at the target and is handed from
 * layer to layer, by a rule for linear layers ({@link LinearRule}) and by {@link BaseMap} for
 * everything else. Shape: the input's; unit: the target's; the sum is f_t less what biases,
 * stabilisers and rules keep. Cost: 1 to 4 times F + B, by rule. Source: Bach 2015; composites:
 * Kohlbrenner 2020, Montavon 2019.
 *
 * <p>Facts: {@code output}; with {@code ledger} for each linear layer {@code received LAYER},
 * {@code passed LAYER} and, if it has one that takes a share, {@code to bias LAYER}; what is left
 * was lost to a stabiliser or the rule.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "lrp")
public final class Lrp implements PointwiseMethod<Lrp.Settings> {
  private static final String OUTPUT = "wherefore.output";

  /** The options. */
  public record Settings(
      @Option(
              value = "Rules for convolutions, dense layers and the first linear layer.",
              byDefault = "epsilon-plus")
          Composition composite,
      @Option(
              value = "One rule for all linear layers, in place of the composite.",
              byDefault = "none")
          Rule rule,
      @Option(
              value =
                  "Rules by name of layer or operator, before all others:"
                      + " conv*=gamma(0.25),gemm=epsilon.",
              byDefault = "")
          String rules,
      @Option(value = "The stabiliser of epsilon.", byDefault = "1e-6", min = 0) double epsilon,
      @Option(value = "The weight of what excites.", byDefault = "2", min = 1) double alpha,
      @Option(value = "The weight of what inhibits; alpha less 1.", byDefault = "1", min = 0)
          double beta,
      @Option(value = "How much more positive weights count.", byDefault = "0.25", min = 0)
          double gamma,
      @Option(
              value = "Z-box: the least input; if not below high, the least there is.",
              byDefault = "0")
          double low,
      @Option(
              value = "Z-box: the greatest input; if not above low, the greatest there is.",
              byDefault = "0")
          double high,
      @Option(
              value = "Whether biases take their share of relevance in the epsilon rule.",
              byDefault = "true")
          boolean bias,
      @Option(
              value = "Keep for each linear layer how much relevance it received and passed on.",
              byDefault = "false")
          boolean ledger) {}

  @Override
  public String id() {
    return "lrp";
  }

  @Override
  public Class<Settings> options() {
    return Settings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "Which elements does the target's value come from, if every layer shares what it has among"
            + " its inputs?",
        EnumSet.of(Need.GRAPH),
        "1 to 4 × (F + B)",
        "Bach et al. 2015, doi:10.1371/journal.pone.0130140");
  }

  @Override
  public Map<String, Value> attributions(
      Settings options, Subject.Trace trace, List<Variable> variables) {
    GraphBuilder b = trace.target().builder();
    SequencedMap<String, Value> points = trace.points();
    Box box = variables.isEmpty() ? Box.of(points.values()) : Box.of(variables);
    Assignment assignment = new Assignment(options, box);
    List<Value> asked = List.copyOf(points.values());
    Layers layers = new Layers(b, asked);
    Ledger ledger = new Ledger(b, options.ledger() && trace.target().shape().size() == 1);
    Value seed = b.mul(trace.scores(), trace.selection());
    List<Value> relevance =
        Backward.run(
            b,
            Map.of(trace.scores(), seed),
            asked,
            BaseMap.book(layers, (node, linear) -> ledger.of(node, assignment.rule(layers, node))));
    Map<String, Value> all = new LinkedHashMap<>();
    points.keySet().forEach(name -> all.put(name, relevance.get(all.size())));
    all.put(OUTPUT, trace.target());
    all.putAll(ledger.entries());
    return all;
  }

  @Override
  public Attribution attribute(AttributionRequest request, Settings options, Evaluator evaluator) {
    Attribution attribution = PointwiseMethod.super.attribute(request, options, evaluator);
    SequencedMap<String, Tensor> numbers = new TreeMap<>(evaluator.firstPass());
    numbers.keySet().removeAll(attribution.values().keySet());
    Optional<Tensor> output = Optional.ofNullable(numbers.remove(OUTPUT));
    if (output.isPresent()) {
      attribution = attribution.fact("output", output.get().get(0));
    }
    for (Map.Entry<String, Tensor> e : numbers.entrySet()) {
      attribution = attribution.fact(Ledger.fact(e.getKey()), e.getValue().get(0));
    }
    return attribution;
  }
}
