package wherefore.runtime.attributor;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.Network;
import wherefore.model.Port;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Small models whose numbers can be worked out by hand. */
final class Networks {
  static final ElementType F32 = ElementType.FLOAT32;

  private Networks() {}

  static Shape shape(Map<String, Shape> shapes, String name) {
    return Objects.requireNonNull(shapes.get(name), name);
  }

  static Port port(String name, ElementType element, int... extents) {
    return new Port(
        name,
        element,
        Arrays.stream(extents)
            .mapToObj(e -> e < 0 ? Port.Axis.free("batch") : Port.Axis.fixed(e))
            .toList());
  }

  static Model model(
      String name,
      List<Port> inputs,
      List<String> labels,
      BiFunction<GraphBuilder, SequencedMap<String, Value>, Value> body) {
    Network.White network = shapes -> graph(inputs, shapes, body);
    ModelCard card =
        new ModelCard(name, "", "", "", Optional.empty(), labels, List.of(), Optional.empty());
    Port output = port("y", F32, -1, Math.max(1, labels.size()));
    return new Model(name, "test", "0".repeat(64), name, card, inputs, List.of(output), network);
  }

  private static Graph graph(
      List<Port> inputs,
      Map<String, Shape> shapes,
      BiFunction<GraphBuilder, SequencedMap<String, Value>, Value> body) {
    GraphBuilder b = new GraphBuilder();
    SequencedMap<String, Value> values = new LinkedHashMap<>();
    for (Port p : inputs) {
      values.put(p.name(), b.input(p.name(), p.element(), shape(shapes, p.name())));
    }
    Value y = body.apply(b, values);
    return b.output("y", y).build();
  }

  static Value input(SequencedMap<String, Value> inputs, String name) {
    return Objects.requireNonNull(inputs.get(name), name);
  }

  private static final Tensor W1 =
      Tensor.of(Shape.of(3, 4), 1f, -2, 3, 0.5f, 2, 1, -1, 0.25f, -3, 0.5f, 1, 2);
  private static final Tensor W2 =
      Tensor.of(Shape.of(4, 3), 1f, 2, -1, 0, 1, 3, -2, 1, 1, 0.5f, -1, 2);

  /** softmax(relu(x·W1)·W2), x [n,3]; layers hidden, act, logits, probs; labels cat, dog, owl. */
  static Model classifier() {
    return classifier(-1);
  }

  static Model classifier(int batch) {
    return model(
        "animals",
        List.of(port("x", F32, batch, 3)),
        List.of("cat", "dog", "owl"),
        (b, in) -> {
          Value w1 = b.constant(W1);
          Value w2 = b.constant(W2);
          Value hidden = b.at("hidden").matMul(input(in, "x"), w1);
          Value act = b.at("act").apply(new Composite.Relu(), hidden);
          Value logits = b.at("logits").matMul(act, w2);
          return b.at("probs").apply(new Composite.Softmax(1), logits);
        });
  }

  /** y = Σ a·b·mask, [n,1]. */
  static Model twoInputs() {
    return model(
        "product",
        List.of(
            port("a", F32, -1, 2), port("b", F32, -1, 2), port("mask", ElementType.INT64, -1, 2)),
        List.of(),
        (b, in) -> {
          Value product = b.at("mul").mul(input(in, "a"), input(in, "b"));
          Value masked = b.at("mask").mul(product, b.cast(input(in, "mask"), F32));
          return b.at("sum").sum(masked, List.of(1));
        });
  }

  /** Row-wise functions that are sensitive to rounding: [n,size] to [n,1]. */
  static Model wavy(int size) {
    return model(
        "wavy",
        List.of(port("x", F32, -1, size)),
        List.of(),
        (b, in) -> {
          Value x = input(in, "x");
          Value wave = b.at("wave").unary(UnaryFunction.TANH, b.mul(x, 1.7));
          Value mixed = b.at("mix").mul(wave, b.unary(UnaryFunction.SIGMOID, b.mul(x, -0.3)));
          return b.at("sum").sum(mixed, List.of(1));
        });
  }

  static Tensor tensor(Map<String, Tensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  static Tensor row(float... values) {
    return Tensor.of(Shape.of(1, values.length), values);
  }
}
