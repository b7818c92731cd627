package wherefore.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One go through the cases. A side that fails costs its rows, not the session. */
final class Session {
  private static final double MILLI_PER_GIGA = 1e6;

  private final Options options;
  private final Report report;
  private final List<String> failures = new ArrayList<>();

  Session(Options options, Report report) {
    this.options = options;
    this.report = report;
  }

  /** What went wrong, a line each. */
  List<String> run() throws IOException, InterruptedException {
    Machine machine = Machine.here(options, options.peak() ? peak() : Double.NaN);
    System.out.printf(
        "%s, %d threads, peak %.0f GFLOP/s%n",
        machine.processor(), machine.threads(), machine.peakGflops());
    System.out.print(Report.head());
    for (Case c : cases()) {
      for (Load load : loads(c)) {
        measure(c, load, machine);
      }
    }
    return failures;
  }

  /** A line for each load, with its peers. */
  void list() {
    for (Case c : cases()) {
      for (Load load : loads(c)) {
        List<String> labels = peers(c, load).stream().map(Side::label).toList();
        System.out.printf(
            "%-12s %-9s %6d  %s%n",
            c.name(), load.model(), load.batch(), String.join(", ", labels));
      }
    }
  }

  private List<Case> cases() {
    return options.cases().isEmpty()
        ? Cases.all()
        : options.cases().stream().map(Cases::named).toList();
  }

  private List<Load> loads(Case c) {
    return c.loads().stream().filter(options::wants).toList();
  }

  private List<Side> peers(Case c, Load load) {
    return c.peers(load).stream().filter(options::wants).toList();
  }

  /** The rate of the fastest product of matrices, GFLOP/s. */
  private double peak() throws IOException {
    Case sgemm = Cases.named(Sgemm.NAME);
    Load load = sgemm.loads().get(0);
    double best = Math.max(0, rate(sgemm, Side.WHEREFORE, load));
    for (Side side : sgemm.peers(load)) {
      best = Math.max(best, rate(sgemm, side, load));
    }
    return best;
  }

  private double rate(Case c, Side side, Load load) throws IOException {
    try (WorkerProcess worker = WorkerProcess.start(c.name(), side, load, options)) {
      double best = worker.warm(options.warmSeconds());
      for (int i = 0; i < options.rounds(); i++) {
        best = Math.min(best, worker.round(2));
      }
      double rate = 2 * Math.pow(load.batch(), 3) / best / MILLI_PER_GIGA;
      System.out.printf("%s by %s: %.0f GFLOP/s%n", c.name(), side.label(), rate);
      return rate;
    }
  }

  /** Our process lives as long as the load, each peer's as long as its row. */
  private void measure(Case c, Load load, Machine machine) throws InterruptedException {
    List<Side> peers = peers(c, load);
    if (peers.isEmpty()) {
      return;
    }
    try (WorkerProcess ours = WorkerProcess.start(c.name(), Side.WHEREFORE, load, options)) {
      float[] answer = ours.values();
      for (Side side : peers) {
        row(c, load, side, machine, ours, answer);
      }
      profile(c, load, ours);
    } catch (IOException e) {
      fail(c, load, Side.WHEREFORE, e.getMessage());
    }
  }

  private void profile(Case c, Load load, WorkerProcess ours) throws IOException {
    if (options.profiles().isPresent()) {
      String name = "%s-%s-%d.txt".formatted(c.name(), load.model(), load.batch());
      Path folder = Files.createDirectories(options.profiles().get());
      ours.profile(folder.resolve(name));
    }
  }

  private void row(
      Case c, Load load, Side side, Machine machine, WorkerProcess ours, float[] answer)
      throws IOException, InterruptedException {
    try (WorkerProcess peer = WorkerProcess.start(c.name(), side, load, options)) {
      double difference = Agreement.difference(answer, peer.values());
      if (!(difference <= c.tolerance())) {
        String apart = "the answers are %.2e apart; %.0e is allowed";
        fail(c, load, side, apart.formatted(difference, c.tolerance()));
        return;
      }
      Duel.Result times = Duel.run(ours, peer, options);
      report.add(
          new Row(
              c.name(),
              load,
              side,
              times,
              ours.flops(),
              machine,
              ours.peakBytes(),
              peer.peakBytes(),
              difference,
              ours.detail()));
    } catch (WorkerProcess.EndedException e) {
      if (e.isOf(ours)) {
        throw e;
      }
      fail(c, load, side, e.getMessage());
    }
  }

  private void fail(Case c, Load load, Side side, @Nullable String why) {
    String failure =
        "%s %s %d %s: %s".formatted(c.name(), load.model(), load.batch(), side.label(), why);
    failures.add(failure);
    System.out.println(failure);
  }
}
