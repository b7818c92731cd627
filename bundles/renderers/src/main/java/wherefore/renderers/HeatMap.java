package wherefore.renderers;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import wherefore.render.Panel;
import wherefore.render.Scene;
import wherefore.render.Style;
import wherefore.tensor.Tensor;

/** Inputs and values as tiles, and the colour bar that they share. */
final class HeatMap implements Page.Body {
  private static final int TILES_A_ROW = 5;

  private final double unit;
  private final double gap;
  private final double head;
  private final Type type;
  private final Scale scale;
  private final ColorBar bar;
  private final Legend legend;
  private final List<Tile> tiles = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final int across;
  private final int tileWidth;
  private final int tileHeight;

  HeatMap(Scene scene, Style style) {
    unit = Page.unit(style);
    gap = 22 * unit;
    head = 24 * unit;
    type = new Type(Glyphs.REGULAR, 13.5 * unit);
    List<Grid> grids = scene.panels().stream().map(p -> Grid.of(p).orElseThrow()).toList();
    scale = Scale.of(grids.stream().map(Grid::values).toList(), style.percentile());
    legend = new Legend(scale, unit, "cell");
    addTiles(scene.panels(), grids, style);
    addNotes(scene.panels(), grids, style);
    across = Math.min(tiles.size(), TILES_A_ROW);
    tileWidth = tiles.stream().mapToInt(Tile::width).max().orElseThrow();
    tileHeight = tiles.stream().mapToInt(Tile::height).max().orElseThrow();
    bar = new ColorBar(scale, unit, tiles.get(0).height());
  }

  private void addTiles(List<Panel> panels, List<Grid> grids, Style style) {
    Optional<Tensor> shown = Optional.empty();
    for (int i = 0; i < panels.size(); i++) {
      Panel panel = panels.get(i);
      if (panel.picture().isPresent() && !panel.picture().equals(shown)) {
        tiles.add(Tile.input(panel.picture().get(), style));
        shown = panel.picture();
      }
      tiles.add(Tile.map(panel.title(), grids.get(i), panel.picture(), scale, style));
    }
  }

  private void addNotes(List<Panel> panels, List<Grid> grids, Style style) {
    int channels = grids.stream().mapToInt(Grid::channels).max().orElseThrow();
    if (channels > 1) {
      notes.add("Attributions are summed over the %d channels.".formatted(channels));
    }
    if (style.opacity() < 1 && panels.stream().anyMatch(p -> p.picture().isPresent())) {
      notes.add(
          "Colours lie over the input in light grey, %s%% opaque."
              .formatted(Numerals.of(100 * style.opacity())));
    }
    if (panels.size() > 1) {
      notes.add("All panels share one scale.");
    }
    notes.addAll(scale.notes());
  }

  private int down() {
    return (tiles.size() + across - 1) / across;
  }

  @Override
  public double width() {
    double all = across * (tileWidth + gap) + bar.width();
    return Math.max(all, legend.width());
  }

  @Override
  public double height() {
    return down() * (head + tileHeight) + (down() - 1) * gap + legend.height();
  }

  @Override
  public List<String> notes() {
    return notes;
  }

  @Override
  public void draw(Canvas canvas, double x, double y) {
    for (int i = 0; i < tiles.size(); i++) {
      double left = Math.round(x + i % across * (tileWidth + gap));
      double top = Math.round(y + i / across * (head + tileHeight + gap) + head);
      draw(canvas, tiles.get(i), left, top);
    }
    double left = Math.round(x + across * (tileWidth + gap));
    bar.draw(canvas, left, Math.round(y + head));
    legend.draw(canvas, x, y + height() - legend.height());
  }

  private void draw(Canvas canvas, Tile tile, double x, double y) {
    String title = type.shorten(tile.title(), tile.width());
    canvas.text(x, y - 0.6 * type.size(), title, type, Ink.TEXT, Canvas.Anchor.START);
    canvas.rectangle(x - 1, y - 1, tile.width() + 2, tile.height() + 2, Ink.LINE);
    canvas.cells(x, y, tile.width(), tile.height(), tile.columns(), tile.cells());
  }
}
