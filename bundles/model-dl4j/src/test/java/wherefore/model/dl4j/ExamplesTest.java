package wherefore.model.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.model.Preprocessing;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.Run;

/** The two models that DL4J trained for the distribution. */
final class ExamplesTest {
  private static final Path EXAMPLES = Path.of("../../distribution/examples");
  private static final List<String> DIGITS =
      List.of("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");

  @Test
  void theDigitsModelHasItsLayersByName() throws IOException {
    Model model = load("digits/digits.zip");
    assertEquals("digits", model.name());
    assertEquals("[input f32[batch,1,height,width]]", model.inputs().toString());
    assertEquals("[output f32[batch,10]]", model.outputs().toString());
    assertEquals(
        List.of("conv1", "norm1", "relu1", "conv2", "pool", "dense", "output"),
        List.copyOf(model.graph(Map.of("input", Shape.of(1, 1, 8, 8))).layers().keySet()));
  }

  @Test
  void theCardSaysTheSizeOfTheImage() throws IOException {
    Path file = EXAMPLES.resolve("digits/digits.zip");
    Model model = new Dl4jLoader().load(file, card(8, 8));
    assertEquals("[input f32[batch,1,8,8]]", model.inputs().toString());
    ModelException refusal =
        assertThrows(ModelException.class, () -> new Dl4jLoader().load(file, card(9, 12)));
    assertEquals(
        file
            + ": the input [input f32[batch,1,12,9]] does not fit the layers:"
            + " layer dense: expects [32,4,4] for each example, gets [32,6,5]:"
            + " has the input the size that the model was made for?",
        refusal.getMessage());
  }

  private static ModelCard card(int width, int height) {
    return ModelCard.EMPTY.orPreprocessing(
        new Preprocessing.Image(
            width,
            height,
            Preprocessing.Channels.GREY,
            Preprocessing.Layout.NCHW,
            List.of(1.0 / 255),
            List.of(0.0),
            List.of(1.0)));
  }

  @Test
  void theDigitsModelReadsEverySample() throws IOException {
    Model model = load("digits/digits.zip");
    for (int digit = 0; digit < DIGITS.size(); digit++) {
      Tensor image = image(EXAMPLES.resolve("digits").resolve(DIGITS.get(digit) + ".png"));
      Tensor output = Run.get(Ours.outputs(model, Map.of("input", image)), "output");
      assertTrue(output.get(digit) > 0.99, DIGITS.get(digit) + ": " + output);
    }
  }

  @Test
  void theNormalizerInTheZipBecomesPreprocessing() throws IOException {
    Model model = load("breast-cancer/breast-cancer.zip");
    assertEquals("[input f32[batch,30]]", model.inputs().toString());
    Preprocessing.Table table =
        assertInstanceOf(Preprocessing.Table.class, model.card().preprocessing().orElseThrow());
    assertEquals(14.117297, table.mean().getFirst(), 1e-6);
    assertEquals(3.5612607, table.deviation().getFirst(), 1e-6);
  }

  @Test
  void theBreastCancerModelTellsItsSamplesApart() throws IOException {
    Model model = load("breast-cancer/breast-cancer.zip");
    assertTrue(probability(model, "malignant.csv", 0) > 0.99);
    assertTrue(probability(model, "benign.csv", 1) > 0.99);
  }

  private static double probability(Model model, String sample, int output) throws IOException {
    Preprocessing.Table table = (Preprocessing.Table) model.card().preprocessing().orElseThrow();
    String row = Files.readAllLines(EXAMPLES.resolve("breast-cancer").resolve(sample)).get(1);
    double[] values = Arrays.stream(row.split(",")).mapToDouble(Double::parseDouble).toArray();
    for (int i = 0; i < values.length; i++) {
      values[i] = (values[i] - table.mean().get(i)) / table.deviation().get(i);
    }
    Tensor input = Tensor.of(Shape.of(1, values.length), values);
    return Run.get(Ours.outputs(model, Map.of("input", input)), "output").get(output);
  }

  private static Tensor image(Path file) throws IOException {
    Raster raster = ImageIO.read(file.toFile()).getRaster();
    double[] pixels = raster.getSamples(0, 0, 8, 8, 0, (double[]) null);
    return Tensor.of(Shape.of(1, 1, 8, 8), Arrays.stream(pixels).map(p -> p / 255).toArray());
  }

  private static Model load(String file) throws IOException {
    Dl4jLoader loader = new Dl4jLoader();
    assertTrue(loader.accepts(EXAMPLES.resolve(file)));
    return loader.load(EXAMPLES.resolve(file), ModelCard.EMPTY);
  }
}
