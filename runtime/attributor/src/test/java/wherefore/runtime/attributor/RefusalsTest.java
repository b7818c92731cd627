package wherefore.runtime.attributor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.attribution.Target;
import wherefore.graph.UnaryFunction;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.Network;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Each refusal says what was asked, what was found, and what would be accepted. */
class RefusalsTest {
  private final AttributorService attributor = Fixture.attributor();
  private final Model animals = Networks.classifier();
  private final AttributionRequest request =
      AttributionRequest.of(animals, Networks.row(1, 1, -1), "slope");

  private void refused(String text, AttributionRequest asked) {
    AttributionException e =
        assertThrows(AttributionException.class, () -> attributor.attribute(asked));
    assertEquals(text, e.getMessage());
  }

  @Test
  void anUnknownMethod() {
    refused(
        "no method is named slop; nearest: slope; known: boom, forward-only, slope, spin",
        request.withMethod("slop"));
    refused(
        "no method is named integrated-gradients; known: boom, forward-only, slope, spin",
        request.withMethod("integrated-gradients"));
  }

  @Test
  void options() {
    refused("slope has no option step; known: steps", request.withOption("step", 3));
    refused(
        "slope: option steps is 0; it must be a whole number from 1 to 100000",
        request.withOption("steps", 0));
  }

  @Test
  void anUnknownBackend() {
    refused("no backend is named cuda; known: reference", request.withBackend("cuda"));
    AttributionException none =
        assertThrows(
            AttributionException.class,
            () -> {
              AttributorService bare = new AttributorService(Fixture.settings(8));
              Fixture.bind(bare, new Slope());
              bare.attribute(request);
            });
    assertEquals(
        "no backend is installed; install one, such as wherefore.backend.cpu", none.getMessage());
  }

  @Test
  void inputs() {
    refused(
        "model animals needs its input x f32[batch,3], which is missing; given: none",
        AttributionRequest.of(animals, Map.of(), "slope"));
    refused(
        "model animals has no input z; known: x",
        AttributionRequest.of(animals, Map.of("z", Networks.row(1, 2, 3)), "slope"));
    refused(
        "model animals expects its input x f32[batch,3]; f32[1,4] was given",
        AttributionRequest.of(animals, Networks.row(1, 2, 3, 4), "slope"));
    refused(
        "model animals expects its input x f32[batch,3]; i64[1,3] was given",
        AttributionRequest.of(animals, Tensor.of(Shape.of(1, 3), 1L, 2, 3), "slope"));
    refused(
        "input x has 2 examples along its first axis; a request explains one: ask for each",
        AttributionRequest.of(animals, Tensor.of(Shape.of(2, 3), 1f, 2, 3, 4, 5, 6), "slope"));
    refused(
        "input x has 2 examples along its first axis; a request explains one: ask for each",
        AttributionRequest.of(
            Networks.classifier(1), Tensor.of(Shape.of(2, 3), 1f, 2, 3, 4, 5, 6), "slope"));
  }

  @Test
  void aModelWithoutAFirstAxis() {
    Model scalar =
        Networks.model(
            "scalar",
            List.of(Networks.port("x", Networks.F32)),
            List.of(),
            (b, in) -> Networks.input(in, "x"));
    refused(
        "model scalar can't be explained: its input x f32[] has no first axis for examples",
        AttributionRequest.of(scalar, Tensor.of(Shape.SCALAR, 1f), "slope"));
  }

  @Test
  void layers() {
    refused(
        "to: model animals has no layer hiden; nearest: hidden; known: hidden, act, logits, probs",
        request.withTo("hiden"));
    refused(
        "target conv9[1]: model animals has no layer conv9; known: hidden, act, logits, probs",
        request.withTarget(Target.parse("conv9[1]")));
    refused(
        "to: target hidden[0] does not depend on layer act; name a layer before it",
        request.withTo("act").withTarget(Target.parse("hidden[0]")));
    refused(
        "to: target predicted does not depend on layer probs; name a layer before it",
        request.withTo("probs"));
  }

  @Test
  void aLayerWithoutRows() {
    Model weights =
        Networks.model(
            "weights",
            List.of(Networks.port("x", Networks.F32, -1, 2)),
            List.of(),
            (b, in) -> {
              Tensor w = Tensor.of(Shape.of(2), 1f, 2f);
              var squashed = b.at("squash").unary(UnaryFunction.TANH, b.constant(w));
              return b.at("scale").mul(Networks.input(in, "x"), squashed);
            });
    refused(
        "to: layer squash yields f32[2], which has no row for each example along its first axis",
        AttributionRequest.of(weights, Networks.row(1, 1), "slope").withTo("squash"));
  }

