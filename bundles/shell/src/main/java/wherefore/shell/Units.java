package wherefore.shell;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import wherefore.attribution.Attributor;
import wherefore.attribution.Subject;
import wherefore.attribution.Target;
import wherefore.graph.Graph;
import wherefore.graph.GraphException;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.model.Intervention;
import wherefore.model.Model;
import wherefore.model.Network;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** What can be set within a model, by the names that a person gives it. */
final class Units {
  private static final Pattern PLACED = Pattern.compile("(.+)\\[(\\d{1,9}(?:\\s*,\\s*\\d{1,9})*)]");
  private static final String VALUE = "wherefore.value/";

  private final Model model;
  private final Map<String, Tensor> inputs;
  private final Graph graph;

  /**
   * @param inputs one example
   */
  Units(Model model, Map<String, Tensor> inputs) {
    if (!(model.network() instanceof Network.White)) {
      throw Failure.failed(
          "model %s is a function without a graph: nothing within it can be set"
              .formatted(model.name()));
    }
    this.model = model;
    this.inputs = inputs;
    Map<String, Shape> shapes = new HashMap<>();
    inputs.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    this.graph = model.graph(shapes);
  }

  /** {@code LAYER}, {@code LAYER[i,j]}, or a concept of the model's card. */
  Intervention named(String text) {
    Matcher placed = PLACED.matcher(text);
    Intervention unit =
        names().contains(text)
            ? new Intervention(text, List.of())
            : concept(text)
                .or(() -> placed.matches() ? Optional.of(placed(placed)) : Optional.empty())
                .orElseThrow(() -> unknown(text));
    return checked(unit, text);
  }

  private Intervention placed(Matcher m) {
    return new Intervention(
        m.group(1),
        Arrays.stream(m.group(2).split(",")).map(String::strip).map(Integer::valueOf).toList());
  }

  private Optional<Intervention> concept(String name) {
    return model
        .card()
        .concepts()
        .filter(c -> c.names().contains(name))
        .map(c -> new Intervention(c.layer(), List.of(c.names().indexOf(name))));
  }

  /** Inputs and layers. */
  private List<String> names() {
    List<String> names = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Leaf.Input input) {
        names.add(input.name());
      }
    }
    names.addAll(graph.layers().sequencedKeySet());
    return names;
  }

  private Intervention checked(Intervention unit, String text) {
    if (!names().contains(unit.layer())) {
      throw unknown(text);
    }
    try {
      requireComputedFrom(unit.node(graph), text);
      return unit;
    } catch (GraphException e) {
      throw Failure.failed("'%s': %s".formatted(text, e.getMessage()));
    }
  }

  /**
   * Probabilities at the end are read by the scores that they come from, which would not follow.
   */
  private void requireComputedFrom(Node set, String text) {
    Node scored = Subject.scored(graph, Target.PREDICTED);
    boolean isAfter = scored.id() < set.id() && graph.outputs().containsValue(set.id());
    if (isAfter) {
      throw Failure.failed(
          "'%s' is what the model answers, computed from the scores of %s: set a layer before it"
              .formatted(text, scored.describe()));
    }
  }

  private Failure unknown(String text) {
    String concepts =
        model
            .card()
            .concepts()
            .map(c -> "; concepts of " + c.layer() + ": " + String.join(", ", c.names()))
            .orElse("; its card names no concepts");
    return Failure.failed(
        "model %s has nothing named '%s'; a layer, as LAYER or LAYER[i], is one of: %s%s"
            .formatted(model.name(), text, String.join(", ", new TreeSet<>(names())), concepts));
  }

  /** A unit's name: its concept's where it is one. */
  String name(Intervention unit) {
    List<String> names = model.card().concepts(unit.layer());
    return unit.place().size() == 1 && unit.place().get(0) < names.size()
        ? names.get(unit.place().get(0))
        : unit.toString();
  }

  /** The mean over each unit's elements as the model computes them from the input. */
  List<Double> values(List<Intervention> units, Attributor attributor, Optional<String> backend) {
    Network.White watched =
        shapes -> {
          Graph all = model.graph(shapes);
          SequencedMap<String, Integer> outputs = new LinkedHashMap<>(all.outputs());
          units.forEach(u -> outputs.put(VALUE + u.layer(), u.node(all).id()));
          return new Graph(all.nodes(), outputs);
        };
    Map<String, Tensor> values = attributor.predict(model.with(watched), inputs, backend);
    return units.stream()
        .map(u -> mean(u, Objects.requireNonNull(values.get(VALUE + u.layer()))))
        .toList();
  }

  private static double mean(Intervention unit, Tensor value) {
    return Arrays.stream(unit.elements(value.shape()))
        .mapToDouble(value::get)
        .average()
        .orElse(Double.NaN);
  }

  /** How many numbers a unit is. */
  int size(Intervention unit) {
    return unit.elements(unit.node(graph).shape()).length;
  }

  /** The inputs of {@link Intervention#settable} for rows of values, an entry a unit in each. */
  Map<String, Tensor> inputs(List<double[]> rows) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    inputs.forEach(
        (name, tensor) ->
            all.put(name, Tensor.concatRows(Collections.nCopies(rows.size(), tensor))));
    int units = rows.get(0).length;
    for (int u = 0; u < units; u++) {
      int unit = u;
      double[] column = rows.stream().mapToDouble(r -> r[unit]).toArray();
      all.put(Intervention.port(u), Tensor.of(Shape.of(column.length), column));
    }
    return all;
  }
}
