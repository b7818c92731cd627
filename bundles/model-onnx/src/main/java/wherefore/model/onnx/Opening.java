package wherefore.model.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import wherefore.graph.Graph;
import wherefore.graph.GraphException;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.model.Port;
import wherefore.model.Port.Axis;
import wherefore.tensor.Shape;

/**
 * Makes a model of a file: refuses what the table lacks, and finds out by building graphs which
 * axes are free in fact, whatever the file says.
 */
final class Opening {
  /** Extents that free axes other than the batch are tried with, one after the other. */
  private static final List<Integer> GUESSES = List.of(32, 64, 224, 299, 8, 1);

  private final OnnxFile file;
  private final ModelCard card;
  private final Folding folding = new Folding();
  private final Map<Map<String, Shape>, Graph> built = new LinkedHashMap<>();
  private boolean freed;

  Opening(OnnxFile file, ModelCard card) {
    this.file = file;
    this.card = card;
  }

  Model model(Path path) throws ModelException {
    GraphProto graph = file.model().getGraph();
    refuseGaps(graph);
    try {
      return model(path, declaredInputs(graph));
    } catch (IllegalArgumentException e) {
      throw new ModelException(file.name() + ": " + e.getMessage(), e);
    }
  }

  private void refuseGaps(GraphProto graph) throws ModelException {
    List<String> gaps = Needed.gaps(Needed.nodes(graph), file.functions(), file.opsets());
    if (!gaps.isEmpty()) {
      boolean quantised = gaps.stream().anyMatch(Opening::isQuantised);
      throw new ModelException(
          "%s: %d %s not supported: %s%s; the optional bundle wherefore.model.onnxruntime would run it for methods that only evaluate"
              .formatted(
                  file.name(),
                  gaps.size(),
                  gaps.size() == 1 ? "operator is" : "operators are",
                  String.join(", ", gaps),
                  quantised ? "; a quantised model has no gradient: export it unquantised" : ""));
    }
  }

  private static boolean isQuantised(String gap) {
    return Quantized.isQuantized(gap.substring(0, gap.indexOf(' ')));
  }

  // --- what the file says ---------------------------------------------------------------------

  private List<Port> declaredInputs(GraphProto graph) {
    Set<String> weights = new HashSet<>();
    graph.getInitializerList().forEach(t -> weights.add(t.getName()));
    Set<String> used = Needed.names(graph, Needed.nodes(graph));
    return graph.getInputList().stream()
        .filter(i -> !weights.contains(i.getName()) && used.contains(i.getName()))
        .map(Opening::port)
        .toList();
  }

  private static Port port(ValueInfoProto info) {
    if (!info.getType().hasTensorType()) {
      throw new GraphException("input \"" + info.getName() + "\" is no tensor");
    }
    if (!info.getType().getTensorType().hasShape()) {
      throw new GraphException("input \"" + info.getName() + "\" has no shape");
    }
    List<Axis> axes =
        info.getType().getTensorType().getShape().getDimList().stream().map(Opening::axis).toList();
    try {
      return new Port(
          info.getName(), TensorReader.element(info.getType().getTensorType().getElemType()), axes);
    } catch (GraphException e) {
      throw new GraphException("input \"" + info.getName() + "\" has " + e.getMessage(), e);
    }
  }

  private static Axis axis(TensorShapeProto.Dimension dim) {
    return dim.getDimValue() > 0
        ? Axis.fixed((int) Math.min(dim.getDimValue(), Integer.MAX_VALUE))
        : Axis.free(dim.getDimParam());
  }

  // --- what is so in fact ---------------------------------------------------------------------

  private Model model(Path path, List<Port> declared) {
    int guess = guess(declared);
    Graph one = build(declared, shapes(declared, 1, guess));
    List<Port> inputs = settled(declared, guess);
    freed =
        inputs.stream().anyMatch(Port::isBatched) && declared.stream().noneMatch(Port::isBatched);
    List<Port> outputs = outputs(inputs, one, guess);
    String name = path.getFileName().toString();
    String base = name.endsWith(".onnx") ? name.substring(0, name.length() - 5) : name;
    return new Model(
        card.name().isEmpty() ? base : card.name(),
        "onnx",
        file.tensors().digest(file.digest()),
        path.toString(),
        card,
        inputs,
        outputs,
        new OnnxNetwork(file, inputs, freed, folding, built));
  }

  private Graph build(List<Port> inputs, Map<String, Shape> shapes) {
    Graph known = built.get(shapes);
    if (known != null) {
      return known;
    }
    try {
      Graph graph = Importer.graph(file, inputs, shapes, freed, folding);
      built.put(shapes, graph);
      return graph;
    } catch (GraphException | TooLargeException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new GraphException(String.valueOf(e.getMessage()), e);
    }
  }