  @Test
  void targets() {
    refused(
        "target 3 is out of range: the output of model animals is [3] an example, so it must be"
            + " 0 to 2",
        request.withTarget(Target.of(3)));
    refused(
        "target hidden[4] is out of range: layer hidden is [4] an example, so it must be 0 to 3",
        request.withTarget(Target.parse("hidden[4]")));
    refused(
        "target 0,1 has 2 numbers; the output of model animals is [3] an example, so it needs 1",
        request.withTarget(Target.of(0, 1)));
    refused(
        "model animals has no label dig; nearest: dog; known: cat, dog, owl",
        request.withTarget(Target.parse("dig")));
    refused(
        "target cat is no index, and the card of model wavy has no labels; the output of model"
            + " wavy is [1] an example",
        AttributionRequest.of(Networks.wavy(2), Networks.row(1, 2), "slope")
            .withTarget(Target.parse("cat")));
    refused(
        "model animals predicts nothing here: its output is f64[1,3] {NaN, NaN, NaN}; name a"
            + " target by its index",
        AttributionRequest.of(animals, Networks.row(Float.NaN, 1, 1), "slope"));
  }

  @Test
  void baselines() {
    refused(
        "baseline mean.npy is f32[1,4]; input x needs f32[1,3], or several along the first axis",
        request.withBaseline(new Baseline.Given(Networks.row(1, 2, 3, 4), "mean.npy")));
    refused(
        "baseline blurred(0.0): its deviation must be a positive number",
        request.withBaseline(new Baseline.Blurred(0)));
    refused(
        "baseline uniform(1.0,0.0,5): its low end must be less than its high end",
        request.withBaseline(new Baseline.Uniform(1, 0, 5)));
    refused(
        "baseline gaussian(1.0,0): its number of draws must be at least 1",
        request.withBaseline(new Baseline.Gaussian(1, 0)));
    ModelCard card =
        new ModelCard(
            "", "", "", "", Optional.empty(), List.of(), List.of(), Optional.of("average"));
    Model carded =
        new Model(
            "animals",
            "test",
            "",
            "animals.onnx",
            card,
            animals.inputs(),
            animals.outputs(),
            animals.network());
    refused(
        "the card of model animals says baseline average is not known; known: zero, constant(v),"
            + " blurred(sigma), uniform(low,high,n), gaussian(sigma,n), projection, or a file that exists; a"
            + " card may name a .npy file beside it",
        AttributionRequest.of(carded, Networks.row(1, 1, -1), "slope"));
  }

  @Test
  void aBlackBox() {
    Network.Black network = inputs -> Map.of("y", Networks.row(1));
    Model box =
        new Model(
            "box",
            "java",
            "",
            "a function",
            ModelCard.EMPTY,
            animals.inputs(),
            animals.outputs(),
            network);
    refused(
        "method slope needs a graph, and model box is a function without one; methods that work:"
            + " forward-only",
        AttributionRequest.of(box, Networks.row(1, 1, -1), "slope"));
    assertEquals(
        Networks.row(1),
        attributor.predict(box, Map.of("x", Networks.row(1, 2, 3)), Optional.empty()).get("y"));
  }

  @Test
  void nothingToExplain() {
    Model tokens =
        Networks.model(
            "tokens",
            List.of(Networks.port("ids", ElementType.INT64, -1, 2)),
            List.of(),
            (b, in) -> b.cast(Networks.input(in, "ids"), Networks.F32));
    refused(
        "model tokens has no floating-point input that could be explained: [ids i64[batch,2]]",
        AttributionRequest.of(tokens, Tensor.of(Shape.of(1, 2), 1L, 2), "slope"));
  }

  @Test
  void aMethodThatMisbehaves() {
    refused(
        "boom on model animals failed: java.lang.IllegalStateException: boom",
        request.withMethod("boom"));
    refused(
        "method forward-only answers with nothing for x; it must be an attribution of shape [1,3]",
        request.withMethod("forward-only"));
  }

  @Test
  void settings() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> Settings.of(Map.of("wherefore.grace", "soon")));
    assertEquals(
        "setting wherefore.grace is soon; it must be a positive number of seconds", e.getMessage());
    assertEquals(Duration.ofMillis(1500), Settings.of(Map.of("wherefore.drain", "1.5")).drain());
    assertEquals(Duration.ofSeconds(5), Settings.of(Map.of()).grace());
  }
}
