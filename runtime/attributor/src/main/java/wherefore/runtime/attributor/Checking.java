package wherefore.runtime.attributor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Feasibility;
import wherefore.attribution.Form;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.Options;
import wherefore.attribution.Program;
import wherefore.attribution.Rows;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.graph.Graph;
import wherefore.graph.Liveness;
import wherefore.graph.Multiplications;
import wherefore.model.Network;
import wherefore.tensor.Tensor;

/** Tries all methods on a model without values, and measures the model itself. */
final class Checking {
  /** Enough that an example costs what it costs in a method's batches. */
  private static final int MEASURED = 8;

  private static final int RUNS = 3;

  private final AttributionRequest request;
  private final Runner runner;
  private final Call call;
  private final Settings settings;
  private final Batching batches;

  Checking(AttributionRequest request, Runner runner, Call call, Settings settings) {
    this.request = request;
    this.runner = runner;
    this.call = call;
    this.settings = settings;
    this.batches = runner.batching(request.model(), call, settings);
  }

  Feasibility report(List<Lease<AttributionMethod<?>>> methods) {
    Subject subject =
        guarded(
                "the check",
                () -> runner.subject(request, Subjects.Wishes.NONE, batches, new Seeds(0)))
            .subject();
    int rows = request.model().isBatched() ? Math.min(MEASURED, settings.rows()) : 1;
    double forward = guarded("the check", () -> seconds(subject, subject.forward(), rows));
    double gradient = gradient(subject, rows);
    Optional<Graph> graph =
        isBlack() ? Optional.empty() : Optional.of(subject.forward().graph().apply(1));
    Dry.Rates rates =
        graph
            .map(g -> rates(subject, g, forward, gradient))
            .orElse(new Dry.Rates(1 / forward, 1 / forward));
    List<Feasibility.Method> tried = new ArrayList<>();
    Others others = new Others(id -> among(methods, id), List::of);
    methods.forEach(m -> tried.add(tried(m.service(), subject, rates, others)));
    tried.sort(Comparator.comparing(Feasibility.Method::id));
    return new Feasibility(
        request.model().name(),
        runner.info(),
        rows,
        forward,
        gradient,
        graph.map(Multiplications::of).orElse(0L),
        graph.map(g -> Liveness.of(g).constantBytes()).orElse(0L),
        tried);
  }

  private boolean isBlack() {
    return request.model().network() instanceof Network.Black;
  }

  private static Dry.Rates rates(Subject subject, Graph graph, double forward, double gradient) {
    double plain = Multiplications.of(graph) / forward;
    return new Dry.Rates(
        plain,
        Double.isNaN(gradient)
            ? plain
            : Multiplications.of(subject.gradient().graph().apply(1)) / gradient);
  }

  private double gradient(Subject subject, int rows) {
    try {
      return isBlack() ? Double.NaN : seconds(subject, subject.gradient(), rows);
    } catch (IllegalArgumentException | AttributionException e) {
      return Double.NaN; // each method says for itself what stands in its way
    }
  }

  /** The best of some runs after one to warm up, for one of many examples. */
  private double seconds(Subject subject, Program program, int count) {
    Map<String, Tensor> many =
        subject.variables().stream()
            .collect(
                Collectors.toMap(
                    Variable::name, v -> Tensor.concatRows(Collections.nCopies(count, v.value()))));
    double best = Double.POSITIVE_INFINITY;
    for (int run = 0; run <= RUNS; run++) {
      long start = System.nanoTime();
      batches.run(program, Rows.of(many), subject.shared(), (from, to, outputs) -> {});
      double seconds = (System.nanoTime() - start) / 1e9 / count;
      best = run == 0 ? best : Math.min(best, seconds);
    }
    return best;
  }

  private static Lease<AttributionMethod<?>> among(
      List<Lease<AttributionMethod<?>>> methods, String id) {
    return methods.stream()
        .filter(m -> m.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new AttributionException("no method is named " + id));
  }

  private <O extends Record> Feasibility.Method tried(
      AttributionMethod<O> method, Subject subject, Dry.Rates rates, Others others) {
    MethodInfo info = method.info();
    Dry dry = new Dry(subject, settings, call, isBlack(), rates, others);
    String obstacle = "";
    if (isBlack() && info.needs().contains(Need.GRAPH)) {
      obstacle = "needs a graph, and the model is a function without one";
    } else {
      try {
        O options = Options.parse(method.id(), method.options(), Map.of());
        AttributionRequest named = request.withMethod(method.id());
        AttributionRequest asked = guarded("", () -> Explaining.withLayer(named, method));
        if (info.form() == Form.MAP) {
          dry = mapping(asked, method, options, rates, others);
        }
        Evaluator evaluator = dry;
        guarded("", () -> method.attribute(asked, options, evaluator));
      } catch (CancellationException e) {
        throw e;
      } catch (AttributionException e) {
        obstacle = String.valueOf(e.getMessage()).replaceFirst("^: ", "");
      }
    }
    return dry.cost(method.id(), obstacle, info.cost());
  }

  /** A map's subject is a layer, which the method may have chosen. */
  private <O extends Record> Dry mapping(
      AttributionRequest asked,
      AttributionMethod<O> method,
      O options,
      Dry.Rates rates,
      Others others) {
    Subjects.Wishes wishes = Subjects.Wishes.of(method, asked, options);
    Noting noting = new Noting(batches, new ArrayList<>());
    Subjects.Found found = guarded("", () -> runner.subject(asked, wishes, noting, new Seeds(0)));
    Dry dry = new Dry(found.subject(), settings, call, isBlack(), rates, others);
    if (!isBlack()) {
      dry.passed(found.firstPass(), noting.programs().get(0).graph().apply(1));
    }
    return dry;
  }

  /** Keeps what is run, the pass that finds the target first. */
  private record Noting(Batching batches, List<Program> programs) implements Batching {
    @Override
    public void run(Program program, Rows rows, Map<String, Tensor> others, Sink sink) {
      programs.add(program);
      batches.run(program, rows, others, sink);
    }

    @Override
    public Map<String, Tensor> sum(
        Program program, Rows rows, double[] weights, Map<String, Tensor> others, Sink sink) {
      programs.add(program);
      return batches.sum(program, rows, weights, others, sink);
    }

    @Override
    public long evaluated() {
      return batches.evaluated();
    }
  }

  private <T> T guarded(String what, Supplier<T> work) {
    String name = what.isEmpty() ? "" : what + " of model " + request.model().name();
    return Guard.guarded(name, call, work);
  }
}
