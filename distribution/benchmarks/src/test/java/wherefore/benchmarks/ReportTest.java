package wherefore.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static Row row(double peak) {
    return new Row(
        "gradient",
        new Load("vgg16", 8),
        Side.LIBTORCH_CHANNELS_LAST,
        new Duel.Result(Samples.of(200, 100, 300), Samples.of(300, 400, 600)),
        20e9,
        new Machine("a processor", 2, peak, "fast"),
        1_500_000_000,
        2_500_000_000L,
        1.23456e-3,
        "");
  }

  @Test
  void aFileHoldsEveryField(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("rows.json");
    new Report(Optional.of(file)).add(row(200));
    Map<?, ?> read = (Map<?, ?>) JSON.std.listFrom(Files.readString(file)).get(0);
    assertEquals("gradient", read.get("case"));
    assertEquals(8, read.get("batch"));
    assertEquals(200.0, read.get("ours_ms"));
    assertEquals(100.0, read.get("ours_min_ms"));
    assertEquals("libtorch-channels-last", read.get("peer"));
    assertEquals(400.0, read.get("peer_ms"));
    assertEquals(2.0, read.get("ratio"));
    assertEquals(1.5, read.get("ratio_min"));
    assertEquals(4.0, read.get("ratio_max"));
    assertEquals(100.0, read.get("gflops"));
    assertEquals(0.5, read.get("peak_share"));
    assertEquals(1500, read.get("peak_mb"));
    assertEquals(0.001235, read.get("difference"));
    assertEquals("fast", read.get("exactness"));
  }

  @Test
  void aPeakThatWasNotMeasuredIsNoNumber() throws IOException {
    String json = Report.json(List.of(row(Double.NaN)));
    assertTrue(json.contains("\"peak_share\" : null"), json);
  }

  @Test
  void aTableHasALineARow() throws IOException {
    Report report = new Report(Optional.empty());
    report.add(row(200));
    List<String> lines = report.markdown().lines().toList();
    assertEquals(3, lines.size());
    assertEquals(
        "| gradient | vgg16 | 8 | 200 | libtorch-channels-last | 400 | 2.00 | 100 | 0.50 | 1500 |",
        lines.get(2));
  }
}
