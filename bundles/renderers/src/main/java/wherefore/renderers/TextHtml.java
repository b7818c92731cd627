package wherefore.renderers;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.osgi.service.component.annotations.Component;
import wherefore.render.Panel;
import wherefore.render.ProvidesRenderer;
import wherefore.render.Renderer;
import wherefore.render.Scene;
import wherefore.render.Style;

/**
 * Texts with each token on the colour of its attribution, as one HTML file that needs no other; the
 * value appears under the pointer.
 */
@Component
@ProvidesRenderer(renderer = "text-html")
public final class TextHtml implements Renderer {
  private static final int STEPS = 9;

  @Override
  public String id() {
    return "text-html";
  }

  @Override
  public String mediaType() {
    return "text/html";
  }

  @Override
  public List<String> extensions() {
    return List.of("html");
  }

  @Override
  public boolean accepts(Scene scene) {
    return TextFlow.accepts(scene);
  }

  @Override
  public void render(Scene scene, Style style, OutputStream out) throws IOException {
    List<Runs> texts = scene.panels().stream().map(Runs::of).toList();
    Scale scale = Scale.of(texts.stream().map(Runs::values).toList(), style.percentile());
    StringBuilder html = new StringBuilder();
    html.append(
        """
        <!DOCTYPE html>
        <html><head><meta charset="utf-8"><title>%1$s</title><style>
        body{font:16px/2 'Open Sans',Helvetica,Arial,sans-serif;color:#1b1f24;margin:2em;max-width:50em}
        h1{font-size:1.2em}h2{font-size:.9em;font-weight:normal;color:#4a5058;margin:1.5em 0 0}
        p{margin:0;white-space:pre-wrap}small,.facts{font-size:.8em;color:#4a5058}
        span{padding:.2em .06em;border-radius:.2em}.added{font-size:.75em;padding:.2em .4em}
        </style></head><body><h1>%1$s</h1>
        """
            .formatted(escape(scene.title())));
    for (int i = 0; i < texts.size(); i++) {
      text(html, scene.panels().get(i), texts.get(i), scale);
    }
    legend(html, scale);
    scale.notes().forEach(n -> html.append("<div class=\"facts\">%s</div>\n".formatted(escape(n))));
    scene.facts().forEach(f -> html.append("<div class=\"facts\">%s</div>\n".formatted(escape(f))));
    out.write(html.append("</body></html>\n").toString().getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static void text(StringBuilder html, Panel panel, Runs runs, Scale scale) {
    html.append("<h2>%s</h2>\n<p>".formatted(escape(panel.title())));
    for (Runs.Run run : runs.runs()) {
      if (run.role() == Runs.Role.GAP) {
        html.append(escape(run.text()));
      } else {
        html.append(
            "<span%s title=\"%s\" style=\"%s\">%s</span>"
                .formatted(
                    run.role() == Runs.Role.ADDED ? " class=\"added\"" : "",
                    Numerals.of(run.value()),
                    colors(run.value(), scale),
                    escape(run.text())));
      }
    }
    html.append("</p>\n");
  }

  private static String colors(double value, Scale scale) {
    int back = Double.isFinite(value) ? scale.color(value) : Ink.of(scale, value, true);
    return String.format(Locale.ROOT, "background:#%06x;color:#%06x", back, Ink.readable(back));
  }

  private static void legend(StringBuilder html, Scale scale) {
    html.append("<p><small>");
    for (int i = 0; i < STEPS; i++) {
      double part = (double) i / (STEPS - 1);
      double value = scale.limit() * (scale.isSigned() ? 2 * part - 1 : part);
      boolean isMarked = i == 0 || i == STEPS - 1 || scale.isSigned() && i == STEPS / 2;
      html.append(
          "<span style=\"%s\">%s</span>"
              .formatted(colors(value, scale), isMarked ? Numerals.of(value) : "&emsp;"));
    }
    html.append("</small></p>\n");
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