  private Optional<Graph> tried(List<Port> inputs, int batch, int guess) {
    try {
      return Optional.of(build(inputs, shapes(inputs, batch, guess)));
    } catch (TooLargeException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The first guess that a graph can be built with; the first of all if there is none. */
  private int guess(List<Port> declared) {
    boolean open = hasOpenAxes(declared);
    return GUESSES.stream()
        .filter(g -> !open || tried(declared, 1, g).isPresent())
        .findFirst()
        .orElse(GUESSES.get(0));
  }

  private static boolean hasOpenAxes(List<Port> inputs) {
    return inputs.stream().anyMatch(p -> p.axes().stream().skip(1).anyMatch(Axis::isFree));
  }

  private static Map<String, Shape> shapes(List<Port> inputs, int batch, int guess) {
    String name =
        inputs.stream()
            .filter(Port::isBatched)
            .map(p -> p.axes().get(0).name())
            .findFirst()
            .orElse("");
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (Port port : inputs) {
      int[] dims =
          IntStream.range(0, port.axes().size())
              .map(a -> extent(port.axes().get(a), a, name, batch, guess))
              .toArray();
      shapes.put(port.name(), Shape.of(dims));
    }
    return shapes;
  }

  private static int extent(Axis axis, int place, String batchName, int batch, int guess) {
    if (!axis.isFree()) {
      return axis.extent();
    }
    boolean isBatch = place == 0 || (!batchName.isEmpty() && axis.name().equals(batchName));
    return isBatch ? batch : guess;
  }

  /**
   * A batch that the file leaves free but that only works as 1 is fixed; one that the file fixes at
   * 1, but that may be anything without the examples meeting, is free.
   */
  private List<Port> settled(List<Port> declared, int guess) {
    if (declared.stream().anyMatch(Port::isBatched)) {
      boolean works = tried(declared, 2, guess).isPresent();
      return works ? declared : withBatch(declared, Axis.fixed(1), true);
    }
    boolean single =
        !declared.isEmpty()
            && declared.stream()
                .allMatch(p -> !p.axes().isEmpty() && p.axes().get(0).extent() == 1);
    if (!single) {
      return declared;
    }
    List<Port> open = withBatch(declared, Axis.free("batch"), false);
    freed = true;
    boolean works = tried(open, 2, guess).isPresent() && tried(open, 3, guess).isPresent();
    return works ? open : declared;
  }

  private static List<Port> withBatch(List<Port> ports, Axis batch, boolean onlyFree) {
    return ports.stream()
        .map(
            p -> {
              List<Axis> axes = new ArrayList<>(p.axes());
              if (!onlyFree || p.isBatched()) {
                axes.set(0, batch);
              }
              return new Port(p.name(), p.element(), axes);
            })
        .toList();
  }

  /** An output's axis is free where its extent changes with the inputs'. */
  private List<Port> outputs(List<Port> inputs, Graph one, int guess) {
    List<Graph> others = new ArrayList<>();
    if (inputs.stream().anyMatch(Port::isBatched)) {
      tried(inputs, 2, guess).ifPresent(others::add);
    }
    GUESSES.stream()
        .filter(g -> g != guess && hasOpenAxes(inputs))
        .map(g -> tried(inputs, 1, g))
        .flatMap(Optional::stream)
        .findFirst()
        .ifPresent(others::add);
    return file.model().getGraph().getOutputList().stream()
        .map(o -> output(o, inputs, one, others))
        .toList();
  }

  private static Port output(
      ValueInfoProto info, List<Port> inputs, Graph one, List<Graph> others) {
    String name = info.getName();
    Shape shape = one.output(name).shape();
    List<TensorShapeProto.Dimension> declared =
        info.getType().getTensorType().getShape().getDimList();
    List<Axis> axes = new ArrayList<>();
    for (int a = 0; a < shape.rank(); a++) {
      int axis = a;
      boolean varies =
          others.stream()
              .map(g -> g.output(name).shape())
              .anyMatch(s -> s.rank() != shape.rank() || s.dim(axis) != shape.dim(axis));
      String label = a < declared.size() ? declared.get(a).getDimParam() : "";
      axes.add(
          varies
              ? Axis.free(label.isEmpty() ? label(inputs, a) : label)
              : Axis.fixed(shape.dim(a)));
    }
    return new Port(name, one.output(name).type().element(), axes);
  }

  private static String label(List<Port> inputs, int axis) {
    return axis > 0 || inputs.isEmpty() || inputs.get(0).axes().isEmpty()
        ? ""
        : Objects.requireNonNull(inputs.get(0).axes().get(0).name());
  }
}
