package wherefore.model.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.LocallyConnected1D;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.api.preprocessor.ImagePreProcessingScaler;
import org.nd4j.linalg.dataset.api.preprocessor.serializer.NormalizerSerializer;
import wherefore.graph.GraphException;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.tensor.Shape;

/** What can't be loaded is refused in one line that says what and where. */
final class RefusalTest {
  private static final Path DIGITS = Path.of("../../distribution/examples/digits/digits.zip");
  private static final Path CANCER =
      Path.of("../../distribution/examples/breast-cancer/breast-cancer.zip");

  @TempDir Path folder;

  @Test
  void aMissingFile() {
    Path file = folder.resolve("nowhere.zip");
    assertEquals(file + " is not there, or not a file", refusal(file));
    assertFalse(new Dl4jLoader().accepts(file));
  }

  @Test
  void aTruncatedZip() throws IOException {
    byte[] whole = Files.readAllBytes(DIGITS);
    Path file = Files.write(folder.resolve("cut.zip"), Arrays.copyOf(whole, whole.length / 2));
    String refusal = refusal(file);
    assertTrue(refusal.startsWith(file + " is not a whole zip ("), refusal);
    assertTrue(refusal.endsWith("): was it copied completely?"), refusal);
  }

  @Test
  void aZipOfSomethingElse() throws IOException {
    Path file = zip(Map.of("readme.txt", new byte[3]));
    assertEquals(
        file
            + " has no configuration.json: it is not a model that DL4J's ModelSerializer wrote;"
            + " its entries: [readme.txt]",
        refusal(file));
    assertFalse(new Dl4jLoader().accepts(file));
  }

  @Test
  void aZipOfTooManyEntries() throws IOException {
    Map<String, byte[]> entries = new TreeMap<>();
    for (int i = 0; i <= 10_000; i++) {
      entries.put("objects/" + i, new byte[0]);
    }
    Path file = zip(entries);
    assertEquals(file + " has 10,001 entries; a DL4J model has at most 10,000", refusal(file));
  }

  @Test
  void anEntryThatUnpacksToTooMuch() throws IOException {
    Path file = changed("configuration.json", new byte[(64 << 20) + 1]);
    assertEquals(
        file + ": configuration.json unpacks to more than 67,108,864 bytes", refusal(file));
  }

  @Test
  void parametersThatEndEarly() throws IOException {
    byte[] coefficients = entry(DIGITS, "coefficients.bin");
    Path file = changed("coefficients.bin", Arrays.copyOf(coefficients, coefficients.length - 1));
    assertEquals(
        file + ": coefficients.bin ends within an array: was the file cut off?", refusal(file));
  }

  @Test
  void parametersThatClaimToBeMore() throws IOException {
    byte[] coefficients = entry(DIGITS, "coefficients.bin").clone();
    int rank = 2 + coefficients[1] + 8 + 2 + "LONG".length();
    int firstExtent = rank + 8;
    coefficients[firstExtent + 7]++;
    Path file = changed("coefficients.bin", coefficients);
    String refusal = refusal(file);
    assertEquals(
        file + ": coefficients.bin has a shape of 21,611 elements, 21,610 are there", refusal);
  }

  @Test
  void parametersOfAnotherNetwork() throws IOException {
    Path file = changed("coefficients.bin", entry(CANCER, "coefficients.bin"));
    String refusal = refusal(file);
    assertTrue(refusal.startsWith(file + ": DL4J can't restore the network: "), refusal);
  }

  @Test
  void aConfigurationThatNamesForeignClasses() throws IOException {
    String json = new String(entry(DIGITS, "configuration.json"), StandardCharsets.UTF_8);
    String foreign = json.replace("org.nd4j.linalg.learning.config.Adam", "com.acme.Gadget");
    Path file = changed("configuration.json", foreign.getBytes(StandardCharsets.UTF_8));
    assertEquals(
        file
            + ": configuration.json names classes that are not DL4J's: com.acme.Gadget;"
            + " custom layers are not supported",
        refusal(file));
  }

  @Test
  void aConfigurationThatIsNoJson() throws IOException {
    Path file = changed("configuration.json", "[".repeat(100_000).getBytes(StandardCharsets.UTF_8));
    String refusal = refusal(file);
    assertEquals(file + ": configuration.json is nested deeper than 200 levels", refusal);
  }

