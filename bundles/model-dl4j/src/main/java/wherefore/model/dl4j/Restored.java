package wherefore.model.dl4j;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import wherefore.model.ModelException;
import wherefore.model.Port.Axis;

/**
 * A network as DL4J restores it, in topological order. Its parameters lie in ND4J's memory until it
 * is closed.
 *
 * @param inputs names of the network's inputs
 * @param forms axes of inputs, where the file tells them
 * @param stages layers and vertices; each reads inputs or earlier stages
 * @param outputs names of stages
 * @param parameters what all weights are views of
 */
record Restored(
    List<String> inputs,
    Map<String, List<Axis>> forms,
    List<Stage> stages,
    List<String> outputs,
    @Nullable INDArray parameters)
    implements AutoCloseable {
  private static final Pattern CLASS = Pattern.compile("\"@class\"\\s*:\\s*\"([^\"]*)\"");

  /** Packages whose classes hold settings, and do nothing when they are made. */
  private static final List<String> ALLOWED =
      List.of(
          "org.deeplearning4j.nn.conf.",
          "org.deeplearning4j.nn.layers.util.IdentityLayer",
          "org.deeplearning4j.nn.weights.",
          "org.deeplearning4j.nn.modelimport.keras.preprocessors.",
          "org.deeplearning4j.preprocessors.",
          "org.nd4j.linalg.activations.impl.",
          "org.nd4j.linalg.learning.config.",
          "org.nd4j.linalg.learning.regularization.",
          "org.nd4j.linalg.lossfunctions.impl.",
          "org.nd4j.linalg.schedule.");

  private static final Pattern ESCAPED_ASCII = Pattern.compile("\\\\u00[0-7]");

  /** Lets DL4J restore what is in an archive. */
  static Restored of(Archive archive, String file) throws ModelException {
    checkClasses(archive.configuration(), file);
    INDArray parameters =
        archive.coefficients().length == 0
            ? null
            : SerializedArray.read(archive.coefficients(), file + ": coefficients.bin")
                .orElse(null);
    try {
      return isGraph(archive.configuration())
          ? graph(archive.configuration(), parameters)
          : layers(archive.configuration(), parameters);
    } catch (RuntimeException | StackOverflowError e) {
      release(parameters);
      throw new ModelException(
          "%s: DL4J can't restore the network: %s".formatted(file, rootMessage(e)), e);
    }
  }

  /** Jackson makes objects of the classes that the JSON names: only DL4J's own may be named. */
  private static void checkClasses(String configuration, String file) throws ModelException {
    Json.checkDepth(configuration, file + ": configuration.json");
    if (ESCAPED_ASCII.matcher(configuration).find()) {
      throw new ModelException(file + ": configuration.json hides letters behind escapes");
    }
    Set<String> foreign = new TreeSet<>();
    Matcher named = CLASS.matcher(configuration);
    while (named.find()) {
      String name = named.group(1);
      if (ALLOWED.stream().noneMatch(name::startsWith)) {
        foreign.add(name);
      }
    }
    if (!foreign.isEmpty()) {
      throw new ModelException(
          "%s: configuration.json names classes that are not DL4J's: %s; custom layers are not supported"
              .formatted(file, String.join(", ", foreign)));
    }
  }

  private static boolean isGraph(String configuration) {
    return configuration.contains("\"networkInputs\"");
  }

  private static Restored layers(String json, @Nullable INDArray parameters) {
    MultiLayerConfiguration conf = MultiLayerConfiguration.fromJson(json);
    if (parameters != null) {
      conf.setDataType(parameters.dataType());
    }
    MultiLayerNetwork network = new MultiLayerNetwork(conf);
    network.init(parameters, false);
    return layers(network, Map.of(), parameters);
  }

  /**
   * A network that DL4J holds in memory.
   *
   * @param forms axes of the input, if they are known
   */
  static Restored layers(MultiLayerNetwork network, Map<String, List<Axis>> forms) {
    return layers(network, forms, network.params());
  }

  private static Restored layers(
      MultiLayerNetwork network, Map<String, List<Axis>> forms, @Nullable INDArray parameters) {
    MultiLayerConfiguration conf = network.getLayerWiseConfigurations();
    List<Stage> stages = new ArrayList<>();
    Set<String> names = new HashSet<>();
    String previous = "input";
    for (int i = 0; i < network.getnLayers(); i++) {
      org.deeplearning4j.nn.conf.layers.Layer layer = conf.getConf(i).getLayer();
      String name = unique(layer.getLayerName(), i, names);
      Optional<org.deeplearning4j.nn.conf.InputPreProcessor> before =
          Optional.ofNullable(conf.getInputPreProcess(i));
      stages.add(
          new Stage.OfLayer(name, List.of(previous), before, layer, weights(network.getLayer(i))));
      previous = name;
    }
    return new Restored(List.of("input"), forms, stages, List.of(previous), parameters);
  }

  private static String unique(@Nullable String given, int index, Set<String> taken) {
    String name = given == null || given.isEmpty() ? "layer" + index : given;
    while (name.equals("input") || !taken.add(name)) {
      name += "_" + index;
    }
    return name;
  }

  private static Restored graph(String json, @Nullable INDArray parameters) {
    ComputationGraphConfiguration conf = ComputationGraphConfiguration.fromJson(json);
    if (parameters != null) {
      conf.setDataType(parameters.dataType());
    }
    ComputationGraph network = new ComputationGraph(conf);
    network.init(parameters, false);
    return graph(network, Map.of(), parameters);
  }

  /**
   * A graph that DL4J holds in memory.
   *
   * @param forms axes of inputs, as far as they are known
   */
  static Restored graph(ComputationGraph network, Map<String, List<Axis>> forms) {
    return graph(network, forms, network.params());
  }

  private static Restored graph(
      ComputationGraph network, Map<String, List<Axis>> forms, @Nullable INDArray parameters) {
    ComputationGraphConfiguration conf = network.getConfiguration();
    List<Stage> stages = new ArrayList<>();
    for (int index : network.topologicalSortOrder()) {
      String name = network.getVertices()[index].getVertexName();
      GraphVertex vertex = conf.getVertices().get(name);
      if (vertex != null) {
        stages.add(
            stage(name, conf.getVertexInputs().getOrDefault(name, List.of()), vertex, network));
      }
    }
    return new Restored(
        conf.getNetworkInputs(), forms, stages, conf.getNetworkOutputs(), parameters);
  }

  private static Stage stage(
      String name, List<String> operands, GraphVertex vertex, ComputationGraph network) {
    return switch (vertex) {
      case LayerVertex layer ->
          new Stage.OfLayer(
              name,
              operands,
              Optional.ofNullable(layer.getPreProcessor()),
              layer.getLayerConf().getLayer(),
              weights(network.getLayer(name)));
      case PreprocessorVertex form ->
          new Stage.OfPreProcessor(name, operands, form.getPreProcessor());
      case FrozenVertex frozen -> stage(name, operands, frozen.getUnderlying(), network);
      case DuplicateToTimeSeriesVertex d ->
          new Stage.OfVertex(name, List.of(operands.getFirst(), d.getInputName()), d, Weights.NONE);
      default -> new Stage.OfVertex(name, operands, vertex, weights(network.getVertex(name)));
    };
  }

  private static Weights weights(Trainable trainable) {
    Map<String, INDArray> table = trainable.paramTable(false);
    return table == null ? Weights.NONE : new Weights(table);
  }

  /** The first line of what the first cause says. */
  static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message =
        root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    return message.lines().findFirst().orElse("").strip();
  }

  @Override
  public void close() {
    release(parameters);
  }

  private static void release(@Nullable INDArray parameters) {
    if (parameters != null && parameters.closeable()) {
      parameters.close();
    }
  }
}
