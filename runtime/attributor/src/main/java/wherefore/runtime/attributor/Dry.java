package wherefore.runtime.attributor;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Feasibility;
import wherefore.attribution.Program;
import wherefore.attribution.Rows;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.graph.Graph;
import wherefore.graph.Liveness;
import wherefore.graph.Multiplications;
import wherefore.graph.Prune;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** An evaluator that builds and counts graphs, and answers with zeros. */
final class Dry implements Evaluator {
  /**
   * How fast it goes: multiplications a second; of a function without a graph examples a second.
   *
   * @param forward of graphs that go forward only
   * @param backward of graphs that go back, too
   */
  record Rates(double forward, double backward) {}

  private final Subject subject;
  private final Settings settings;
  private final Call call;
  private final boolean isBlack;
  private final Rates rates;
  private final Others others;
  private Map<String, Tensor> firstPass = Map.of();
  private long forward;
  private long backward;
  private long multiplications;
  private long bytes;
  private double seconds;

  Dry(Subject subject, Settings settings, Call call, boolean isBlack, Rates rates, Others others) {
    this.subject = subject;
    this.others = others;
    this.settings = settings;
    this.call = call;
    this.isBlack = isBlack;
    this.rates = rates;
  }

  /** What all that was asked for would cost; nothing where something stands in the way. */
  Feasibility.Method cost(String id, String obstacle, String cost) {
    return obstacle.isEmpty()
        ? new Feasibility.Method(id, "", cost, forward, backward, multiplications, bytes, seconds)
        : new Feasibility.Method(id, obstacle, cost, 0, 0, 0, 0, 0);
  }

  /**
   * What a method gets from the pass that finds the target.
   *
   * @param pass its graph; what a method wants of it beside the target goes back
   */
  void passed(Map<String, Tensor> found, Graph pass) {
    firstPass = found;
    Graph graph = new Prune().apply(pass);
    long work = Multiplications.of(graph);
    boolean isBack = !found.isEmpty();
    forward++;
    backward += isBack ? 1 : 0;
    multiplications += work;
    seconds += work / (isBack ? rates.backward : rates.forward);
    bytes = Math.max(bytes, Liveness.of(graph).peakBytes());
  }

  @Override
  public Map<String, Tensor> firstPass() {
    return firstPass;
  }

  @Override
  public Program program(String method, Map<String, String> options) {
    return others.program(method, options, subject);
  }

  @Override
  public Subject subject() {
    return subject;
  }

  /** Counts, and gives the types of a row of each output. */
  private Map<String, Tensor> row(Program program, Rows rows) {
    check();
    forward += rows.count();
    return isBlack ? black(program, rows) : white(program, rows);
  }

  private Map<String, Tensor> black(Program program, Rows rows) {
    if (program.function().isEmpty()) {
      Graph unused = program.graph().apply(1); // says that there is none
    }
    seconds += rows.count() / rates.forward;
    long row =
        subject.variables().stream()
            .mapToLong(v -> (long) v.value().size() * v.value().type().bytes())
            .sum();
    bytes = Math.max(bytes, row * Math.min(rows.count(), settings.rows()));
    return Map.of(Subject.TARGET, Tensor.zeros(ElementType.FLOAT64, Shape.of(1)));
  }

  private Map<String, Tensor> white(Program program, Rows rows) {
    Graph graph = new Prune().apply(program.graph().apply(1));
    boolean isBack =
        subject.variables().stream().map(Variable::name).anyMatch(graph.outputs()::containsKey);
    long work = Multiplications.of(graph) * rows.count();
    backward += isBack ? rows.count() : 0;
    multiplications += work;
    seconds += work / (isBack ? rates.backward : rates.forward);
    long each = Math.max(1, Liveness.of(graph).peakBytes());
    long most = subject.model().isBatched() ? settings.rows() : 1;
    long together = Math.clamp(settings.memory() / each, 1, Math.min(most, rows.count()));
    bytes = Math.max(bytes, each * together);
    Map<String, Tensor> row = new LinkedHashMap<>();
    graph
        .outputs()
        .forEach(
            (name, id) ->
                row.put(
                    name, Tensor.zeros(graph.node(id).type().element(), graph.node(id).shape())));
    return row;
  }

  @Override
  public Map<String, Tensor> map(Program program, Rows rows) {
    return zeros(row(program, rows), rows.count(), false);
  }

  @Override
  public Map<String, Tensor> sum(Program program, Rows rows, double[] weights) {
    return zeros(row(program, rows), 1, true);
  }

  private static Map<String, Tensor> zeros(Map<String, Tensor> row, int count, boolean wide) {
    Map<String, Tensor> zeros = new LinkedHashMap<>();
    row.forEach(
        (name, t) ->
            zeros.put(
                name,
                Tensor.zeros(wide ? ElementType.FLOAT64 : t.type(), t.shape().with(0, count))));
    return zeros;
  }

  @Override
  public void forEach(Program program, Rows rows, RowSink sink) {
    Map<String, Tensor> row = row(program, rows);
    for (int k = 0; k < rows.count(); k++) {
      check();
      sink.row(k, row);
    }
  }

  @Override
  public SplittableRandom random(String purpose) {
    return new Seeds(0).random(purpose);
  }

  @Override
  public void progress(double fraction) {}

  @Override
  public void check() {
    call.check();
  }
}
