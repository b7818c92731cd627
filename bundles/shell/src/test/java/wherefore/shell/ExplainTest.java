package wherefore.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wherefore.compute.PlanStep;
import wherefore.tensor.Npy;
import wherefore.tensor.Tensor;
import wherefore.testkit.Golden;

class ExplainTest {
  private static final String MODEL = Golden.file("lenet").toString();
  private static final String INPUT = Golden.folder().resolve("lenet/input.npy").toString();

  @TempDir Path folder;
  private Bench bench = new Bench(Path.of(""));

  @BeforeEach
  void open() {
    bench = new Bench(folder);
  }

  private static Golden.Case golden(String name) {
    return Golden.cases("lenet").stream()
        .filter(c -> c.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void valuesAreTheGoldenOnes() throws IOException {
    Golden.Case golden = golden("gradient");
    Explained explained =
        assertInstanceOf(
            Explained.class,
            bench.run(
                "explain",
                MODEL,
                INPUT,
                "--method",
                "gradient",
                "--target",
                Integer.toString(golden.target()),
                "--out",
                "values.npy"));
    Golden.assertMatches(Npy.read(folder.resolve("values.npy")), golden);
    assertEquals(golden.outputAtInput(), explained.value(), 1e-6);
    assertEquals(
        List.of(new Outputs.Written("values", folder.resolve("values.npy").toString())),
        explained.files());
    assertEquals("", explained.baseline());
  }

  @Test
  void saysWhatWasFound() {
    Explained explained = assertInstanceOf(Explained.class, bench.run("explain", MODEL, INPUT));
    Tensor output = Golden.tensor("lenet", "output.npy");
    assertEquals(output.get(2), explained.prediction().logit(), 1e-6);
    assertEquals("2", explained.prediction().place());
    String text = explained.shown();
    for (String part :
        List.of(
            "prediction",
            "probability",
            "logit",
            "integrated-gradients",
            "residual",
            "steps",
            "took",
            "reference")) {
      assertTrue(text.contains(part), text);
    }
  }

  @Test
  void jsonIsTheSameRecord() throws IOException {
    Json json = assertInstanceOf(Json.class, bench.run("explain", MODEL, INPUT, "--json"));
    Map<String, Object> read = JSON.std.mapFrom(json.shown());
    assertEquals("integrated-gradients", read.get("method"));
    assertEquals("reference", read.get("backend"));
    assertTrue(
        ((Map<?, ?>) read.getOrDefault("facts", Map.of())).containsKey("residual"), json.shown());
    assertTrue(!read.containsKey("explanation"), json.shown());
  }

  @Test
  void replaysBitForBit() {
    Object unused = bench.run("explain", MODEL, INPUT, "--out", "kept.json");
    ReplayCommand.Same same =
        assertInstanceOf(ReplayCommand.Same.class, bench.run("replay", "kept.json"));
    assertEquals(400, same.elements());
  }

  @Test
  void aChangedDocumentIsNotReplayedAsTheSame() throws IOException {
    Object unused =
        bench.run(
            "explain", MODEL, INPUT, "--method", "gradient", "--target", "2", "--out", "kept.json");
    Path kept = folder.resolve("kept.json");
    String text = Files.readString(kept);
    assertTrue(text.contains("\"absolute\""), text);
    Files.writeString(kept, text.replaceAll("(\"absolute\"\\s*:\\s*)\"false\"", "$1\"true\""));
    String line = bench.failure("replay", "kept.json");
    assertTrue(
        line.matches(
            "wherefore: the replay differs: input\\[0,\\d+,\\d+] was .*, now it is .*; \\d+ of 400"
                + " elements differ"),
        line);
  }

  @Test
  void filesAreWrittenTogetherOrNotAtAll() throws IOException {
    Files.writeString(folder.resolve("old.txt"), "old");
    org.junit.jupiter.api.Assertions.assertThrows(
        IOException.class,
        () ->
            WholeFiles.write(
                new TreeMap<>(
                    Map.<Path, WholeFiles.Content>of(
                        folder.resolve("a.txt"), out -> out.write(1),
                        folder.resolve("b.txt"),
                            out -> {
                              throw new IOException("full");
                            },
                        folder.resolve("old.txt"), out -> out.write(2)))));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(folder.resolve("old.txt")), files.toList());
    }
    assertEquals("old", Files.readString(folder.resolve("old.txt")));
  }

  @Test
  void predictionsAreSortedAndAddUp() {
    Prediction prediction = assertInstanceOf(Prediction.class, bench.run("predict", MODEL, INPUT));
    assertEquals(5, prediction.top().size());
    double sum = prediction.top().stream().mapToDouble(c -> c.probability().orElseThrow()).sum();
    assertEquals(1, sum, 1e-9);
    assertTrue(prediction.top().get(0).logit() > prediction.top().get(1).logit());
  }

