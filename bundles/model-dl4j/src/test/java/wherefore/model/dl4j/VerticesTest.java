package wherefore.model.dl4j;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.AttentionVertex;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.L2Vertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToCnnPreProcessor;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Vertices, and preprocessors between layers, do what DL4J's do. */
final class VerticesTest {
  @TempDir Path folder;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 5);
  }

  private static Layer dense(int width) {
    return new DenseLayer.Builder().nOut(width).activation(Activation.TANH).build();
  }

  private static Layer lstm(int width) {
    return new LSTM.Builder().nOut(width).activation(Activation.TANH).build();
  }

  private static Layer output() {
    return new OutputLayer.Builder().nOut(3).activation(Activation.SOFTMAX).build();
  }

  private static Layer outputs() {
    return new RnnOutputLayer.Builder().nOut(2).activation(Activation.SOFTMAX).build();
  }

  private void check(long seed, GraphBuilder graph, long[]... shapes) throws IOException {
    Compared c = new Compared(folder, seed);
    INDArray[] inputs = new INDArray[shapes.length];
    for (int i = 0; i < shapes.length; i++) {
      inputs[i] = c.values(shapes[i]);
    }
    c.check(Compared.built(graph), inputs);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void distances(long seed) throws IOException {
    GraphBuilder graph =
        Compared.graph()
            .addInputs("a", "b")
            .addLayer("da", dense(4), "a")
            .addLayer("db", dense(4), "b")
            .addVertex("na", new L2NormalizeVertex(), "da")
            .addVertex("distance", new L2Vertex(), "na", "db")
            .addVertex("frozen", new FrozenVertex(new ScaleVertex(1.5)), "distance")
            .addLayer("out", output(), "frozen")
            .setOutputs("out")
            .setInputTypes(InputType.feedForward(3), InputType.feedForward(2));
    check(seed, graph, new long[] {2, 3}, new long[] {2, 2});
  }

  /** Two inputs through one layer, as in siamese networks. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void stacks(long seed) throws IOException {
    GraphBuilder graph =
        Compared.graph()
            .addInputs("a", "b")
            .addVertex("stack", new StackVertex(), "a", "b")
            .addLayer("shared", dense(4), "stack")
            .addVertex("first", new UnstackVertex(0, 2), "shared")
            .addVertex("second", new UnstackVertex(1, 2), "shared")
            .addVertex("both", new MergeVertex(), "first", "second")
            .addLayer("out", output(), "both")
            .setOutputs("out")
            .setInputTypes(InputType.feedForward(3), InputType.feedForward(3));
    check(seed, graph, new long[] {2, 3}, new long[] {2, 3});
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void overSteps(long seed) throws IOException {
    GraphBuilder graph =
        Compared.graph()
            .addInputs("words", "context")
            .addVertex("back", new ReverseTimeSeriesVertex("words"), "words")
            .addLayer("memory", lstm(3), "back")
            .addVertex("last", new LastTimeStepVertex("words"), "memory")
            .addLayer("known", dense(2), "context")
            .addLayer("dense", dense(2), "last", "known")
            .addVertex("each", new DuplicateToTimeSeriesVertex("words"), "dense")
            .addLayer("again", lstm(3), "each", "words")
            .addLayer("out", outputs(), "again")
            .setOutputs("out")
            .setInputTypes(InputType.recurrent(2, 4), InputType.feedForward(3));
    check(seed, graph, new long[] {2, 2, 4}, new long[] {2, 3});
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void attention(long seed) throws IOException {
    boolean projected = seed % 2 == 0;
    AttentionVertex vertex =
        new AttentionVertex.Builder()
            .nInQueries(3)
            .nInKeys(3)
            .nInValues(projected ? 2 : 3)
            .nOut(projected ? 4 : 3)
            .nHeads(projected ? 2 : 1)
            .headSize(projected ? 2 : 0)
            .projectInput(projected)
            .weightInit(WeightInit.XAVIER)
            .build();
    GraphBuilder graph =
        Compared.graph()
            .addInputs("q", "k", "v")
            .addVertex("attention", vertex, "q", "k", "v")
            .addLayer("out", outputs(), "attention")
            .setOutputs("out")
            .setInputTypes(
                InputType.recurrent(3, 4),
                InputType.recurrent(3, 5),
                InputType.recurrent(projected ? 2 : 3, 5));
    check(
        seed,
        graph,
        new long[] {2, 3, 4},
        new long[] {2, 3, 5},
        new long[] {2, projected ? 2 : 3, 5});
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void otherForms(long seed) throws IOException {
    GraphVertex reshape = new ReshapeVertex(-1, 2, 3, 2);
    GraphBuilder graph =
        Compared.graph()
            .addInputs("a")
            .addLayer("dense", dense(12), "a")
            .addVertex("image", reshape, "dense")
            .addLayer("conv", new ConvolutionLayer.Builder(2, 2).nOut(2).build(), "image")
            .addLayer("out", output(), "conv")
            .setOutputs("out")
            .setInputTypes(InputType.feedForward(3));
    check(seed, graph, new long[] {2, 3});
  }

  /** A video: images at each step, then a memory. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void imagesAtEachStep(long seed) throws IOException {
    GraphBuilder graph =
        Compared.graph()
            .addInputs("video")
            .addVertex("images", new PreprocessorVertex(new RnnToCnnPreProcessor(3, 4, 2)), "video")
            .addLayer(
                "conv",
                new ConvolutionLayer.Builder(2, 2)
                    .nIn(2)
                    .nOut(2)
                    .activation(Activation.TANH)
                    .build(),
                "images")
            .addVertex("steps", new PreprocessorVertex(new CnnToRnnPreProcessor(2, 3, 2)), "conv")
            .addLayer("memory", new LSTM.Builder().nIn(12).nOut(3).build(), "steps")
            .addLayer("out", new RnnOutputLayer.Builder().nIn(3).nOut(2).build(), "memory")
            .setOutputs("out");
    check(seed, graph, new long[] {2, 24, 3});
  }
}
