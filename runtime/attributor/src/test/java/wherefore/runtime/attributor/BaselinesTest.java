package wherefore.runtime.attributor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wherefore.attribution.Baseline;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.Preprocessing;
import wherefore.tensor.Npy;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

class BaselinesTest {
  @TempDir Path folder;

  private Tensor of(Baseline baseline, Tensor value, long seed) {
    return Baselines.of(baseline, model(null), "x", value, new Seeds(seed));
  }

  @Test
  void plainOnes() {
    Tensor x = Networks.row(1, 2, 3);
    assertEquals(Networks.row(0, 0, 0), of(new Baseline.Zero(), x, 0));
    assertEquals(Networks.row(0.5f, 0.5f, 0.5f), of(new Baseline.Constant(0.5), x, 0));
    Tensor two = Tensor.of(Shape.of(2, 3), 1.0, 2, 3, 4, 5, 6);
    assertEquals(
        Tensor.of(Shape.of(2, 3), 1f, 2, 3, 4, 5, 6), of(new Baseline.Given(two, "two"), x, 0));
  }

  @Test
  void channelsThatComeLastAreNotBlurred() {
    Model plain = model(null);
    Preprocessing.Image image =
        new Preprocessing.Image(
            5,
            4,
            Preprocessing.Channels.RGB,
            Preprocessing.Layout.NHWC,
            List.of(1.0),
            List.of(0.0),
            List.of(1.0));
    Model last =
        new Model(
            "last",
            "test",
            "",
            "",
            plain.card().withPreprocessing(image),
            plain.inputs(),
            plain.outputs(),
            plain.network());
    assertEquals(List.of(1, 2), last.plane("x", Shape.of(1, 4, 5, 3)));
    assertEquals(List.of(2, 3), last.plane("conv1", Shape.of(1, 3, 4, 5)), "a layer");
    assertEquals(List.of(2, 3), plain.plane("x", Shape.of(1, 3, 4, 5)));
    assertEquals(List.of(), last.plane("x", Shape.of(1, 7)));
    double[] values = new double[4 * 5 * 3];
    values[(2 * 5 + 2) * 3 + 1] = 1; // one point in the second channel
    Tensor x = Tensor.of(Shape.of(1, 4, 5, 3), values);
    double[] blurred =
        Baselines.of(new Baseline.Blurred(0.8), last, "x", x, new Seeds(0)).toDoubles();
    for (int i = 0; i < blurred.length; i++) {
      assertEquals(i % 3 == 1, blurred[i] > 0, "element " + i);
    }
  }

  @Test
  void theMeanOfADataSetIsOneBaseline() {
    Tensor two = Tensor.of(Shape.of(2, 3), 1f, 2, 3, 4, 5, 6.5f);
    Baseline.Given mean = new Baseline.Given(two, "two").mean();
    assertEquals("mean(two)", mean.text());
    assertEquals(Networks.row(2.5f, 3.5f, 4.75f), mean.value());
  }

  @Test
  void drawnOnesDependOnTheSeedAlone() {
    Tensor x = Tensor.zeros(Networks.F32, Shape.of(1, 1000));
    Tensor noise = of(new Baseline.Gaussian(2, 10), x, 7);
    assertEquals(Shape.of(10, 1000), noise.shape());
    assertEquals(noise, of(new Baseline.Gaussian(2, 10), x, 7));
    assertNotEquals(noise, of(new Baseline.Gaussian(2, 10), x, 8));
    double variance = Arrays.stream(noise.toDoubles()).map(v -> v * v).average().orElse(0);
    assertEquals(4, variance, 0.25, "10000 draws, seed 7");
    double[] uniform = of(new Baseline.Uniform(-1, 3, 10), x, 7).toDoubles();
    assertTrue(Arrays.stream(uniform).allMatch(v -> v >= -1 && v < 3));
    assertEquals(1, Arrays.stream(uniform).average().orElse(0), 0.1, "seed 7");
  }

  @Test
  void blurOfAnImageIsOverItsRowsAndColumns() {
    double[] values = new double[2 * 11 * 11];
    values[5 * 11 + 5] = 1; // one point in the first channel
    Tensor image = Tensor.of(Shape.of(1, 2, 11, 11), values);
    double[] blurred = of(new Baseline.Blurred(0.8), image, 0).toDoubles();
    double g1 = Math.exp(-1 / (2 * 0.64));
    assertEquals(g1, blurred[5 * 11 + 6] / blurred[5 * 11 + 5], 1e-12);
    assertEquals(g1 * g1, blurred[4 * 11 + 6] / blurred[5 * 11 + 5], 1e-12);
    assertEquals(1, Arrays.stream(blurred).limit(121).sum(), 1e-3);
    assertTrue(Arrays.stream(blurred).skip(121).allMatch(v -> v == 0), "channels are apart");
  }

  @Test
  void blurLeavesAConstantAsItIsUpToTheEdge() {
    Tensor flat = Tensor.full(Networks.F32, Shape.of(1, 12), 3);
    double[] expected = new double[12];
    Arrays.fill(expected, 3);
    assertArrayEquals(expected, of(new Baseline.Blurred(2.5), flat, 0).toDoubles(), 1e-6);
  }

  @Test
  void theDefaultIsWhatTheCardSays() throws Exception {
    assertEquals(new Baseline.Zero(), Baselines.resolve(new Baseline.Default(), model(null)));
    assertEquals(
        new Baseline.Constant(0.5),
        Baselines.resolve(new Baseline.Default(), model("constant(0.5)")));
    Files.write(folder.resolve("mean.npy"), Npy.write(Networks.row(1, 2, 3)));
    assertEquals(
        new Baseline.Given(Networks.row(1, 2, 3), "mean.npy"),
        Baselines.resolve(new Baseline.Default(), model("mean.npy")));
    Baseline asked = new Baseline.Blurred(1);
    assertEquals(asked, Baselines.resolve(asked, model("constant(0.5)")));
  }

  private Model model(@Nullable String baseline) {
    Model m = Networks.classifier();
    ModelCard card =
        new ModelCard(
            "", "", "", "", Optional.empty(), List.of(), List.of(), Optional.ofNullable(baseline));
    String source = folder.resolve("animals.onnx").toString();
    return new Model("animals", "test", "", source, card, m.inputs(), m.outputs(), m.network());
  }
}
