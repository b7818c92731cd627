package wherefore.shell;

import java.util.List;
import wherefore.attribution.Explanation;
import wherefore.render.Style;

/** {@code why:render}. */
final class RenderCommand implements Command<RenderCommand.Arguments> {
  record Arguments(
      @Argument(
              value = "the explanation's document, as explain writes it",
              shows = "DOCUMENT",
              form = Argument.Form.PLACE,
              completes = Names.FILE)
          String document,
      @Argument(value = "where it is drawn or written", shows = "FILE", completes = Names.FILE)
          List<String> out,
      @Argument(
              value = "the longer side of a panel, in pixels",
              shows = "PIXELS",
              byDefault = "512")
          int size,
      @Argument(
              value = "of the heat map over the input, from 0 to 1",
              shows = "FRACTION",
              byDefault = "0.75")
          double opacity,
      @Argument(
              value = "of the absolute values that the colours' ends stand for, up to 100",
              shows = "PERCENT",
              byDefault = "100")
          double percentile,
      @Argument("machine-readable output") boolean json) {}

  @Override
  public Syntax<Arguments> syntax() {
    return new Syntax<>("render", "Draws a kept explanation again.", Arguments.class);
  }

  @Override
  public Object run(Arguments a, Desk desk) throws Exception {
    if (a.out().isEmpty()) {
      throw Failure.usage("render: --out FILE is missing; usage: " + syntax().usage());
    }
    Style style = style(a);
    Outputs outputs = new Outputs(desk, a.out());
    Explanation explanation = desk.document(a.document());
    List<Outputs.Written> files =
        outputs.write(
            explanation,
            Scenes.of(
                explanation,
                Scenes.reread(explanation, desk.models()),
                desk.info(explanation.request().method())),
            style);
    return a.json()
        ? new Json(files)
        : new Listing<>(
            files,
            "",
            List.of(
                Listing.column("WRITTEN", Outputs.Written::kind),
                Listing.column("FILE", Outputs.Written::path)));
  }

  private static Style style(Arguments a) {
    try {
      return new Style(a.size(), a.opacity(), a.percentile());
    } catch (IllegalArgumentException e) {
      throw Failure.usage("render: " + e.getMessage());
    }
  }
}