  @Test
  void aCustomNormalizer() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeUTF("NORMALIZER");
      out.writeInt(1);
      out.writeUTF("CUSTOM");
      out.writeUTF("com.acme.Gadget");
    }
    Path file = changed("normalizer.bin", bytes.toByteArray());
    assertEquals(
        file
            + ": normalizer.bin holds a normalizer of the kind CUSTOM;"
            + " known: STANDARDIZE, MIN_MAX, IMAGE_MIN_MAX, IMAGE_VGG16, MULTI_STANDARDIZE, MULTI_MIN_MAX",
        refusal(file));
  }

  /** Says so when it is read. */
  private static final class Planted implements Serializable {
    private static final long serialVersionUID = 1;
    private static boolean read;

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      read = true;
    }
  }

  @Test
  void serializedJavaObjectsAreNotRead() throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new Planted());
    }
    byte[] planted = bytes.toByteArray();
    for (String entry : List.of("preprocessor.bin", "objects/planted", "updaterState.bin")) {
      Path file = changed(entry, planted);
      assertEquals(1, new Dl4jLoader().load(file, ModelCard.EMPTY).inputs().size(), entry);
    }
    for (String entry : List.of("normalizer.bin", "coefficients.bin", "configuration.json")) {
      Path file = changed(entry, planted);
      assertThrows(ModelException.class, () -> new Dl4jLoader().load(file, ModelCard.EMPTY), entry);
    }
    assertFalse(Planted.read);
    new ObjectInputStream(new ByteArrayInputStream(planted)).readObject();
    assertTrue(Planted.read);
  }

  @Test
  void anImageNormalizerWithoutASizeIsNotUsed() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    NormalizerSerializer.getDefault().write(new ImagePreProcessingScaler(-1, 1), bytes);
    Path file = changed("normalizer.bin", bytes.toByteArray());
    assertTrue(new Dl4jLoader().load(file, ModelCard.EMPTY).card().preprocessing().isEmpty());
  }

  @Test
  void everyGapAtOnce() throws IOException {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .list()
                .layer(new SimpleRnn.Builder().name("memory").nOut(3).hasLayerNorm(true).build())
                .layer(
                    new LocallyConnected1D.Builder()
                        .name("odd")
                        .nOut(3)
                        .kernelSize(2)
                        .dilation(2)
                        .build())
                .layer(new RnnOutputLayer.Builder().name("out").nOut(2).build())
                .setInputType(InputType.recurrent(2, 5))
                .build());
    network.init();
    Path file = folder.resolve("gaps.zip");
    ModelSerializer.writeModel(network, file.toFile(), false);
    String refusal = refusal(file);
    assertTrue(
        refusal.startsWith(
            file
                + ": not supported: memory (SimpleRnn with layer normalization, which DL4J can't run either),"
                + " odd (locally connected with dilation, which DL4J ignores);"
                + " supported layers: ActivationLayer, AutoEncoder, BatchNormalization, "),
        refusal);
  }

  @Test
  void anImageOfTheWrongSize() throws IOException {
    Model model = new Dl4jLoader().load(DIGITS, ModelCard.EMPTY);
    GraphException refusal =
        assertThrows(
            GraphException.class, () -> model.graph(Map.of("input", Shape.of(1, 1, 12, 12))));
    assertEquals(
        "layer dense: expects [32,4,4] for each example, gets [32,6,6]:"
            + " has the input the size that the model was made for?",
        refusal.getMessage());
  }

  @Test
  void strictWindowsThatAreNotWhole() throws IOException {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .list()
                .layer(
                    new ConvolutionLayer.Builder(3, 3)
                        .name("conv")
                        .nOut(2)
                        .stride(2, 2)
                        .convolutionMode(ConvolutionMode.Strict)
                        .build())
                .layer(new OutputLayer.Builder().nOut(2).build())
                .setInputType(InputType.convolutional(7, 7, 1))
                .build());
    network.init();
    Path file = folder.resolve("strict.zip");
    ModelSerializer.writeModel(network, file.toFile(), false);
    Model model = new Dl4jLoader().load(file, ModelCard.EMPTY);
    GraphException refusal =
        assertThrows(
            GraphException.class, () -> model.graph(Map.of("input", Shape.of(1, 1, 8, 8))));
    assertEquals(
        "layer conv: convolution mode Strict: windows reaching over 3 with stride 2 leave 1 of 8"
            + " elements over",
        refusal.getMessage());
  }

  private static String refusal(Path file) {
    ModelException refusal =
        assertThrows(ModelException.class, () -> new Dl4jLoader().load(file, ModelCard.EMPTY));
    return String.valueOf(refusal.getMessage());
  }

  /** The digits model with one entry replaced. */
  private Path changed(String entry, byte[] content) throws IOException {
    Map<String, byte[]> entries = entries(DIGITS);
    entries.put(entry, content);
    return zip(entries);
  }

  private static byte[] entry(Path file, String name) throws IOException {
    return Objects.requireNonNull(entries(file).get(name), name);
  }

  private static Map<String, byte[]> entries(Path file) throws IOException {
    Map<String, byte[]> entries = new TreeMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
      }
    }
    return entries;
  }

  private Path zip(Map<String, byte[]> entries) throws IOException {
    Path file = folder.resolve("changed.zip");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return file;
  }
}
