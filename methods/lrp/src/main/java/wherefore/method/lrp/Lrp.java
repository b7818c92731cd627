package wherefore.method.lrp;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.Option;
import wherefore.attribution.PointwiseMethod;
import wherefore.attribution.Program;
import wherefore.attribution.ProvidesMethod;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;
import wherefore.propagate.Backward;
import wherefore.tensor.ElementType;
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

  /** Without the ledger, which is of one row. */
  @Override
  public Program program(Subject subject, Settings options) {
    Assignment assignment = new Assignment(options, subject.variables());
    return new Program(rows -> graph(subject, assignment, options, rows, new ArrayList<>()));
  }

  @Override
  public Attribution attribute(AttributionRequest request, Settings options, Evaluator evaluator) {
    Subject subject = evaluator.subject();
    Assignment assignment = new Assignment(options, subject.variables());
    List<String> entries = new ArrayList<>();
    Program program = new Program(rows -> graph(subject, assignment, options, rows, entries));
    Map<String, Tensor> outputs = evaluator.map(program, subject.atInput());
    Map<String, Tensor> values = new LinkedHashMap<>();
    for (Variable v : subject.variables()) {
      values.put(v.name(), v.in(outputs).to(ElementType.FLOAT64));
    }
    Attribution attribution = Attribution.of(values);
    for (String fact : entries.stream().distinct().toList()) {
      Tensor value = outputs.get(fact);
      attribution = value == null ? attribution : attribution.fact(fact, value.get(0));
    }
    return attribution;
  }

  private static wherefore.graph.Graph graph(
      Subject subject, Assignment assignment, Settings options, int rows, List<String> entries) {
    GraphBuilder b = new GraphBuilder();
    Map<String, Value> variables = subject.inputs(b, rows);
    Subject.Trace trace = subject.trace(b, rows, variables);
    List<Value> asked = List.copyOf(variables.values());
    Layers layers = new Layers(b, asked);
    Ledger ledger = new Ledger(b, rows, options.ledger());
    Value seed = b.mul(trace.scores(), trace.selection());
    List<Value> relevance =
        Backward.run(
            b,
            Map.of(trace.scores(), seed),
            asked,
            BaseMap.book(layers, (node, linear) -> ledger.of(node, assignment.rule(layers, node))));
    b.output("output", trace.target());
    int i = 0;
    for (String name : variables.keySet()) {
      b.output(name, relevance.get(i++));
    }
    entries.add("output");
    entries.addAll(ledger.entries());
    return b.build();
  }
}
