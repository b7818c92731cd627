package wherefore.runtime.attributor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Comparison;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Primitive;
import wherefore.graph.Value;
import wherefore.model.Model;
import wherefore.model.Port;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.Run;

/** Integer inputs are explained by the layers that look them up. */
class EmbeddingsTest {
  private static final Tensor WORDS = Tensor.of(Shape.of(3, 2), 0f, 1f, 2f, 3f, 4f, 5f);
  private static final Tensor KINDS = Tensor.of(Shape.of(2, 2), 10f, 20f, 30f, 40f);
  private static final Tensor IDS = Tensor.of(Shape.of(1, 2), 2L, 1);

  private final AttributorService attributor = Fixture.attributor();

  private static Value lookedUp(GraphBuilder b, String layer, Tensor table, Value indices) {
    return b.at(layer).apply(new Primitive.Gather(0), b.constant(table), indices);
  }

  /** Half the sum of the squares. */
  private static Value energy(GraphBuilder b, Value x) {
    Value sum = b.at("sum").sum(b.mul(x, x), List.of(1, 2));
    return b.mul(b.reshape(sum, Shape.of(x.shape().dim(0), 1)), 0.5);
  }

  private static Port ids(String name) {
    return Networks.port(name, ElementType.INT64, -1, 2);
  }

  /** Words that are compared to make a mask, and shifted on their way to the table. */
  private static Model words() {
    return Networks.model(
        "words",
        List.of(ids("ids")),
        List.of(),
        (b, in) -> {
          Value id = Networks.input(in, "ids");
          Value known = b.at("known").compare(Comparison.LESS, b.number(0, id), id);
          Value mask = lookedUp(b, "mask", WORDS, b.cast(known, ElementType.INT64));
          Value bounded = b.at("bound").binary(BinaryFunction.MIN, id, 2);
          Value words = lookedUp(b, "words", WORDS, bounded);
          return energy(b, b.at("both").add(words, b.mul(mask, 0)));
        });
  }

  private static Model two() {
    return Networks.model(
        "two",
        List.of(ids("ids"), ids("kinds"), Networks.port("x", Networks.F32, -1, 2, 2)),
        List.of(),
        (b, in) -> {
          Value words = lookedUp(b, "words", WORDS, Networks.input(in, "ids"));
          Value kinds = lookedUp(b, "kinds/table", KINDS, Networks.input(in, "kinds"));
          return energy(b, b.at("all").add(b.add(words, kinds), Networks.input(in, "x")));
        });
  }

  private static void assertValues(Attribution a, String name, double... expected) {
    assertArrayEquals(expected, Run.get(a.values(), name).toDoubles(), 1e-6);
  }

  @Test
  void tokensAreExplainedByTheirEmbedding() {
    Attribution a = attributor.attribute(AttributionRequest.of(words(), IDS, "slope"));
    assertEquals(Set.of("words"), a.values().keySet());
    assertValues(a, "words", 4, 5, 2, 3);
    assertEquals("words", a.provenance().orElseThrow().to());
    assertEquals(
        Tensor.zeros(ElementType.FLOAT64, Shape.of(1, 2, 2)).digest(),
        a.provenance().orElseThrow().digests().get("baseline/words"));
  }

  @Test
  void eachInputHasItsOwn() {
    Map<String, Tensor> inputs =
        Map.of(
            "ids",
            IDS,
            "kinds",
            Tensor.of(Shape.of(1, 2), 0L, 1),
            "x",
            Tensor.of(Shape.of(1, 2, 2), 1f, 1f, 1f, 1f));
    Attribution a = attributor.attribute(AttributionRequest.of(two(), inputs, "slope"));
    assertEquals(Set.of("x", "words", "kinds/table"), a.values().keySet());
    assertEquals("words, kinds/table", a.provenance().orElseThrow().to());
    for (String name : a.values().keySet()) {
      assertValues(a, name, 15, 26, 33, 44);
    }
  }

  @Test
  void aBaselineIsOfTheLayerOrIsLookedUp() {
    AttributionRequest request =
        AttributionRequest.of(words(), IDS, "slope").withOption("steps", 2);
    assertValues(attributor.attribute(request), "words", 3, 3.75, 1.5, 2.25);
    assertValues(
        attributor.attribute(request.withBaseline(new Baseline.Constant(4))),
        "words",
        4,
        4.75,
        2.5,
        3.25);
    Tensor pads = Tensor.of(Shape.of(1, 2), 1L, 1);
    assertValues(
        attributor.attribute(request.withBaseline(new Baseline.Given(pads, "pads"))),
        "words",
        3.5,
        4.5,
        2,
        3);
  }

  @Test
  void aLayerBehindIsComparedWithWhatItYieldsForTheBaseline() {
    AttributionRequest request =
        AttributionRequest.of(words(), IDS, "slope").withOption("steps", 2).withTo("both");
    Attribution a = attributor.attribute(request.withBaseline(new Baseline.Constant(4)));
    assertValues(a, "both", 4, 4.75, 2.5, 3.25);
    assertEquals("both", a.provenance().orElseThrow().to());
  }

  @Test
  void integersGivenForALayerMustFitTheInput() {
    Tensor three = Tensor.of(Shape.of(1, 3), 1L, 1, 1);
    AttributionException e =
        assertThrows(
            AttributionException.class,
            () ->
                attributor.attribute(
                    AttributionRequest.of(words(), IDS, "slope")
                        .withBaseline(new Baseline.Given(three, "three"))));
    assertEquals(
        "baseline three is i64[1,3]; input ids needs i64[1,2], or several along the first axis",
        e.getMessage());
  }
}
