package wherefore.renderers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import wherefore.render.Panel;
import wherefore.render.Renderer;
import wherefore.render.Scene;
import wherefore.render.Style;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

class RenderersTest {
  private static final Style PURE = new Style(64, 1, 100);

  private static Panel panel(Shape shape, double... values) {
    return new Panel("p", Tensor.of(shape, values), Optional.empty(), List.of());
  }

  private static Scene scene(Panel... panels) {
    return new Scene("title <&>", List.of(panels), List.of("a fact"));
  }

  private static byte[] bytes(Renderer renderer, Scene scene, Style style) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    renderer.render(scene, style, out);
    return out.toByteArray();
  }

  /** All texts of the picture, as the SVG form has them. */
  private static List<String> texts(Renderer renderer, Scene scene, Style style) throws Exception {
    Document svg =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(bytes(renderer, scene, style)));
    NodeList nodes = svg.getElementsByTagName("text");
    return IntStream.range(0, nodes.getLength())
        .mapToObj(i -> nodes.item(i).getTextContent())
        .toList();
  }

  private static Tile tile(Panel panel, Style style) {
    Grid grid = Grid.of(panel).orElseThrow();
    Scale scale = Scale.of(List.of(grid.values()), style.percentile());
    return Tile.map("", grid, panel.picture(), scale, style);
  }

  private static int[] colors(ColorMap map, double... parts) {
    return Arrays.stream(parts).mapToInt(map::rgb).toArray();
  }

  @Test
  void signedValuesDivergeFromNeutralAtZero() {
    Tile tile = tile(panel(Shape.of(1, 1, 2, 2), -4, 0, 2, 1), PURE);
    assertArrayEquals(colors(ColorMap.DIVERGING, -1, 0, 0.5, 0.25), tile.cells());
    assertEquals(2, tile.columns());
    assertEquals(64, tile.width());
  }

  @Test
  void unsignedValuesRiseFromZero() {
    Tile tile = tile(panel(Shape.of(1, 2, 2), 4, 0, 2, 1), PURE);
    assertArrayEquals(colors(ColorMap.SEQUENTIAL, 1, 0, 0.5, 0.25), tile.cells());
  }

  @Test
  void channelsAreSummedInBothLayouts() throws Exception {
    Panel first = panel(Shape.of(1, 3, 1, 2), 1, 2, 10, 20, 100, 200);
    assertArrayEquals(new double[] {111, 222}, Grid.of(first).orElseThrow().values());
    Panel last = panel(Shape.of(1, 1, 2, 3), 1, 10, 100, 2, 20, 200);
    Tensor picture = Tensor.zeros(ElementType.FLOAT32, Shape.of(1, 2, 3));
    Panel pictured = new Panel("p", last.values(), Optional.of(picture), List.of());
    assertArrayEquals(new double[] {111, 222}, Grid.of(pictured).orElseThrow().values());
    assertTrue(
        texts(new HeatMapSvg(), scene(first), PURE)
            .contains("Attributions are summed over the 3 channels."));
  }

  @Test
  void panelsShareOneScaleThatIsPrinted() throws Exception {
    Scene scene = scene(panel(Shape.of(1, 1, 2), -1, 0.5), panel(Shape.of(1, 1, 2), 0.25, 4));
    List<String> texts = texts(new HeatMapSvg(), scene, Style.DEFAULT);
    assertTrue(texts.containsAll(List.of("4", "2", "0", "−2", "−4")), texts.toString());
    assertTrue(texts.contains("All panels share one scale."));
    assertTrue(texts.containsAll(List.of("title <&>", "a fact")), texts.toString());
    assertEquals(
        0.25 / 4, Scale.of(List.of(new double[] {-1}, new double[] {0.25, 4}), 100).part(0.25));
  }

  @Test
  void clippingIsNamed() throws Exception {
    double[] values = IntStream.rangeClosed(1, 100).mapToDouble(i -> i).toArray();
    values[99] = 1e6;
    List<String> texts =
        texts(new HeatMapSvg(), scene(panel(Shape.of(1, 10, 10), values)), new Style(512, 1, 98));
    assertTrue(texts.contains("≥ 98"), texts.toString());
    String all = String.join(" ", texts);
    assertTrue(
        all.contains(
            "The scale ends at percentile 98 of the absolute values; 2 larger ones have the end's"
                + " colour."),
        all);
  }

  @Test
  void allZeroIsSaid() throws Exception {
    List<String> texts =
        texts(new HeatMapSvg(), scene(panel(Shape.of(1, 2, 2), 0, -0.0, 0, 0)), Style.DEFAULT);
    assertTrue(texts.contains("All values are exactly 0."), texts.toString());
    Tile tile = tile(panel(Shape.of(1, 2, 2), 0, -0.0, 0, 0), PURE);
    assertTrue(Arrays.stream(tile.cells()).allMatch(c -> c == 0xf6f6f6));
  }

  @Test
  void whatIsNotFiniteIsAPatternAndNamed() throws Exception {
    Panel odd =
        panel(
            Shape.of(1, 2, 2), Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -3);
    Tile tile = tile(odd, PURE);
    assertEquals(4, tile.columns());
    int red = ColorMap.DIVERGING.rgb(1);
    int blue = ColorMap.DIVERGING.rgb(-1);
    assertArrayEquals(
        new int[] {
          Ink.PAPER,
          Ink.NAN,
          Ink.INFINITE,
          red,
          Ink.NAN,
          Ink.PAPER,
          red,
          Ink.INFINITE,
          Ink.INFINITE,
          blue,
          blue,
          blue,
          blue,
          Ink.INFINITE,
          blue,
          blue
        },
        tile.cells());
    List<String> texts = texts(new HeatMapSvg(), scene(odd), Style.DEFAULT);
    assertTrue(texts.containsAll(List.of("NaN: 1 cell", "+∞: 1 cell", "−∞: 1 cell")), texts + "");
  }

  @Test
  void colorsLieOverTheGreyPicture() {
    Tensor picture = Tensor.of(Shape.of(1, 2, 3), 0f, 0, 0, 1, 1, 1);
    Panel panel =
        new Panel("p", Tensor.of(Shape.of(1, 1, 2), 0.0, 0), Optional.of(picture), List.of());
    int[] cells = tile(panel, new Style(64, 0.5, 100)).cells();
    assertArrayEquals(new int[] {0xbbbbbb, 0xfbfbfb}, cells);
  }

  @Test
  void cellsAreCrispInThePng() throws Exception {
    double[] values = new double[64];
    values[9] = 1;
    values[10] = -1;
    Scene scene = scene(panel(Shape.of(1, 1, 8, 8), values));
    BufferedImage image =
        ImageIO.read(
            new ByteArrayInputStream(bytes(new HeatMapPng(), scene, new Style(512, 1, 100))));
    int[] reds = new int[2];
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < 540; x++) {
        int rgb = image.getRGB(x, y) & 0xffffff;
        reds[0] += rgb == ColorMap.DIVERGING.rgb(1) ? 1 : 0;
        reds[1] += rgb == ColorMap.DIVERGING.rgb(-1) ? 1 : 0;
      }
    }
    assertArrayEquals(new int[] {64 * 64, 64 * 64}, reds);
  }

  @Test
  void theSameSceneGivesTheSameBytes() throws Exception {
    Scene scene = scene(panel(Shape.of(1, 3), -1, 2, 3));
    for (Renderer renderer : List.of(new BarsPng(), new BarsSvg())) {
      assertArrayEquals(
          bytes(renderer, scene, Style.DEFAULT), bytes(renderer, scene, Style.DEFAULT));
    }
  }

  @Test
  void theLargestFeaturesAreNamedAndTheRestSummed() throws Exception {
    double[] values = IntStream.range(0, 25).mapToDouble(i -> i % 2 == 0 ? i : -i).toArray();
    List<String> names = IntStream.range(0, 25).mapToObj(i -> "f" + i).toList();
    Panel panel = new Panel("p", Tensor.of(Shape.of(1, 25), values), Optional.empty(), names);
    List<Bars.Bar> bars = Bars.of(panel).bars();
    assertEquals(new Bars.Bar("f24", 24, false), bars.get(0));
    assertEquals(new Bars.Bar("f5", -5, false), bars.get(19));
    assertEquals(new Bars.Bar("sum of 5 others", 2, true), bars.get(20));
    assertEquals(21, bars.size());
    List<String> texts = texts(new BarsSvg(), scene(panel), Style.DEFAULT);
    assertTrue(texts.containsAll(List.of("f24", "−23", "sum of 5 others", "−24")), texts + "");
  }

  @Test
  void tokensAreSummedOverTheirComponents() throws Exception {
    Panel tokens =
        new Panel(
            "p",
            Tensor.of(Shape.of(1, 2, 2), 1.0, 2, -4, -5),
            Optional.empty(),
            List.of("why", "not"));
    assertArrayEquals(new double[] {3, -9}, Bars.values(tokens));
    assertTrue(new BarsPng().accepts(scene(tokens)));
    assertTrue(
        texts(new BarsSvg(), scene(tokens), PURE)
            .contains("Attributions are summed over the 2 components."));
  }

  @Test
  void oddBarsAreNamed() throws Exception {
    Panel odd = panel(Shape.of(1, 3), Double.NaN, 1, Double.NEGATIVE_INFINITY);
    List<String> texts = texts(new BarsSvg(), scene(odd), Style.DEFAULT);
    assertTrue(
        texts.containsAll(List.of("NaN", "−∞", "Not finite: NaN in 1, −∞ in 1.")), texts + "");
  }

  @Test
  void eachSceneHasItsRenderer() {
    List<Scene> planes =
        List.of(
            scene(panel(Shape.of(1, 1, 2, 2), 1, 2, 3, 4)), scene(panel(Shape.of(1, 1, 2), 1, 2)));
    List<Scene> features =
        List.of(scene(panel(Shape.of(1, 2), 1, 2)), scene(panel(Shape.of(1, 50), new double[50])));
    List<Scene> others = new ArrayList<>();
    others.add(scene(panel(Shape.of(2, 1), 1, 2)));
    others.add(scene(panel(Shape.of(1), 1)));
    others.add(scene(panel(Shape.of(1, 0))));
    others.add(scene(panel(Shape.of(1, 2), 1, 2), panel(Shape.of(1, 1, 2), 1, 2)));
    planes.forEach(s -> assertTrue(new HeatMapPng().accepts(s) && !new BarsPng().accepts(s)));
    features.forEach(s -> assertTrue(new BarsPng().accepts(s) && !new HeatMapPng().accepts(s)));
    others.forEach(s -> assertFalse(new BarsPng().accepts(s) || new HeatMapPng().accepts(s)));
    assertEquals(
        "values [[2,1]] are not drawn; [1,row,column], [1,channel,row,column] and [1,feature] are",
        assertThrows(
                IllegalArgumentException.class,
                () -> bytes(new BarsPng(), others.get(0), Style.DEFAULT))
            .getMessage());
  }

  @Test
  void extremeSizesAreDrawn() throws Exception {
    Scene wide = scene(panel(Shape.of(1, 1, 3000), new double[3000]));
    Scene signal = scene(panel(Shape.of(1, 5000), new double[5000]));
    for (Style style : List.of(new Style(16, 0, 0.1), Style.DEFAULT)) {
      assertTrue(bytes(new HeatMapPng(), wide, style).length > 100);
      assertTrue(bytes(new BarsPng(), signal, style).length > 100);
    }
  }

  @Test
  void numbersHaveThreeDigits() {
    List<String> texts =
        IntStream.range(0, 9)
            .mapToObj(
                i ->
                    Numerals.of(
                        new double[] {
                              0, 1, -0.12345, 1234.5, 99999, 1e5, -1.5e-7, 1e300, Double.NaN
                            }
                            [i]))
            .toList();
    assertEquals(
        List.of("0", "1", "−0.123", "1230", "100000", "1e5", "−1.5e−7", "1e300", "NaN"), texts);
  }

  @Test
  void everyCharacterIsDrawnSomehow() {
    assertTrue(Glyphs.REGULAR.outline("Ωж−é").getBounds2D().getWidth() > 1);
    assertFalse(Glyphs.SEMIBOLD.outline("\u7B2C\uFFFF").getBounds2D().isEmpty());
    Type type = new Type(Glyphs.REGULAR, 10);
    assertEquals(List.of("aa bb", "cc"), type.wrap("aa bb cc", type.width("aa bb c")));
    assertEquals("averyl…", type.shorten("averylongword", type.width("averyl…")));
  }
}
