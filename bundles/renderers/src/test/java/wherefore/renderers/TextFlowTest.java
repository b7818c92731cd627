package wherefore.renderers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import wherefore.model.Passage;
import wherefore.model.Passage.Token;
import wherefore.render.Panel;
import wherefore.render.Renderer;
import wherefore.render.Scene;
import wherefore.render.Style;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

class TextFlowTest {
  private static final Passage PASSAGE =
      new Passage(
          "Not a <bad> film é",
          List.of(
              new Token("[CLS]", 0, 0),
              new Token("not", 0, 3),
              new Token("a", 4, 5),
              new Token("<", 6, 7),
              new Token("bad", 7, 10),
              new Token(">", 10, 11),
              new Token("film", 12, 16),
              new Token("Ã", 17, 18),
              new Token("ī", 17, 18),
              new Token("[SEP]", 18, 18),
              new Token("[PAD]", 18, 18),
              new Token("[PAD]", 18, 18)));

  private static Scene scene(double... perToken) {
    double[] both = new double[2 * perToken.length];
    for (int i = 0; i < perToken.length; i++) {
      both[2 * i] = perToken[i] - 1;
      both[2 * i + 1] = 1;
    }
    Tensor values = Tensor.of(Shape.of(1, perToken.length, 2), both);
    Panel panel =
        new Panel(
            "attribution to words",
            values,
            Optional.empty(),
            PASSAGE.names(),
            Optional.of(PASSAGE));
    return new Scene("film: gradient", List.of(panel), List.of("target good"));
  }

  private static final Scene SCENE = scene(0.5, 4, 0, -1, -4, -1, 1, 0.25, 0.5, 0, 2, 3);

  @Test
  void theRunsAreTheTextAndTheAddedTokens() {
    List<Runs.Run> runs = Runs.of(SCENE.panels().get(0)).runs();
    assertEquals(
        List.of(
            "[CLS]",
            "Not",
            " ",
            "a",
            " ",
            "<",
            "bad",
            ">",
            " ",
            "film",
            " ",
            "é",
            "[SEP]",
            "[PAD] × 2"),
        runs.stream().map(Runs.Run::text).toList());
    assertEquals(4, runs.get(1).value());
    assertEquals(0.75, runs.get(11).value(), 1e-12);
    assertEquals(5, runs.get(13).value());
  }

  @Test
  void htmlColoursEachTokenAndTellsItsValue() throws IOException {
    String html = drawn(new TextHtml(), SCENE);
    assertTrue(html.contains("title=\"4\""), html);
    assertTrue(html.contains(">&lt;</span><span"), html);
    assertFalse(html.contains("<bad>"), html);
    assertTrue(html.contains(">−5</span>"), html);
    assertTrue(html.contains("target good"), html);
    int strongest = ColorMap.DIVERGING.rgb(-0.8);
    assertTrue(
        html.contains(String.format("title=\"−4\" style=\"background:#%06x", strongest)), html);
  }

  @Test
  void aTextIsDrawnInLinesThatFit() throws IOException {
    byte[] png = bytes(new BarsPng(), SCENE);
    assertEquals(800, ImageIO.read(new ByteArrayInputStream(png)).getWidth(), 150);
    String svg = drawn(new BarsSvg(), SCENE);
    assertTrue(svg.contains(">Not</text>"), svg);
    assertTrue(svg.contains("Attributions are summed over the 2 components of a token."), svg);
    int strongest = ColorMap.DIVERGING.rgb(0.8);
    assertTrue(svg.contains(String.format("fill=\"#%06x\"", strongest)), svg);
  }

  @Test
  void longTextsBreakAtBlanksAndLongWordsAnywhere() throws IOException {
    StringBuilder text = new StringBuilder();
    List<Token> tokens = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      String word = i == 30 ? "x".repeat(300) : "word" + i;
      tokens.add(new Token(word, text.length(), text.length() + word.length()));
      text.append(word).append(i % 20 == 19 ? "\n" : " ");
    }
    Passage passage = new Passage(text.toString(), tokens);
    Tensor values = Tensor.of(Shape.of(1, 60), new double[60]);
    Panel panel =
        new Panel("words", values, Optional.empty(), passage.names(), Optional.of(passage));
    String svg = drawn(new BarsSvg(), new Scene("long", List.of(panel), List.of()));
    assertTrue(svg.contains(">word59</text>") && svg.contains("xxx…</text>"), svg);
  }

  @Test
  void notANumberIsMarked() throws IOException {
    Scene scene = scene(Double.NaN, 4, 0, -1, -4, -1, 1, 0.25, 0.5, 0, 2, 3);
    assertTrue(drawn(new BarsSvg(), scene).contains("NaN: 1 token"));
    assertTrue(drawn(new TextHtml(), scene).contains("title=\"NaN\""));
  }

  private static String drawn(Renderer renderer, Scene scene) throws IOException {
    return new String(bytes(renderer, scene), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(Renderer renderer, Scene scene) throws IOException {
    assertTrue(renderer.accepts(scene));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    renderer.render(scene, Style.DEFAULT, out);
    return out.toByteArray();
  }
}