  @Test
  void plansNameStepsAndLayersWithTimes() throws IOException {
    PlanSheet forward = assertInstanceOf(PlanSheet.class, bench.run("plan", MODEL));
    PlanSheet both =
        assertInstanceOf(
            PlanSheet.class, bench.run("plan", MODEL, "--gradient", "--rows", "4", "--runs", "2"));
    assertTrue(forward.steps().stream().anyMatch(s -> s.layer().equals("/net/net.0/Conv")));
    assertTrue(forward.steps().stream().mapToDouble(PlanStep::millis).sum() <= forward.millis());
    assertTrue(both.operations() > 7 * forward.operations(), "four rows, twice the products");
    String text = both.shown();
    assertTrue(text.startsWith("MS "), text);
    assertTrue(text.contains(" ms for 4 rows with gradient on reference (Java heap"), text);
    Json json = assertInstanceOf(Json.class, bench.run("plan", MODEL, "--json"));
    List<?> steps = assertInstanceOf(List.class, JSON.std.mapFrom(json.shown()).get("steps"));
    assertEquals(forward.steps().size(), steps.size());
    assertEquals(
        "plan: --rows is 0 and --runs is 3; both must be at least 1",
        assertThrows(Failure.class, () -> bench.run("plan", MODEL, "--rows", "0")).getMessage());
  }

  @Test
  void layersHaveNamesOperatorsAndShapes() {
    Listing<?> layers = assertInstanceOf(Listing.class, bench.run("layers", MODEL));
    assertEquals(new LookUps.Layer("/net/net.0/Conv", "conv", "f32[1,6,16,16]"), layers.get(0));
    assertTrue(layers.shown().startsWith("LAYER "), layers.shown());
  }

  @Test
  void methodsSayTheirOptionsNeedsAndCost() {
    String text = assertInstanceOf(MethodSheet.class, bench.run("methods")).shown();
    for (String part :
        List.of(
            "integrated-gradients",
            "needs graph, baseline",
            "steps × (F + B)",
            "steps=0",
            "quadrature=adaptive")) {
      assertTrue(text.contains(part), text);
    }
  }

  @Test
  void everyCommandHasHelp() {
    Commands.ALL.forEach(
        c -> assertEquals(c.syntax().help(), bench.run(c.syntax().command(), "--help")));
  }

  @Test
  void theLedgerSaysWhatBecameOfRelevance() {
    Explained explained =
        assertInstanceOf(
            Explained.class, bench.run("explain", MODEL, INPUT, "--method", "lrp", "--ledger"));
    assertEquals("true", explained.options().get("ledger"));
    List<Ledger.Entry> entries = Ledger.of(explained.facts()).entries();
    assertTrue(entries.size() > 2, entries::toString);
    assertEquals(explained.value(), entries.get(0).received(), 1e-5);
    assertEquals(explained.sum(), entries.get(entries.size() - 1).passed(), 1e-5);
    String shown = explained.shown();
    assertTrue(
        shown.matches("(?s).*LAYER +RECEIVED +PASSED ON +TO BIAS +TO STABILISER OR RULE.*"), shown);
    assertTrue(!shown.contains("received "), shown);
  }

  @Test
  void partsOfAScoreAreATable() {
    Map<String, Double> facts = new LinkedHashMap<>();
    facts.put("tokens", 2.0);
    facts.put("attention 0", 0.25);
    facts.put("attention 1", 0.75);
    facts.put("bias 1", 0.5);
    assertEquals(List.of("tokens"), List.copyOf(Parts.rest(facts).keySet()));
    assertEquals(
        """
        PLACE  ATTENTION  BIAS
        0      0.25       -
        1      0.75       0.5""",
        Parts.of(facts).shown());
  }

  @Test
  void aMethodWithoutALedgerSaysSo() {
    assertEquals(
        "wherefore: explain: --ledger: method gradient keeps no ledger of relevance; those that do:"
            + " lrp",
        bench.failure("explain", MODEL, INPUT, "--method", "gradient", "--ledger"));
  }

  @Test
  void completesWhatComesNext() {
    Completion completion = new Completion(bench.desk());
    assertEquals(
        List.of(
            "blur-integrated-gradients",
            "conductance",
            "deconvnet",
            "expected-gradients",
            "gradient",
            "guided-backprop",
            "guided-integrated-gradients",
            "input-x-gradient",
            "integrated-gradients",
            "internal-influence",
            "lrp",
            "smoothgrad",
            "smoothgrad-squared",
            "vargrad"),
        completion.candidates(List.of("why:explain", MODEL, INPUT, "--method", ""), 4));
    assertTrue(
        completion
            .candidates(List.of("explain", MODEL, INPUT, "--to", ""), 4)
            .contains("/net/net.3/Conv"));
    assertTrue(
        completion
            .candidates(List.of("explain", MODEL, INPUT, "--option", ""), 4)
            .contains("quadrature=trapezoid"));
    assertEquals(
        List.of("reference"),
        completion.candidates(List.of("predict", MODEL, INPUT, "--backend", "r"), 4));
    assertTrue(completion.takesFile(List.of("explain", MODEL, ""), 2));
    assertTrue(!completion.takesFile(List.of("explain", MODEL, INPUT, "--method", ""), 4));
  }

  @Test
  void exportedModelsPredictTheSame() {
    Object unused = bench.run("export", MODEL, "copy.onnx");
    Prediction original = assertInstanceOf(Prediction.class, bench.run("predict", MODEL, INPUT));
    Prediction copy = assertInstanceOf(Prediction.class, bench.run("predict", "copy.onnx", INPUT));
    assertEquals(original.top(), copy.top());
  }
}
