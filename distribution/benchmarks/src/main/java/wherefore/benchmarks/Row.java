package wherefore.benchmarks;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A line of the table.
 *
 * @param side the peer
 * @param times of both sides
 * @param flops of ours, directly counted
 * @param machine what it was measured on
 * @param peakBytes the most resident memory of our process
 * @param peerPeakBytes the same of the peer's
 * @param difference of the answers
 * @param detail what ours says of its last run
 */
record Row(
    String testCase,
    Load load,
    Side side,
    Duel.Result times,
    double flops,
    Machine machine,
    long peakBytes,
    long peerPeakBytes,
    double difference,
    String detail) {
  private static final double MEGA = 1e6;

  double ratio() {
    return times.peer().median() / times.ours().median();
  }

  double gflops() {
    return flops / times.ours().median() / MEGA;
  }

  /** The fields by the names that the JSON file has. */
  SequencedMap<String, @Nullable Object> fields() {
    Samples ratios = times.peer().over(times.ours());
    SequencedMap<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("case", testCase);
    fields.put("model", load.model());
    fields.put("batch", load.batch());
    fields.put("exactness", machine.exactness());
    put(fields, "ours", times.ours());
    fields.put("peer", side.label());
    put(fields, "peer", times.peer());
    fields.put("ratio", rounded(ratio()));
    fields.put("ratio_min", rounded(ratios.min()));
    fields.put("ratio_max", rounded(ratios.max()));
    fields.put("gflops", rounded(gflops()));
    fields.put("peak_gflops", rounded(machine.peakGflops()));
    fields.put("peak_share", rounded(gflops() / machine.peakGflops()));
    fields.put("peak_mb", Math.round(peakBytes / MEGA));
    fields.put("peer_peak_mb", Math.round(peerPeakBytes / MEGA));
    fields.put("rounds", times.ours().values().size());
    fields.put("difference", rounded(difference));
    fields.put("detail", detail);
    fields.put("threads", machine.threads());
    fields.put("processor", machine.processor());
    return fields;
  }

  private static void put(
      SequencedMap<String, @Nullable Object> fields, String who, Samples samples) {
    fields.put(who + "_ms", rounded(samples.median()));
    fields.put(who + "_min_ms", rounded(samples.min()));
    fields.put(who + "_spread", rounded(samples.spread()));
  }

  /** To four digits; null for what is no number, which JSON doesn't know. */
  private static @Nullable Double rounded(double value) {
    return Double.isFinite(value)
        ? BigDecimal.valueOf(value).round(new MathContext(4)).doubleValue()
        : null;
  }
}
