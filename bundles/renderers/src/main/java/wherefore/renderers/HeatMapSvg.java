package wherefore.renderers;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.osgi.service.component.annotations.Component;
import wherefore.render.ProvidesRenderer;
import wherefore.render.Renderer;
import wherefore.render.Scene;
import wherefore.render.Style;

/** Values over a plane, beside and over the picture, as SVG. */
@Component
@ProvidesRenderer(renderer = "heatmap-svg")
public final class HeatMapSvg implements Renderer {
  @Override
  public String id() {
    return "heatmap-svg";
  }

  @Override
  public String mediaType() {
    return "image/svg+xml";
  }

  @Override
  public List<String> extensions() {
    return List.of("svg");
  }

  @Override
  public boolean accepts(Scene scene) {
    return Kind.of(scene) == Kind.PLANES;
  }

  @Override
  public void render(Scene scene, Style style, OutputStream out) throws IOException {
    new Page(scene, style, Kind.of(scene).body(scene, style)).draw(SvgCanvas::new, out);
  }
}
