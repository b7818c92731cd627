package wherefore.method.activationmaps;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Attributor;
import wherefore.attribution.Target;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.ModelLoader;
import wherefore.testkit.Golden;

/** Against captum on five networks, of which one is one-dimensional. */
class GoldenTest {
  static Stream<Golden.Case> cases() {
    return Golden.cases().stream().filter(c -> c.method().equals("grad-cam"));
  }

  @Test
  void thereAreSome() {
    assertEquals(22, cases().count());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agrees(Golden.Case golden) throws Exception {
    ModelLoader loader = ServiceLoader.load(ModelLoader.class).findFirst().orElseThrow();
    Model model = loader.load(golden.file(), ModelCard.EMPTY);
    String layer = String.valueOf(golden.parameters().get("layer"));
    AttributionRequest request =
        AttributionRequest.of(model, golden.input(), "grad-cam")
            .withTarget(Target.of(golden.target()))
            .withTo(convolution(model, golden, Integer.parseInt(layer.split(" ")[2])))
            .withOption("relu", String.valueOf(golden.parameters().get("relu")))
            .withOption("upsample", String.valueOf(golden.parameters().get("upsample")));
    Attributor attributor = ServiceLoader.load(Attributor.class).findFirst().orElseThrow();
    Golden.assertMatches(attributor.attribute(request).value(), golden);
  }

  private static String convolution(Model model, Golden.Case golden, int number) {
    LinkedHashSet<String> names = new LinkedHashSet<>();
    String input = model.inputs().get(0).name();
    for (Node node : model.graph(Map.of(input, golden.input().shape())).nodes()) {
      if (node.op() instanceof Primitive.Conv) {
        names.add(node.origin());
      }
    }
    List<String> all = new ArrayList<>(names);
    return all.get(number);
  }
}
