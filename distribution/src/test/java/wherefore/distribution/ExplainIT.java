package wherefore.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wherefore.distribution.Command.Outcome;
import wherefore.tensor.Npy;
import wherefore.tensor.Tensor;

/** The README's commands, as processes. */
class ExplainIT {
  private static final Path EXAMPLES = Path.of("examples").toAbsolutePath();
  private static final String SEVEN = EXAMPLES.resolve("digits/seven.png").toString();

  @TempDir static Path state = Path.of("");
  @TempDir Path directory = Path.of("");

  private static Outcome run(Object... arguments) throws Exception {
    String[] words = Stream.of(arguments).map(Object::toString).toArray(String[]::new);
    return Command.wherefore(state, words).run(Duration.ofMinutes(2));
  }

  private static Outcome succeed(Object... arguments) throws Exception {
    Outcome outcome = run(arguments);
    assertEquals(0, outcome.exitCode(), outcome.toString());
    assertEquals("", outcome.errors());
    return outcome;
  }

  private static String line(Outcome outcome, String name) {
    return outcome
        .output()
        .lines()
        .filter(l -> l.startsWith(name + " "))
        .map(l -> l.substring(name.length()).strip())
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line " + name + " in " + outcome.output()));
  }

  @Test
  void plansSayWhatRuns() throws Exception {
    String plan = succeed("plan", "digits", "--rows", "8", "--gradient").output();
    assertTrue(plan.startsWith("MS "), plan);
    assertTrue(plan.contains("conv jit:") || plan.contains("conv brg"), plan);
    assertTrue(plan.contains(" ms for 8 rows with gradient on cpu ("), plan);
  }

  @Test
  void explainsASevenAndComputesItAgain() throws Exception {
    Path picture = directory.resolve("seven.png");
    Path values = directory.resolve("seven.npy");
    Path document = directory.resolve("seven.json");
    Outcome outcome =
        succeed("explain", "digits", SEVEN, "--out", picture, "--out", values, "--out", document);
    assertTrue(line(outcome, "prediction").startsWith("7: probability 1"), outcome.output());
    assertEquals(picture.toString(), line(outcome, "picture"));
    double change =
        Double.parseDouble(line(outcome, "output"))
            - Double.parseDouble(line(outcome, "output-at-baseline"));
    double residual = Double.parseDouble(line(outcome, "residual"));
    assertTrue(Math.abs(residual) <= 1e-3 * Math.abs(change), outcome.output());

    Tensor attribution = Npy.read(values);
    assertArrayEquals(new int[] {1, 1, 8, 8}, attribution.shape().dims());
    double sum = 0;
    for (double v : attribution.toDoubles()) {
      sum += v;
    }
    assertEquals(change + residual, sum, 1e-3);
    BufferedImage image = ImageIO.read(picture.toFile());
    assertTrue(image.getWidth() > 500 && image.getHeight() > 500);

    succeed("replay", document);
    Path again = directory.resolve("again.png");
    succeed("render", document, "--out", again);
    assertArrayEquals(Files.readAllBytes(picture), Files.readAllBytes(again));
  }

  @Test
  void bothFormsOfTheModelAnswerAlike() throws Exception {
    Path onnx = directory.resolve("onnx.npy");
    Path dl4j = directory.resolve("dl4j.npy");
    succeed("explain", EXAMPLES.resolve("digits/digits.onnx"), SEVEN, "--out", onnx);
    succeed("explain", EXAMPLES.resolve("digits/digits.zip"), SEVEN, "--out", dl4j);
    assertArrayEquals(Npy.read(onnx).toDoubles(), Npy.read(dl4j).toDoubles(), 1e-9);
  }

  @Test
  void aTableRowAndALabelledTarget() throws Exception {
    Path row = EXAMPLES.resolve("breast-cancer/malignant.csv");
    Path picture = directory.resolve("why.png");
    Outcome outcome =
        succeed("explain", "breast-cancer", row, "--target", "malignant", "--out", picture);
    assertTrue(line(outcome, "prediction").startsWith("malignant"), outcome.output());
    assertTrue(Files.size(picture) > 1000);
  }

  @Test
  void badInputIsOneLineAndLeavesNothingBehind() throws Exception {
    Path picture = directory.resolve("never.png");
    Path cut = directory.resolve("cut.onnx");
    byte[] whole = Files.readAllBytes(EXAMPLES.resolve("digits/digits.onnx"));
    Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
    refused("no such file", "explain", "digits", directory.resolve("none.png"), "--out", picture);
    refused("is not a whole ONNX file", "explain", cut, SEVEN, "--out", picture);
    refused(
        "no method is named nope; known: ablation-cam, ",
        "explain",
        "digits",
        SEVEN,
        "--method",
        "nope",
        "--out",
        picture);
    refused(
        "option steps is -1; it must be a whole number from 0 to 1000000",
        "explain",
        "digits",
        SEVEN,
        "--option",
        "steps=-1",
        "--out",
        picture);
    assertFalse(Files.exists(picture));
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(cut), left.toList());
    }
  }

  private static void refused(String text, Object... arguments) throws Exception {
    Outcome outcome = run(arguments);
    assertEquals(1, outcome.exitCode(), outcome.toString());
    assertEquals(1, outcome.errors().lines().count(), outcome.errors());
    assertTrue(outcome.errors().contains(text), outcome.errors());
    assertEquals("", outcome.output());
  }

  @Test
  void conformanceSaysWhatPassedAndWhatIsNotThere() throws Exception {
    Path source = Path.of("../bundles/testkit/src/main/resources/golden/mlp_relu");
    Path golden = Files.createDirectories(directory.resolve("golden/mlp_relu"));
    for (String file : List.of("model.onnx", "input.npy", "gradient.json", "gradient.npy")) {
      Files.copy(source.resolve(file), golden.resolve(file));
    }
    String gradient = Files.readString(source.resolve("gradient.json"));
    Files.writeString(
        golden.resolve("tomorrow.json"),
        gradient.replace("\"method\": \"gradient\"", "\"method\": \"method-of-tomorrow\""));
    Outcome outcome = succeed("conformance", golden);
    String last = outcome.output().lines().reduce("", (a, b) -> b);
    assertEquals("1 passed, 0 failed, 1 unsupported", last, outcome.output());
  }
}
