package wherefore.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wherefore.testkit.Golden;

class InterveneTest {
  private static final String INPUT = Golden.folder().resolve("lenet/input.npy").toString();

  @TempDir Path folder;
  private Bench bench = new Bench(Path.of(""));
  private String model = "";
  private String last = "";

  /** The model with a card that names the units of its last layer. */
  @BeforeEach
  void open() throws Exception {
    bench = new Bench(folder);
    model = Files.copy(Golden.file("lenet"), folder.resolve("lenet.onnx")).toString();
    List<LookUps.Layer> layers =
        LookUps.Layers.layers(
            bench.desk().model(model),
            new LookUps.LayersArguments(model, Optional.of(INPUT), false),
            bench.desk());
    last = layers.get(layers.size() - 1).name();
    String names = "\"a\", \"b\", \"c\", \"d\", \"e\"";
    Files.writeString(
        folder.resolve("lenet.json"),
        "{\"card\": 1, \"concepts\": {\"layer\": \"%s\", \"names\": [%s]}}".formatted(last, names));
  }

  private Intervened intervene(String... more) {
    List<String> words = new ArrayList<>(List.of(model, INPUT));
    words.addAll(List.of(more));
    return assertInstanceOf(Intervened.class, bench.run("intervene", words.toArray(String[]::new)));
  }

  @Test
  void aConceptOfTheLastLayerIsThatOutput() {
    Intervened intervened = intervene("--set", "e=50", "--top", "5");
    assertEquals("4", intervened.after().place());
    assertEquals(50, intervened.after().logit(), 1e-5);
    assertEquals(
        new Intervened.Setting("e", last + "[4]", 1, setting(intervened), 50),
        intervened.settings().get(0));
    for (Intervened.Change c : intervened.changes()) {
      double expected = c.before().place().equals("4") ? 50 : c.before().logit();
      assertEquals(expected, c.after().logit(), 1e-6, c.before().place());
    }
    assertTrue(intervened.shown().contains("e (" + last + "[4])"), intervened.shown());
  }

  private static double setting(Intervened intervened) {
    return intervened.changes().stream()
        .filter(c -> c.before().place().equals("4"))
        .findFirst()
        .orElseThrow()
        .before()
        .logit();
  }

  @Test
  void jsonIsTheSameRecord() throws IOException {
    Json json =
        assertInstanceOf(
            Json.class, bench.run("intervene", model, INPUT, "--set", "e=50", "--json"));
    Map<String, Object> read = JSON.std.mapFrom(json.shown());
    assertEquals(
        List.of("model", "input", "settings", "before", "after", "changes"),
        List.copyOf(read.keySet()));
  }

  @Test
  void anAxisOfTheLastLayerIsFollowedByItsOutputAlone() {
    Traversal traversal =
        assertInstanceOf(
            Traversal.class,
            bench.run(
                "traverse",
                model,
                INPUT,
                "--axis",
                last + "[3]",
                "--from",
                "-2",
                "--to",
                "2",
                "--steps",
                "5",
                "--top",
                "5"));
    assertEquals(List.of(-2.0, -1.0, 0.0, 1.0, 2.0), traversal.values());
    assertEquals("d", traversal.axis());
    for (Traversal.Curve curve : traversal.curves()) {
      boolean isSwept = curve.place().equals("3");
      assertEquals(isSwept ? Traversal.Course.RISING : Traversal.Course.CONSTANT, curve.course());
      assertEquals(isSwept ? 4 : 0, curve.rise(), 1e-5);
    }
    assertTrue(traversal.shown().contains("rising by 4"), traversal.shown());
  }

  @Test
  void aCurveThatTurnsIsNotMonotone() {
    Traversal.Curve curve = Traversal.Curve.of("0", "zero", List.of(1.0, 3.0, 2.5));
    assertEquals(Traversal.Course.MIXED, curve.course());
    assertEquals(2, curve.rise());
    assertEquals(0.5, curve.fall());
    assertEquals(
        Traversal.Course.FALLING,
        Traversal.Curve.of("0", "zero", List.of(3.0, 1.0, 1.0 + 1e-9)).course());
  }

  @Test
  void attributionsToConceptsBearTheirNames() {
    Explained explained =
        assertInstanceOf(
            Explained.class,
            bench.run(
                "explain", model, INPUT, "--method", "gradient", "--target", "2", "--to", last));
    assertTrue(explained.shown().contains(last + " c"), explained.shown());
  }

  @Test
  void completesLayersAndConcepts() throws Exception {
    Completion completion = new Completion(bench.desk());
    List<String> words = List.of("why:intervene", model, INPUT, "--set", "");
    List<String> candidates = completion.candidates(words, 4);
    assertTrue(candidates.containsAll(List.of(last, "a", "e")), candidates.toString());
  }

  @Test
  void refusesToSetTheProbabilitiesThemselves() {
    Path digits = Path.of("../../distribution/examples/digits").toAbsolutePath();
    String file = digits.resolve("digits.onnx").toString();
    String five = digits.resolve("five.png").toString();
    String refusal = bench.failure("intervene", file, five, "--set", "output[3]=1");
    assertTrue(
        refusal.contains("'output[3]' is what the model answers, computed from the scores of"),
        refusal);
  }

  @Test
  void refusesWhatHasNoName() {
    String refusal = bench.failure("intervene", model, INPUT, "--set", "zz=1");
    assertTrue(refusal.contains("has nothing named 'zz'; a layer, as LAYER or LAYER[i]"), refusal);
    assertTrue(refusal.contains("concepts of " + last + ": a, b, c"), refusal);
    String place = bench.failure("intervene", model, INPUT, "--set", last + "[5]=1");
    assertTrue(place.contains("has no place [5]: it is [5] an example"), place);
    Failure usage =
        assertThrows(Failure.class, () -> bench.run("intervene", model, INPUT, "--set", "e=much"));
    assertTrue(usage.toString().contains("a layer is set to a number"), usage.toString());
  }
}
