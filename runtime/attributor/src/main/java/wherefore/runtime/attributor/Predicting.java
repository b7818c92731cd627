package wherefore.runtime.attributor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import wherefore.attribution.AttributionException;
import wherefore.attribution.Program;
import wherefore.attribution.Rows;
import wherefore.compute.ComputeException;
import wherefore.graph.Graph;
import wherefore.model.Model;
import wherefore.model.Network;
import wherefore.model.Port;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * A model's outputs. What fits the model's inputs goes in as it is; a batch is split where memory
 * demands it, or where the model takes one example at a time.
 */
final class Predicting {
  private final Model model;
  private final Map<String, Tensor> inputs;
  private final Optional<Batches> onBackend;

  Predicting(Model model, Map<String, Tensor> inputs, Batches batches) {
    this(model, inputs, Optional.of(batches));
  }

  /** Of a function without a graph. */
  Predicting(Model model, Map<String, Tensor> inputs) {
    this(model, inputs, Optional.empty());
  }

  private Predicting(Model model, Map<String, Tensor> inputs, Optional<Batches> onBackend) {
    this.model = model;
    this.inputs = inputs;
    this.onBackend = onBackend;
  }

  private Batches batches() {
    return onBackend.orElseThrow();
  }

  Map<String, Tensor> outputs() {
    Inputs.checkNames(model, inputs);
    OptionalInt rows = rows();
    if (model.inputs().stream().allMatch(p -> p.accepts(shape(p)))) {
      return rows.orElse(1) > 1 && model.isBatched() ? batch(rows.getAsInt()) : whole(rows);
    }
    for (Port port : model.inputs()) {
      if (rows.isEmpty() || !port.accepts(shape(port).with(0, 1))) {
        throw Inputs.mismatch(model, port, input(port));
      }
    }
    return oneByOne(rows.getAsInt());
  }

  private Tensor input(Port port) {
    Tensor value = inputs.get(port.name());
    if (value == null) {
      throw new AttributionException("input " + port.name() + " is missing");
    }
    return value;
  }

  private Shape shape(Port port) {
    return input(port).shape();
  }

  /** How many examples, if all inputs agree. */
  private OptionalInt rows() {
    List<Integer> extents =
        inputs.values().stream()
            .map(t -> t.shape().rank() == 0 ? -1 : t.shape().dim(0))
            .distinct()
            .toList();
    return extents.size() == 1 && extents.get(0) > 0
        ? OptionalInt.of(extents.get(0))
        : OptionalInt.empty();
  }

  private Graph graph(int rows) {
    Map<String, Shape> shapes = new HashMap<>();
    inputs.forEach((name, value) -> shapes.put(name, value.shape().with(0, rows)));
    return model.graph(shapes);
  }

  private Graph graph() {
    return model.graph(
        inputs.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().shape())));
  }

  private Map<String, Tensor> whole(OptionalInt rows) {
    return switch (model.network()) {
      case Network.White white -> batches().whole(graph(), inputs, rows.orElse(1));
      case Network.Black black -> black.predict(inputs);
    };
  }

  /** All at once where memory allows, since only then nothing is assumed about the first axis. */
  private Map<String, Tensor> batch(int rows) {
    if (model.network() instanceof Network.White && !batches().fits(graph())) {
      return split(rows);
    }
    try {
      return whole(OptionalInt.of(rows));
    } catch (ComputeException e) {
      if (!e.isTooLarge()) {
        throw e;
      }
      return split(rows);
    }
  }

  private Map<String, Tensor> split(int rows) {
    Map<String, List<Tensor>> parts = new LinkedHashMap<>();
    batches()
        .run(
            new Program(this::graph),
            Rows.of(inputs),
            Map.of(),
            (from, to, outputs) -> append(parts, outputs));
    return joined(parts, rows);
  }

  private Map<String, Tensor> oneByOne(int rows) {
    if (model.network() instanceof Network.White) {
      return split(rows);
    }
    Map<String, List<Tensor>> parts = new LinkedHashMap<>();
    for (int k = 0; k < rows; k++) {
      Map<String, Tensor> row = new HashMap<>();
      int at = k;
      inputs.forEach((name, value) -> row.put(name, value.rows(at, at + 1)));
      append(parts, new Predicting(model, row, onBackend).outputs());
    }
    return joined(parts, rows);
  }

  private static void append(Map<String, List<Tensor>> parts, Map<String, Tensor> outputs) {
    outputs.forEach((name, t) -> parts.computeIfAbsent(name, n -> new ArrayList<>()).add(t));
  }

  private Map<String, Tensor> joined(Map<String, List<Tensor>> parts, int rows) {
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    parts.forEach((name, list) -> outputs.put(name, Tensor.concatRows(list)));
    outputs.forEach(
        (name, t) -> {
          if (t.shape().dim(0) != rows) {
            throw new AttributionException(
                "output %s of model %s has %d rows for %d examples"
                    .formatted(name, model.name(), t.shape().dim(0), rows));
          }
        });
    return outputs;
  }
}
