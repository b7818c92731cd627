package wherefore.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Two sides measured in turn, round by round, each in its process, one at work at a time. Who
 * begins alternates, so that a machine that gets slower favours neither.
 */
final class Duel {
  /** Waiting threads of the side before spin for a while; then they sleep. */
  private static final long PAUSE_MS = 50;

  /**
   * What came of it.
   *
   * @param ours ms a call
   * @param peer ms a call
   */
  record Result(Samples ours, Samples peer) {}

  private final WorkerProcess ours;
  private final WorkerProcess peer;
  private final int oursCalls;
  private final int peerCalls;

  private Duel(WorkerProcess ours, WorkerProcess peer, int oursCalls, int peerCalls) {
    this.ours = ours;
    this.peer = peer;
    this.oursCalls = oursCalls;
    this.peerCalls = peerCalls;
  }

  /** Warms both up, then measures. */
  static Result run(WorkerProcess ours, WorkerProcess peer, Options options)
      throws IOException, InterruptedException {
    int oursCalls = calls(ours.warm(options.warmSeconds()), options);
    int peerCalls = calls(peer.warm(options.warmSeconds()), options);
    return new Duel(ours, peer, oursCalls, peerCalls).rounds(options.rounds());
  }

  private static int calls(double each, Options options) {
    return (int) Math.max(1, Math.ceil(options.roundSeconds() * 1000 / each));
  }

  private Result rounds(int rounds) throws IOException, InterruptedException {
    List<Double> mine = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      boolean first = i % 2 == 0;
      for (boolean our : new boolean[] {first, !first}) {
        Thread.sleep(PAUSE_MS);
        (our ? mine : theirs).add(our ? ours.round(oursCalls) : peer.round(peerCalls));
      }
    }
    return new Result(new Samples(mine), new Samples(theirs));
  }
}
