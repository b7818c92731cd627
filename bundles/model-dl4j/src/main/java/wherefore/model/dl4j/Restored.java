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
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import wherefore.model.ModelException;

/**
 * A network as DL4J restores it, in topological order. Its parameters lie in ND4J's memory until it
 * is closed.
 *
 * @param inputs names of the network's inputs
 * @param stages layers and vertices; each reads inputs or earlier stages
 * @param outputs names of stages
 * @param parameters what all weights are views of
 */
record Restored(
    List<String> inputs, List<Stage> stages, List<String> outputs, @Nullable INDArray parameters)
    implements AutoCloseable {
  private static final Pattern CLASS = Pattern.compile("\"@class\"\\s*:\\s*\"([^\"]*)\"");
  private static final Pattern ESCAPED_ASCII = Pattern.compile("\\\\u00[0-7]");

  /** Lets DL4J restore what is in an archive. */
  static Restored of(Archive archive, String file) throws ModelException {
    checkClasses(archive.configuration(), file);
    INDArray parameters =
        archive.coefficients().length == 0
            ? null
            : SerializedArray.read(archive.coefficients(), file + ": coefficients.bin");
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
    if (ESCAPED_ASCII.matcher(configuration).find()) {
      throw new ModelException(file + ": configuration.json hides letters behind escapes");
    }
    Set<String> foreign = new TreeSet<>();
    Matcher named = CLASS.matcher(configuration);
    while (named.find()) {
      String name = named.group(1);
      if (!name.startsWith("org.deeplearning4j.") && !name.startsWith("org.nd4j.")) {
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
    List<Stage> stages = new ArrayList<>();
    Set<String> names = new HashSet<>();
    String previous = "input";
    for (int i = 0; i < network.getnLayers(); i++) {
      Layer layer = network.getLayer(i);
      String name = unique(layer.conf().getLayer().getLayerName(), i, names);
      Optional<org.deeplearning4j.nn.conf.InputPreProcessor> before =
          Optional.ofNullable(conf.getInputPreProcess(i));
      stages.add(
          new Stage.OfLayer(
              name, List.of(previous), before, layer.conf().getLayer(), weights(layer)));
      previous = name;
    }
    return new Restored(List.of("input"), stages, List.of(previous), parameters);
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
    List<Stage> stages = new ArrayList<>();
    for (int index : network.topologicalSortOrder()) {
      String name = network.getVertices()[index].getVertexName();
      GraphVertex vertex = conf.getVertices().get(name);
      if (vertex != null) {
        stages.add(
            stage(name, conf.getVertexInputs().getOrDefault(name, List.of()), vertex, network));
      }
    }
    return new Restored(conf.getNetworkInputs(), stages, conf.getNetworkOutputs(), parameters);
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
      default -> new Stage.OfVertex(name, operands, vertex);
    };
  }

  private static Weights weights(Layer layer) {
    Map<String, INDArray> table = layer.paramTable();
    return table == null ? Weights.NONE : new Weights(table);
  }

  private static String rootMessage(Throwable e) {
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
