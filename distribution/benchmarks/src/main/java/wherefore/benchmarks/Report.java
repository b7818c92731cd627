package wherefore.benchmarks;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rows so far: printed one by one, and kept in a file, so that an end too soon loses none. */
final class Report {
  private static final String LINE =
      "%-12s %-9s %6s %10s %10s %7s  %-22s %10s %10s %7s %6s %7s %6s %6s %8s  %s%n";

  private final List<Row> rows = new ArrayList<>();
  private final Optional<Path> json;

  Report(Optional<Path> json) {
    this.json = json;
  }

  static String head() {
    return LINE.formatted(
        "case", "model", "batch", "ours_ms", "min", "spread", "peer", "peer_ms", "min", "spread",
        "ratio", "gflops", "share", "MB", "differs", "detail");
  }

  void add(Row row) throws IOException {
    rows.add(row);
    System.out.print(line(row));
    if (json.isPresent()) {
      Files.writeString(json.get(), json(rows));
    }
  }

  static String json(List<Row> rows) throws IOException {
    return JSON.std
            .with(JSON.Feature.PRETTY_PRINT_OUTPUT, JSON.Feature.WRITE_NULL_PROPERTIES)
            .asString(rows.stream().map(Row::fields).toList())
        + "\n";
  }

  private static String line(Row row) {
    Samples ours = row.times().ours();
    Samples peer = row.times().peer();
    return LINE.formatted(
        row.testCase(),
        row.load().model(),
        row.load().batch(),
        ms(ours.median()),
        ms(ours.min()),
        percent(ours.spread()),
        row.side().label(),
        ms(peer.median()),
        ms(peer.min()),
        percent(peer.spread()),
        "%.2f".formatted(row.ratio()),
        "%.0f".formatted(row.gflops()),
        "%.2f".formatted(row.gflops() / row.machine().peakGflops()),
        Math.round(row.peakBytes() / 1e6),
        "%.1e".formatted(row.difference()),
        row.detail());
  }

  /** The rows as a table for a README. */
  String markdown() {
    StringBuilder table =
        new StringBuilder(
            """
            | case | model | batch | ours, ms | peer | peer, ms | ratio | GFLOP/s | of peak | MB |
            |---|---|---:|---:|---|---:|---:|---:|---:|---:|
            """);
    for (Row row : rows) {
      table.append(
          "| %s | %s | %d | %s | %s | %s | %.2f | %.0f | %.2f | %d |%n"
              .formatted(
                  row.testCase(),
                  row.load().model(),
                  row.load().batch(),
                  ms(row.times().ours().median()),
                  row.side().label(),
                  ms(row.times().peer().median()),
                  row.ratio(),
                  row.gflops(),
                  row.gflops() / row.machine().peakGflops(),
                  Math.round(row.peakBytes() / 1e6)));
    }
    return table.toString();
  }

  /** Three digits or more. */
  private static String ms(double value) {
    int decimals = (int) Math.max(0, 2 - Math.floor(Math.log10(Math.max(value, 1e-3))));
    return ("%." + decimals + "f").formatted(value);
  }

  private static String percent(double value) {
    return "%.0f%%".formatted(100 * value);
  }
}
