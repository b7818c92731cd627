package wherefore.backend.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import wherefore.backend.cpu.onednn.OneDnn;
import wherefore.backend.cpu.onednn.Scope;
import wherefore.graph.Graph;
import wherefore.graph.Multiplications;
import wherefore.graph.Prune;
import wherefore.graph.Rewrite;
import wherefore.tensor.Tensor;

/** From a graph to a plan: rewrites, then a step for each node or group of nodes, then places. */
final class Compiler {
  /** Multiplications below which a second thread costs more than it brings. */
  private static final long SMALL = 4_000_000;

  private final OneDnn oneDnn;
  private final Team team;
  private final Constants constants;
  private final NativeMemory memory;
  private final Settings settings;
  private final Predicate<WinogradTiling> winograd;

  /**
   * @param winograd which convolutions are computed by {@link Winograd}, given how they are timed
   */
  Compiler(
      OneDnn oneDnn,
      Team team,
      Constants constants,
      NativeMemory memory,
      Settings settings,
      Function<Tuner.Trials, Predicate<WinogradTiling>> winograd) {
    this.oneDnn = oneDnn;
    this.team = team;
    this.constants = constants;
    this.memory = memory;
    this.settings = settings;
    this.winograd = winograd.apply(this::trial);
  }

  Plan compile(Graph graph) {
    Constants.Lease lease = constants.new Lease();
    try {
      Graph rewritten = Rewrite.all(graph, rewrites(lease));
      return plan(graph, rewritten, lease, winograd);
    } catch (RuntimeException | Error e) {
      lease.close();
      throw e;
    }
  }

  private List<Rewrite> rewrites(Constants.Lease lease) {
    List<Rewrite> rewrites = new ArrayList<>(List.of(new Prune()));
    if (settings.does(Settings.FOLD_NORMALIZATION)) {
      rewrites.add(new FoldNormalization(lease));
    }
    rewrites.add(new Lower());
    if (settings.does(Settings.FOLD_CONSTANTS)) {
      rewrites.add(new FoldConstants(lease, this::evaluate));
    }
    if (settings.does(Settings.FOLD_BIAS)) {
      rewrites.add(new FoldBias());
    }
    if (settings.does(Settings.FOLD_SCALE)) {
      rewrites.add(new FoldScale(lease));
    }
    if (settings.does(Settings.MASK_FROM_OUTPUT)) {
      rewrites.add(new MaskFromOutput());
    }
    rewrites.add(new Prune());
    return rewrites;
  }

  /** The one output of a graph without inputs, of its own type. */
  private Tensor evaluate(Graph graph) {
    try (Plan plan = plan(graph, graph, constants.new Lease(), t -> false);
        Frame frame = frame(plan)) {
      frame.steps().forEach(Runnable::run);
      return plan.read(frame, "y");
    }
  }

  /** Memory for a run of a plan. */
  Frame frame(Plan plan) {
    return new Frame(oneDnn, team, memory.allocate(Math.max(1, plan.arenaBytes())), plan.steps());
  }

  private Tuner.Trial trial(WinogradTiling tiling, boolean winograd) {
    Graph graph = tiling.graph();
    Plan plan = plan(graph, graph, constants.new Lease(), t -> winograd);
    try {
      return new ConvolutionTrial(plan, frame(plan));
    } catch (RuntimeException | Error e) {
      plan.close();
      throw e;
    }
  }

  private Plan plan(
      Graph asked, Graph graph, Constants.Lease lease, Predicate<WinogradTiling> winograd) {
    Scope scope = new Scope();
    try {
      int threads = Multiplications.of(graph) < SMALL ? 1 : settings.threads();
      oneDnn.threads(threads);
      Planner planner =
          new Planner(graph, new Fusion(graph, settings), oneDnn, lease, scope, threads, winograd);
      Emitter emitter = new Emitter(planner);
      graph.nodes().forEach(emitter::emit);
      Plan plan = new Plan(asked, planner, lease, scope, threads);
      plan.place(settings.does(Settings.IN_PLACE));
      return plan;
    } catch (RuntimeException | Error e) {
      scope.close();
      lease.close();
      throw e;
    }
  }
}
